# SPDX-License-Identifier: MIT
"""explore gives and writes the records, pictures and pages of the program."""
import json
import shutil
import subprocess
from fractions import Fraction

import gapwright as gw
import pytest
from support import FORMULA, PROGRAM, answer, program, refused_alike, same, without


def swept(*words):
    """The records that the program writes as lines, without the one that names the command."""
    return [record for record in map(json.loads, program("explore", *words).splitlines()) if record["record"] != "sweep"]


SWEEPS = {
    "regime": [
        ({"orders": [2], "rows": [16, 32], "seeds": [3, 4]}, ["--orders", 2, "--rows", "16,32", "--seeds", "3,4"]),
        ({"orders": [3], "rows": [8], "dimensions": [24], "embeddings": ["direct", "paper"], "families": ["tight"], "of_log": [0.5, 2]}, ["--orders", 3, "--rows", 8, "--dimensions", 24, "--embeddings", "direct,paper", "--families", "tight", "--of-log", "0.5,2"]),
        ({"orders": [2], "rows": [16], "families": ["ksat"], "embeddings": ["direct"], "per_variable": [3.5], "gap": 0.2, "delta": Fraction(1, 9), "of_deciding": [1]}, ["--orders", 2, "--rows", 16, "--families", "ksat", "--embeddings", "direct", "--per-variable", 3.5, "--gap", 0.2, "--delta", "1/9", "--of-deciding", 1]),
    ],
    "gradient": [({"rows": [16], "per_log": [9], "seeds": [2**63]}, ["--rows", 16, "--per-log", 9, "--seeds", 2**63])],
    "routes": [
        ({"orders": [2], "log2_rows": [4, 70], "largest_field": 64, "longest": 900, "seed": 5}, ["--orders", 2, "--log2-rows", "4,70", "--largest-field", 64, "--longest", 900, "--seed", 5]),
        ({"orders": [3], "log2_rows": [3], "family": "ksat", "per_variable": 2.5, "gap": 0.1, "delta": 0.125}, ["--orders", 3, "--log2-rows", 3, "--family", "ksat", "--per-variable", 2.5, "--gap", 0.1, "--delta", 0.125]),
    ],
    "orders": [({"orders": [2, 4], "variables": [12, 24], "embeddings": ["direct"], "per_variable": 3, "gap": 0.15, "seed": 8}, ["--orders", "2,4", "--variables", "12,24", "--embeddings", "direct", "--per-variable", 3, "--gap", 0.15, "--seed", 8])],
}


@pytest.mark.parametrize("kind, options, words", [(kind, *row) for kind, rows in SWEEPS.items() for row in rows])
def test_explore(kind, options, words, tmp_path):
    ours = gw.explore(kind, **options, output=tmp_path / "ours.jsonl")
    theirs = swept(kind, *words) if kind in ("regime", "gradient") else answer("explore", kind, *words)
    theirs = without(theirs, "reason")  # which each face says in its own words, where it is no file
    assert ours and same(without(ours, "reason"), theirs) and same(without(gw.explore(kind, **options), "reason"), theirs)
    program("explore", kind, *words, "-o", tmp_path / "theirs.jsonl")
    files = [[json.loads(line) for line in (tmp_path / f"{side}.jsonl").read_text().splitlines()] for side in ("ours", "theirs")]
    assert without(files[0], "timing") == without(files[1], "timing")
    assert files[0][0]["record"] == "sweep"


@pytest.mark.parametrize("kind", SWEEPS)
def test_explore_has_the_defaults_of_the_program(kind, tmp_path):
    with pytest.raises(gw.LimitReached, match="time limit"):
        gw.explore(kind, output=tmp_path / "ours.jsonl", timeout=0)
    subprocess.run([PROGRAM, "explore", kind, "-o", tmp_path / "theirs.jsonl", "--timeout", "0.05"], capture_output=True)
    ours, theirs = ((tmp_path / f"{side}.jsonl").read_text().splitlines()[0] for side in ("ours", "theirs"))
    assert ours == theirs


def test_explore_goes_on_with_a_file(tmp_path):
    file = tmp_path / "results.jsonl"
    gw.explore("regime", orders=[2], rows=[16], output=file)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]) + lines[-1][:20])
    with pytest.warns(UserWarning, match="the last line was cut off"):
        records = gw.explore("regime", orders=[2], rows=[16], output=file)
    assert len(records) == len(lines) - 1 and (tmp_path / "results.jsonl.cut").exists()
    before = file.read_text()
    assert gw.explore("regime", orders=[2], rows=[16], output=file) and file.read_text() == before
    gw.explore("regime", orders=[2], rows=[16], output=file, force=True)
    assert len(file.read_text().splitlines()) == 2 * len(lines) - 1


@pytest.mark.skipif(shutil.which("gnuplot") is None, reason="gnuplot draws these; tests of the program fail without it")
def test_explore_plot_and_report(tmp_path):
    file = tmp_path / "results.jsonl"
    gw.explore("regime", orders=[2], rows=[16, 32, 64], output=file)
    gw.explore("orders", variables=[12, 24], output=file)
    names = gw.explore("plot", results=file, output=tmp_path / "ours")
    program("explore", "plot", file, "-o", tmp_path / "theirs")
    ours, theirs = ({path.name: path.read_bytes() for path in (tmp_path / side).iterdir()} for side in ("ours", "theirs"))
    assert ours == theirs and {f"{name}.svg" for name in names} <= set(ours)
    page = gw.explore("report", results=file, output=tmp_path / "page.html")
    assert page == program("explore", "report", file).decode() == (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("kind, options, words", [
    ("regime", {"orders": []}, ["--orders", ""]),
    ("regime", {"orders": [17]}, ["--orders", 17]),
    ("regime", {"rows": [3]}, ["--rows", 3]),
    ("regime", {"gap": 0.5}, ["--gap", 0.5]),
    ("regime", {"embeddings": ["blunt"]}, ["--embeddings", "blunt"]),
    ("regime", {"families": ["ksat"], "embeddings": ["paper"]}, ["--families", "ksat", "--embeddings", "paper"]),
    ("regime", {"rows": [2**20], "orders": [3]}, ["--rows", 2**20, "--orders", 3]),
    ("regime", {"max_tuples": 9}, ["--max-tuples", 9]),
    ("regime", {"memory_limit": 9}, ["--memory-limit", 9]),
    ("gradient", {"delta": Fraction(1, 2)}, ["--delta", "1/2"]),
    ("gradient", {"delta": 0.25}, ["--delta", 0.25]),
    ("routes", {"gap": 0}, ["--gap", 0]),
    ("routes", {"log2_rows": [1]}, ["--log2-rows", 1]),
    ("routes", {"family": "tight"}, ["--family", "tight"]),
    ("routes", {"delta": -1}, ["--delta", "-1"]),
    ("routes", {"per_log": 0}, ["--per-log", 0]),
    ("orders", {"gap": 0.31}, ["--gap", 0.31]),
    ("orders", {"per_variable": 0.01}, ["--per-variable", 0.01]),
    ("orders", {"embeddings": ["paper"]}, ["--embeddings", "paper"]),
    ("orders", {"variables": [3]}, ["--variables", 3]),
    ("orders", {"max_tuples": 9}, ["--max-tuples", 9]),
    ("regime", {"output": FORMULA}, ["-o", FORMULA]),
])
def test_explore_refuses(kind, options, words):
    assert refused_alike(lambda: gw.explore(kind, **options), "explore", kind, *words)


def test_plot_and_report_refuse(tmp_path):
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "odd.jsonl").write_text('{"record": "point", "key": "a"}\n')
    for file in (FORMULA, tmp_path / "empty.jsonl", tmp_path / "missing.jsonl", tmp_path / "odd.jsonl"):
        assert refused_alike(lambda: gw.explore("plot", results=file, output=tmp_path), "explore", "plot", file, "-o", tmp_path)
        assert refused_alike(lambda: gw.explore("report", results=file), "explore", "report", file)
    with pytest.raises(ValueError, match="unknown kind 'sweep'; there are regime, gradient, routes"):
        gw.explore("sweep")
