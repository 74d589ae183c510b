# SPDX-License-Identifier: MIT
"""path, implied and extract answer as the program does with --json."""
import json
import subprocess
from fractions import Fraction

import gapwright as gw
import numpy as np
import pytest
from support import FORMULA, PROGRAM, answer, program, refused_alike, same

NUMBERS = {"variables": 60, "clauses": 256}, ["--variables", 60, "--clauses", 256]
VECTORS = {"vectors": 4096, "dimension": 65}, ["--vectors", 4096, "--dimension", 65]
GAPS = {"yes_at_least": 30, "no_at_most": 11}, ["--yes-at-least", 30, "--no-at-most", 11]
BETWEEN = [
    ("cnf", "attention", {}, []),
    ("sat", "gradient", *NUMBERS),
    ("cnf", "attention", {**NUMBERS[0], "order": 2, "delta": Fraction(1, 7)}, [*NUMBERS[1], "-k", 2, "--delta", "1/7"]),
    ("cnf", "gap-max-ip", {"variables": 400, "clauses": 9, "order": 5}, ["--variables", 400, "--clauses", 9, "-k", 5]),
    ("ov", "attention", {**VECTORS[0], "order": 4}, [*VECTORS[1], "-k", 4]),
    ("gap-max-ip", "attention", {**VECTORS[0], **GAPS[0], "order": 2}, [*VECTORS[1], *GAPS[1], "-k", 2]),
    ("orthogonal-vectors", "maxip", {"vectors": 2**40, "dimension": 77, "order": 2}, ["--vectors", 2**40, "--dimension", 77, "-k", 2]),
]


@pytest.mark.parametrize("source, target, options, words", BETWEEN)
def test_path_and_implied(source, target, options, words):
    assert same(gw.path(source, target, **options), answer("path", source, target, *words))
    assert same(gw.path(source, target, all=True, **options), answer("path", source, target, "--all", *words))
    assert same(gw.implied(source, target, **options), answer("implied", source, target, *words))
    assert same(gw.implied(source, target, saving=Fraction(2, 9), **options), answer("implied", source, target, "--saving", "2/9", *words))


def test_path_keeps_integers_exact():
    (route,) = gw.path("cnf", "orthogonal-vectors", variables=130, clauses=9)["routes"]
    assert [2**44, 2**43, 2**43] == route["stages"][-1]["sizes"] and route["stages"][-1]["bits"] == 2**45 * 9


@pytest.mark.parametrize("target", ["attention", "gap-max-ip"])
def test_path_from_an_instance(target, tmp_path):
    formula, vectors = gw.read(FORMULA), gw.OrthogonalVectors([np.ones((n, 20), "uint8") for n in (5, 300, 2)])
    vectors.write(tmp_path / "vectors.safetensors")
    gap = gw.generate("gap-max-ip", vectors=6, dimension=40, order=2, yes_at_least=30, no_at_most=20)
    gap.write(tmp_path / "gap.safetensors")
    rows = [("cnf", formula, FORMULA), ("orthogonal-vectors", vectors, tmp_path / "vectors.safetensors")]
    for source, instance, file in rows + [("gap-max-ip", gap, tmp_path / "gap.safetensors")] * (target == "attention"):
        for verb, function in (("path", gw.path), ("implied", gw.implied)):
            theirs = answer(verb, source, target, file)
            assert same(function(source, target, instance), theirs) and same(function(source, target, file), theirs)


def test_path_from_an_instance_of_a_row(tmp_path):
    query = gw.generate("subset-query", inner=7, outer=9, universe=20)
    query.write(tmp_path / "query.safetensors")
    assert same(gw.path("subset-query", "attention", query), answer("path", "subset-query", "attention", tmp_path / "query.safetensors"))


@pytest.mark.parametrize("source, target, options, words", [
    ("cnf", "cnf", {}, []),
    ("cnf", "atention", {}, []),
    ("attention", "cnf", {}, []),
    ("cnf", "attention", {"variables": 9}, ["--variables", 9]),
    ("cnf", "attention", {"vectors": 9, "dimension": 3}, ["--vectors", 9, "--dimension", 3]),
    ("cnf", "attention", {"variables": 2**31, "clauses": 3}, ["--variables", 2**31, "--clauses", 3]),
    ("cnf", "attention", {"variables": 300_000, "clauses": 9}, ["--variables", 300_000, "--clauses", 9]),
    ("cnf", "attention", {"variables": 3, "clauses": 2**63}, ["--variables", 3, "--clauses", 2**63]),
    ("ov", "attention", {"vectors": 0, "dimension": 3}, ["--vectors", 0, "--dimension", 3]),
    ("maxip", "attention", VECTORS[0], VECTORS[1]),
    ("maxip", "attention", {**VECTORS[0], "yes_at_least": 3, "no_at_most": 3}, [*VECTORS[1], "--yes-at-least", 3, "--no-at-most", 3]),
    ("cnf", "ov", {**NUMBERS[0], "delta": 0.125}, [*NUMBERS[1], "--delta", "0.125"]),
    ("cnf", "attention", {**NUMBERS[0], "delta": 0.5}, [*NUMBERS[1], "--delta", "0.5"]),
    ("cnf", "attention", {**NUMBERS[0], "order": 1}, [*NUMBERS[1], "-k", 1]),
    ("ov", "attention", {"instance": str(FORMULA)}, [FORMULA]),
    ("cnf", "attention", {"instance": "missing.cnf"}, ["missing.cnf"]),
    ("cnf", "attention", {"instance": str(FORMULA), **NUMBERS[0]}, [FORMULA, *NUMBERS[1]]),
])
def test_path_and_implied_refuse(source, target, options, words):
    assert refused_alike(lambda: gw.path(source, target, **options), "path", source, target, *words)
    assert refused_alike(lambda: gw.implied(source, target, **options), "implied", source, target, *words)


@pytest.mark.parametrize("saving", [0, 1, Fraction(3, 2)])
def test_implied_refuses_a_saving(saving):
    assert refused_alike(lambda: gw.implied("cnf", "attention", saving=saving), "implied", "cnf", "attention", "--saving", saving)


def test_an_instance_of_another_order(tmp_path):
    gw.generate("orthogonal-vectors", vectors=5, dimension=9, order=4).write(tmp_path / "vectors.safetensors")
    assert refused_alike(lambda: gw.path("ov", "attention", tmp_path / "vectors.safetensors", order=3), "path", "ov", "attention", tmp_path / "vectors.safetensors", "-k", 3)
    with pytest.raises(ValueError, match="0/1 vectors only"):
        gw.path("maxip", "attention", gw.RealGapMaxIp([np.ones((2, 4))] * 2, yes_at_least=3, no_at_most=2))


def bundle(folder, *words):
    program("reduce", FORMULA, *words, "-o", f"{folder}/")
    decided = gw.decide(gw.read(folder / "target.safetensors"))
    (folder.parent / "result.json").write_text(json.dumps({"witness": decided.witness}))
    return decided, folder.parent / "result.json"


@pytest.mark.parametrize("words", [
    ["--to", "attention", "-k", 2],
    ["--to", "orthogonal-vectors", "-k", 4],
    ["--to", "attention", "-k", 2, "--route", "hermitian"],
    ["--to", "gap-max-ip", "-k", 2, "--route", "reed-solomon", "--form", "factored"],
])
def test_extract(words, tmp_path):
    decided, file = bundle(tmp_path / "bundle", *words)
    theirs = answer("extract", tmp_path / "bundle", "--result", file)
    for result in (decided, decided.witness, np.array(decided.witness), {"witness": decided.witness}, file, str(file)):
        assert same(gw.extract(tmp_path / "bundle", result), theirs)
    assert gw.read(FORMULA).accepts(theirs["witness"])
    lift, source, target = (tmp_path / "bundle" / name for name in ("lift.json", "source.cnf", "target.safetensors"))
    assert same(gw.extract(lift, decided), answer("extract", lift, "--result", file))
    if "--route" in words and "attention" in words:
        return  # what makes a tuple of this target a witness stands in the manifest
    assert same(gw.extract(lift, decided, source=source, target=target), answer("extract", lift, "--result", file, "--source", source, "--target", target))


def test_extract_by_a_row(tmp_path):
    decided, _ = bundle(tmp_path / "bundle", "--to", "attention", "-k", 2)
    assert gw.extract(tmp_path / "bundle", {"row": decided.row})["target_witness"] == decided.witness
    other = next(row for row in range(1000) if row != decided.row)
    with pytest.raises((gw.Refuted), match="no witness of the attention instance"):
        gw.extract(tmp_path / "bundle", {"row": 10**6})
    assert other is not None


def test_extract_refuses(tmp_path):
    decided, file = bundle(tmp_path / "bundle", "--to", "attention", "-k", 2)
    wrong = [decided.witness[0], decided.witness[1] + 1]
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    run = subprocess.run([PROGRAM, "extract", tmp_path / "bundle", "--result", tmp_path / "wrong.json"], capture_output=True, text=True)
    assert run.returncode == 3
    with pytest.raises(gw.Refuted) as caught:
        gw.extract(tmp_path / "bundle", wrong)
    assert run.stderr.strip() == f"gapwright: error: {caught.value}"
    source, missing = tmp_path / "bundle" / "source.cnf", tmp_path / "missing"
    for ours, theirs in (
        (lambda: gw.extract(tmp_path / "bundle", decided, source=source), ["extract", tmp_path / "bundle", "--result", file, "--source", source]),
        (lambda: gw.extract(missing, decided), ["extract", missing, "--result", file]),
        (lambda: gw.extract(tmp_path / "bundle", str(missing)), ["extract", tmp_path / "bundle", "--result", missing]),
        (lambda: gw.extract(source, decided), ["extract", source, "--result", file]),
    ):
        assert refused_alike(ours, *theirs)
    with pytest.raises(gw.BadInstance):
        gw.extract(tmp_path / "bundle", {"answer": 3})
