# SPDX-License-Identifier: MIT
"""estimate and trace answer as the program does with --json."""
import json
import subprocess
from fractions import Fraction

import gapwright as gw
import pytest
from support import DATA, FORMULA, PROGRAM, answer, program, refused_alike, same


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


SMALL = ("six-variables", "tautologies", "repeated-literals", "unused-variables", "one-variable")
TRACED_INTEGERS = ("number", "of", "mixed_tuples", "dimension")


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("options, words", [
    ({}, []),
    ({"order": 2, "clause": 2, "route": "hermitian", "seed": 7}, ["-k", 2, "--clause", 2, "--route", "hermitian", "--seed", 7]),
    ({"order": 4, "route": "reed-solomon", "field": 31, "blocks": 3, "block_length": 6}, ["-k", 4, "--route", "reed-solomon", "--field", 31, "--blocks", 3, "--block-length", 6]),
    ({"order": 2, "route": "tower", "level": 2, "field": 16}, ["-k", 2, "--route", "tower", "--level", 2, "--field", 16]),
])
def test_trace(name, options, words):
    path = DATA / "yes" / f"{name}.cnf"
    run = subprocess.run([PROGRAM, "trace", path, *map(str, words), "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        assert refused_alike(lambda: gw.trace(gw.read(path), **options), "trace", path, *words)
        return
    assert same(gw.trace(gw.read(path), **options), json.loads(run.stdout), TRACED_INTEGERS)
    assert gw.trace(gw.read(path), format="text", **options) == program("trace", path, *words).decode()
    assert gw.trace(gw.read(path), format="svg", **options) == program("trace", path, "--format", "svg", *words).decode()


def test_trace_gives_integers():
    traced = gw.trace(gw.read(DATA / "yes" / "six-variables.cnf"))
    assert type(traced["message"]["number"]) is int and type(traced["row"]["mixed_tuples"]) is int and type(traced["output"]["dimension"]) is int


@pytest.mark.parametrize("options, words", [
    ({"clause": 0}, ["--clause", 0]),
    ({"clause": 900}, ["--clause", 900]),
    ({"order": 7}, ["-k", 7]),
    ({"order": 1}, ["-k", 1]),
    ({"route": "direct"}, ["--route", "direct"]),
    ({"route": "hermitean"}, ["--route", "hermitean"]),
    ({"field": 6}, ["--field", 6]),
    ({"format": "png"}, ["--format", "png"]),
])
def test_trace_refuses(options, words):
    path = DATA / "yes" / "six-variables.cnf"
    assert refused_alike(lambda: gw.trace(gw.read(path), **options), "trace", path, *words)


def test_trace_refuses_what_is_too_large_to_look_at():
    assert refused_alike(lambda: gw.trace(gw.read(FORMULA)), "trace", FORMULA)
    assert refused_alike(lambda: gw.trace(gw.Formula(2, [])), "trace", DATA / "yes" / "nothing.cnf")
