# SPDX-License-Identifier: MIT
"""Functions that answer as the program does with --json: the same object for the same input, exact integers as ints, and the same refusals."""
import json
import subprocess
from fractions import Fraction

import gapwright as gw
import pytest
from support import DATA, PROGRAM, program

FORMULA = next(DATA.glob("*/uf20-01.cnf"))


def answer(*arguments):
    return json.loads(program(*arguments, "--json"))


def without(answer, *keys):
    """The answer without these keys, such as times, wherever they are."""
    if isinstance(answer, dict):
        return {key: without(value, *keys) for key, value in answer.items() if key not in keys}
    return [without(value, *keys) for value in answer] if isinstance(answer, list) else answer


def as_json_writes(answer):
    """Integers beyond 2^53 as text."""
    if isinstance(answer, dict):
        return {key: as_json_writes(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [as_json_writes(value) for value in answer]
    return str(answer) if type(answer) is int and abs(answer) > 2**53 else answer


def same(ours, theirs):
    """Equal, types included; times apart."""
    ours, theirs = without(as_json_writes(ours), "timing"), without(theirs, "timing")
    return json.dumps(ours) == json.dumps(theirs)


def refusal(*arguments):
    """The exit code and the line of a refusal."""
    run = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert run.returncode in (2, 5, 6), run
    return run.returncode, run.stderr.split("error: ", 1)[-1].strip()


EXCEPTIONS = {2: ValueError, 5: gw.LimitReached, 6: gw.BadInstance}


def refused_alike(call, *arguments):
    code, _ = refusal(*arguments)
    with pytest.raises(EXCEPTIONS[code]) as caught:
        call()
    return type(caught.value) in (EXCEPTIONS[code], ValueError)


def test_the_comparison_notices():
    assert same({"a": 2**60, "timing": 1}, {"a": str(2**60), "timing": 2})
    for wrong in ({"a": 2.0**60}, {"a": 2**60 + 1}, {"a": str(2**60 + 1)}, {"a": 2**60, "b": 1}, {}):
        assert not same(wrong, {"a": str(2**60)})
    assert not same({"a": 1.0}, {"a": 1}) and not same({"a": True}, {"a": 1})


@pytest.mark.parametrize("options, words", [
    ({}, []),
    ({"order": 2, "centred": True}, ["-k", "2", "--centred"]),
    ({"order": 5, "square": True, "delta": Fraction(1, 7)}, ["-k", "5", "--square", "--delta", "1/7"]),
    ({"order": 4, "delta": 0.03125, "memory_limit": "100M"}, ["-k", "4", "--delta", "0.03125", "--memory-limit", "100M"]),
])
def test_estimate(options, words):
    for variables, clauses in ((54, 230), (3, 0), (90, 7), (0, 2)):
        theirs = answer("estimate", "--variables", variables, "--clauses", clauses, *words)
        assert same(gw.estimate(variables=variables, clauses=clauses, **options), theirs)
    assert same(gw.estimate(gw.read(FORMULA), **options), answer("estimate", FORMULA, *words))


def test_estimate_keeps_integers_exact():
    sizes = gw.estimate(variables=130, clauses=9)
    assert sizes["tuples"] == 2**130 and all(type(n) is int for n in sizes["sizes"])
    assert type(sizes["gamma"]) is str and not sizes["fits"]


@pytest.mark.parametrize("options, words", [
    ({"variables": 200, "clauses": 9}, ["--variables", 200, "--clauses", 9]),
    ({"variables": 2**31, "clauses": 9}, ["--variables", 2**31, "--clauses", 9]),
    ({"variables": 9, "clauses": 2**63}, ["--variables", 9, "--clauses", 2**63]),
    ({"variables": 9, "clauses": 9, "centred": True}, ["--variables", 9, "--clauses", 9, "--centred"]),
    ({"variables": 9, "clauses": 9, "delta": Fraction(1, 3)}, ["--variables", 9, "--clauses", 9, "--delta", "1/3"]),
    ({"variables": 9, "clauses": 9, "order": 1}, ["--variables", 9, "--clauses", 9, "-k", 1]),
    ({"variables": 9}, ["--variables", 9]),
    ({"formula": gw.Formula(1, []), "variables": 9, "clauses": 9}, [FORMULA, "--variables", 9, "--clauses", 9]),
    ({}, []),
])
def test_estimate_refuses(options, words):
    assert refused_alike(lambda: gw.estimate(**options), "estimate", *words)
