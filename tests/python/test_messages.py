# SPDX-License-Identifier: MIT
"""Refusals name keywords of the module, never options of the program."""
import pathlib
import re
from fractions import Fraction

import gapwright as gw
import numpy as np
import pytest
from support import program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPTION = re.compile(r"(?<![\w-])(--[a-z]|-[jkoqT]\b)")


def ksat(**parameters):
    return gw.generate("random-ksat", **{"variables": 6, "clauses": 20, **parameters})


def vectors(**parameters):
    return gw.generate("orthogonal-vectors", **{"vectors": 3, "dimension": 9, **parameters})


def gap(**parameters):
    return gw.generate("gap-max-ip", **{"vectors": 3, "dimension": 40, **parameters})


def attention(**parameters):
    return gw.generate("attention", **{"rows": 9, "dimension": 30, "entry_bound": 9.0, **parameters})


def challenge(**parameters):
    return gw.challenge({"none": lambda *arrays, **named: None}, **{"rows": 16, **parameters})


REFUSALS = {
    # limits
    "memory": (lambda: ksat(variables=10**6, clauses=10**6, memory_limit="1M"), "or a higher memory limit (memory_limit)"),
    "memory of a reduction": (lambda: gw.reduce(ksat(), order=2, memory_limit=100), "or a higher memory limit (memory_limit)"),
    "tuples of a formula": (lambda: gw.solve(ksat(variables=30), max_tuples=100), "or raise the limit on tuples (max_tuples)"),
    "tuples of vectors": (lambda: gw.decide(vectors(), max_tuples=10), "or raise the limit on tuples (max_tuples)"),
    "order": (lambda: gw.solve(ksat(variables=200)), "use a larger order (up to 24)"),
    "any order": (lambda: gw.solve(gw.Formula(1200, [[1]]), order=24), "no order up to 24 holds them"),
    "score": (lambda: gw.attend(attention(), method="polynomial"), "or use method='exact' or 'certified'"),
    "score of a gradient": (lambda: gw.gradients(attention(), np.ones((9, 30)), method="polynomial"), "or use method='exact'"),
    "features": (lambda: gw.attend(attention(entry_bound=0.5), method="polynomial", most_features=2), "or use method='exact'"),
    "text": (lambda: gw.OrthogonalVectors.read(ROOT / "tests/data/yes/uf20-01.cnf"), "uf20-01.cnf: is text, and no safetensors file"),
    "a bool for a message": (lambda: gw.reduce(vectors(), to="gap-max-ip", message=True), "message is the number of a message or a word, not a bool"),
    "no problem": (lambda: gw.path("", ""), "unknown problem ''; see"),
    # sizes
    "width": (lambda: ksat(variables=2), "width=3 is larger than variables=2; "),
    "empty clause": (lambda: ksat(width=0, plant="uniform"), "width=0 with plant: an empty clause has no satisfying assignment; use width=1 or more"),
    "quiet clause": (lambda: ksat(width=1, plant="quiet"), "width=1: quiet planting needs clauses that touch two groups; use width=2 or more"),
    "variables": (lambda: ksat(variables=2**31, clauses=0), "variables=2147483648 is too large"),
    "pigeons": (lambda: gw.generate("pigeonhole", pigeons=2**21, holes=2), "pigeons=2097152: give 0 to 1048576"),
    "independent": (lambda: gw.generate("ramsey", independent=0, clique=3, vertices=5), "independent=0: give 1 to"),
    "first": (lambda: gw.generate("van-der-waerden", numbers=3, first=0, second=5), "first=0: give 1 to"),
    "vectors": (lambda: vectors(vectors=0), "vectors=0: every set needs at least one vector"),
    "dimension": (lambda: vectors(dimension=0), "dimension=0: vectors need at least one coordinate"),
    "mu": (lambda: gw.solve(ksat(), mu="x"), "mu is 'x'; give a number"),
    "mu of a reduction": (lambda: gw.reduce(ksat(), to="gap-max-ip", mu="1/0"), "mu is '1/0'; give a number"),
    "delta": (lambda: gw.reduce(ksat(), delta=float("nan")), "delta is nan; give a number"),
    "density of sets": (lambda: gw.generate("subset-query", inner=3, outer=3, universe=9, inner_density="x"), "inner_density is 'x'; give a number"),
    "density": (lambda: vectors(density=1), "density must be strictly between 0 and 1"),
    "camouflage": (lambda: vectors(density=Fraction(2, 3), plant="camouflaged"), "lower it, or take plant='plain'"),
    "gap": (lambda: gap(yes_at_least=2, no_at_most=2), "the gap needs 0 <= no_at_most < yes_at_least"),
    "high gap": (lambda: gap(yes_at_least=41, no_at_most=2, plant="plain"), "yes_at_least=41 is above dimension=40"),
    "chosen gap": (lambda: gap(vectors=30), " keeps them apart, or give yes_at_least and no_at_most"),
    "rows": (lambda: attention(rows=0), "rows=0: attention needs at least one row"),
    "entry bound": (lambda: attention(entry_bound=-1.0), "entry_bound must be a number, 0 or more"),
    # files and codes
    "clauses of a file": (lambda: gw.Formula.parse("p cnf 2 1\n1 0\n2 0\n", strict=True), "mend the header or drop strict"),
    "code": (
        lambda: gw.reduce(ksat(), to="gap-max-ip", order=2, route="reed-solomon", field=3, blocks=1),
        "free field, blocks, block_length or level, or take another route",
    ),
    # challenges
    "no algorithm": (lambda: gw.challenge({}), "there is no algorithm to challenge; give algorithms"),
    "pairs": (lambda: challenge(pairs=0), "pairs=0: a challenge needs"),
    "rows of a challenge": (lambda: challenge(rows=2), "rows=2: a challenge needs at least 8 rows"),
    "odd rows": (lambda: challenge(rows=17, causal=True), "rows=17: with causal one half of the rows"),
    "timing": (lambda: challenge(timing_rows=[3]), "timing_rows=3: inputs for time"),
    "odd timing": (lambda: challenge(timing_rows=[17], causal=True), "an even number with causal"),
    "padding": (lambda: challenge(pad_dimension=3), "pad to at least that, or take fewer rows"),
    "scale": (lambda: challenge(softmax_scale=1e300), "softmax_scale=1e+300 is out of reach of doubles"),
    "entry type": (lambda: challenge(softmax_scale=1e-20, entry_dtype="f16"), "or another softmax_scale"),
    "order of a challenge": (lambda: challenge(order=13), "order=13: a challenge has order 2 to 12"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_name_keywords(name):
    call, words = REFUSALS[name]
    with pytest.raises((ValueError, TypeError, gw.LimitReached)) as failure:
        call()
    assert words in str(failure.value)
    assert not OPTION.search(str(failure.value))


@pytest.mark.parametrize("wrong", [[1], {}, np.ones(2)])
def test_what_is_no_number_names_its_keyword(wrong):
    with pytest.raises((TypeError, ValueError), match="^mu is .*; give a number$"):
        gw.solve(ksat(), mu=wrong)
    with pytest.raises((TypeError, ValueError), match="^inner_density is .*; give a number$"):
        gw.generate("subset-query", inner=3, outer=3, universe=9, inner_density=wrong)


def test_what_a_user_wrote_stays(tmp_path):
    path = tmp_path / "`route`.cnf"
    with pytest.raises(gw.BadInstance, match="`route`.cnf"):
        gw.Formula.read(path)
    path.write_text("p cnf 2 1\n1 0\n2 0\n")
    with pytest.raises(gw.BadInstance, match="`route`.cnf:1:1: .* or drop strict$"):
        gw.Formula.read(path, strict=True)
    with pytest.raises(ValueError, match="unknown family '`square`'"):
        gw.generate("`square`")


# The table of fields against both faces


def fields():
    """(name, option, keyword) of every row; None for what Python lacks."""
    text = (ROOT / "support" / "fields_in_message.cpp").read_text()
    rows = re.findall(r"MessageField\{\"(\w+)\", \"([^\"]+)\", (?:\"(\w+)\"|kProgramOnly)", text)
    assert len(rows) == text.count("MessageField{") > 50
    return [(name, option.rstrip("="), keyword or None) for name, option, keyword in rows]


def helps(*path):
    text = program(*path, "--help").decode()
    below = text.split("Subcommands:\n")[1].split("\n\n")[0] if "Subcommands:\n" in text else ""
    return text + "".join(helps(*path, word) for word in re.findall(r"^  ([a-z0-9-]+)", below, re.M))


def test_every_field_is_an_option_and_a_keyword():
    stub = "".join((pathlib.Path(gw.__file__).parent / name).read_text() for name in ("__init__.pyi", "auditing.py"))
    options = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", helps()))
    for name, option, keyword in fields():
        assert option in options, name
        assert keyword is None or re.search(rf"\b{keyword}: ", stub), name
        if keyword is None:
            assert not re.search(rf"^    {name}: ", stub, re.M), f"{name} is a keyword now"


def test_a_larger_error_of_gradients_is_not_refused_where_a_smaller_one_is_reached():
    a = gw.Attention([[1.0]], [[[7.0], [-7.0]]], [[[1.0], [0.0]]], 1.0)
    smaller = gw.gradients(a, [[1.0]], method="polynomial", error=0.5)
    larger = gw.gradients(a, [[1.0]], method="polynomial", error=1000)
    assert max(smaller.error.values()) <= 0.5 and max(larger.error.values()) <= 1000
