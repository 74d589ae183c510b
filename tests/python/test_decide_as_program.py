# SPDX-License-Identifier: MIT
"""decide of the module answers as the program's for every problem, and through gradients too."""
import gapwright as gw
import pytest
from support import DATA, answer, refused_alike

CLAUSES = {"yes": [[1, 2], [-1, 3], [-2, -3]], "no": [[1], [-1]]}


@pytest.mark.parametrize("expected", CLAUSES)
def test_through_gradients(expected, tmp_path):
    attention = gw.reduce(gw.Formula(3, CLAUSES[expected]), order=2, delta=1 / 64).target
    attention.write(tmp_path / "a.safetensors")
    theirs = answer("decide", tmp_path / "a.safetensors", "--method", "gradient")
    for instance in (attention, gw.read(tmp_path / "a.safetensors")):
        ours = gw.decide(instance, method="gradient")
        assert isinstance(ours, gw.GradientVerdict)
        assert ours.verdict == theirs["verdict"] == expected
        for key in ("loss", "error", "yes_at_least", "no_at_most", "oracle_calls"):
            assert getattr(ours, key) == theirs[key], key
    assert repr(ours) == f"<gapwright.GradientVerdict: {expected}>"


@pytest.mark.parametrize("options, words", [
    ({"precision": 64}, ["--precision", 64]),
    ({"certificate": "c"}, ["--certificate", "c"]),
    ({"checkpoint": "c"}, ["--checkpoint", "c"]),
    ({"max_tuples": 2}, ["--max-tuples", 2]),
])
def test_through_gradients_what_is_refused(options, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gw.reduce(gw.Formula(3, CLAUSES["yes"]), order=2).target.write("a.safetensors")
    assert refused_alike(lambda: gw.decide(gw.read("a.safetensors"), method="gradient", **options), "decide", "a.safetensors", "--method", "gradient", *words)


def test_undecided_with_a_certificate_is_a_warning(tmp_path):
    """The output is 1/2, in the middle of the gap."""
    gw.Attention([[0.3]], [[[0.3], [0.3]]], [[[1], [0]]], yes_at_least=0.75, no_at_most=0.25).write(tmp_path / "a")
    with pytest.warns(UserWarning, match="undecided: no certificate is written"):
        verdict = gw.decide(gw.read(tmp_path / "a"), certificate=tmp_path / "c")
    assert verdict.verdict == "undecided"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("plant", [False, True])
def test_an_instance_of_any_problem(plant, tmp_path):
    instance = gw.generate("subset-query", inner=5, outer=4, universe=9, seed=3, plant=plant)
    instance.write(tmp_path / "i.safetensors")
    theirs = answer("decide", tmp_path / "i.safetensors")
    ours = gw.decide(instance)
    assert isinstance(ours, gw.IntegerVerdict)
    assert (ours.verdict, ours.witness) == (theirs["verdict"], theirs["witness"])
    assert instance.decide()["verdict"] == ours.verdict
    with pytest.raises(gw.LimitReached):
        gw.decide(instance, max_tuples=2)


def test_the_witness_of_a_formula_is_its_model():
    formula = gw.read(DATA / "yes" / "six-variables.cnf")
    assert formula.accepts(gw.decide(formula).witness)
    assert gw.decide(gw.Formula(1, CLAUSES["no"])).witness is None
