# SPDX-License-Identifier: MIT
"""What both faces write of one request is the same, byte for byte, and a shell that runs the command that it records writes it again."""
import json
import os
import pathlib
import subprocess

import gapwright as gw
import numpy as np
import pytest
from support import PROGRAM, options_of

CNF = "p cnf 5 7\n1 2 -3 0\n-1 4 0\n2 -4 5 0\n-2 3 0\n-5 1 0\n3 4 0\n-3 -4 -5 0\n"
NO = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"
OPTIONS = {"order": "-k", "message": "--advice"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """One file of each kind, in the folder that holds them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.cnf").write_text(CNF)
    (tmp_path / "a b's.cnf").write_text(CNF)
    (tmp_path / "no.cnf").write_text(NO)
    gw.generate("orthogonal-vectors", vectors=5, dimension=9, order=2, seed=3, plant="plain").write("ov.safetensors")
    gw.generate("subset-query", inner=4, outer=6, universe=7, seed=3, plant=True).write("query.safetensors")
    gw.reduce(gw.read("ov.safetensors"), to="gap-max-ip", route="reed-solomon", form="factored").target.write("gap.safetensors")
    gw.reduce(gw.read("f.cnf"), order=2).target.write("attention.safetensors")
    return tmp_path


def shell(command):
    """Runs a recorded command, and says what it wrote to standard output."""
    folder = os.path.dirname(PROGRAM)
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ["PATH"]}
    return subprocess.run(["sh", "-c", f"gapwright {command}"], check=True, capture_output=True, env=environment).stdout


def metadata(contents):
    size = int.from_bytes(contents[:8], "little")
    return json.loads(contents[8 : 8 + size])["__metadata__"]


def command_in(contents):
    return json.loads(metadata(contents)["provenance"])["command"]


def program(*words):
    return subprocess.run([PROGRAM, *map(str, words)], check=True, capture_output=True).stdout


def certificate_of(name):
    contents = pathlib.Path(name).read_bytes()
    return contents, json.loads(contents)["informative"]["command"]


@pytest.mark.parametrize("source, asked", [
    ("f.cnf", {}),
    ("f.cnf", {"order": 2}),
    ("no.cnf", {"order": 2}),
    ("a b's.cnf", {"order": 2}),
    ("f.cnf", {"order": 2, "route": "reed-solomon"}),
    ("f.cnf", {"order": 2, "route": "reed-solomon", "field": 5, "blocks": 4, "advice": "all"}),
    ("f.cnf", {"order": 2, "route": "reed-solomon", "advice": "sample:3", "seed": 5, "form": "pruned", "embedding": "paper"}),
    ("f.cnf", {"order": 2, "route": "hermitian", "advice": "best", "block_length": 2}),
])
def test_solve(source, asked, files):
    gw.solve(gw.read(source), **asked, certificate="ours")
    program("solve", source, *options_of(asked, OPTIONS), "--certificate", "theirs", "--quiet")
    ours, command = certificate_of("ours")
    assert certificate_of("theirs") == (ours, command)
    shell(command + " --certificate again")
    assert certificate_of("again")[0] == ours


@pytest.mark.parametrize("source, asked", [
    ("attention.safetensors", {}),
    ("attention.safetensors", {"method": "histogram"}),
    ("attention.safetensors", {"formula": "f.cnf"}),
    ("attention.safetensors", {"formula": "a b's.cnf", "method": "histogram"}),
    ("ov.safetensors", {}),
    ("gap.safetensors", {}),
])
def test_decide(source, asked, files):
    keywords = {name: gw.read(value) if name == "formula" else value for name, value in asked.items()}
    gw.decide(gw.read(source), **keywords, certificate="ours")
    program("decide", source, *options_of(asked, {}), "--certificate", "theirs")
    ours, command = certificate_of("ours")
    assert certificate_of("theirs") == (ours, command)
    shell(command + " --certificate again")
    assert certificate_of("again")[0] == ours


@pytest.mark.parametrize("source, asked", [
    ("f.cnf", {"to": "orthogonal-vectors"}),
    ("f.cnf", {"to": "attention", "order": 2, "expect": True}),
    ("f.cnf", {"to": "attention", "order": 2, "square": True, "entry_dtype": "bf16", "delta": "1/32"}),
    ("f.cnf", {"to": "attention", "order": 2, "centred": True, "causal": True}),
    ("a b's.cnf", {"to": "attention", "order": 2}),
    ("f.cnf", {"to": "gap-max-ip", "order": 2}),
    ("no.cnf", {"to": "gap-max-ip", "order": 2, "expect": True}),
    ("f.cnf", {"to": "gap-max-ip", "order": 2, "message": "best", "form": "pruned"}),
    ("f.cnf", {"to": "gap-max-ip", "order": 2, "message": 1, "form": "explicit", "route": "hermitian"}),
    ("f.cnf", {"to": "gap-max-ip", "order": 2, "gadget": "characters"}),
    ("f.cnf", {"to": "attention", "order": 2, "gadget": "characters", "route": "reed-solomon", "mu": 0.25}),
    ("f.cnf", {"to": "attention", "order": 2, "embedding": "paper", "route": "reed-solomon", "expect": True}),
    ("ov.safetensors", {"to": "attention"}),
    ("ov.safetensors", {"to": "gap-max-ip", "form": "factored", "expect": True}),
    ("query.safetensors", {"to": "orthogonal-vectors"}),
    ("query.safetensors", {"to": "attention", "route": "reed-solomon"}),
    ("gap.safetensors", {"to": "gap-max-ip", "form": "pruned"}),
    ("gap.safetensors", {"to": "attention", "centred": True, "embedding": "paper"}),
])
def test_reduce(source, asked, files):
    gw.reduce(gw.read(source), **asked).target.write("ours")
    ours = pathlib.Path("ours").read_bytes()
    theirs = program("reduce", source, *options_of(asked, OPTIONS))
    assert command_in(ours) == command_in(theirs)
    assert metadata(ours) == metadata(theirs) and ours == theirs
    assert shell(command_in(ours)) == ours


@pytest.mark.parametrize("family, asked", [
    ("random-ksat", {"variables": 9, "clauses": 20, "seed": 4}),
    ("random-ksat", {"variables": 9, "clauses": 20, "width": 2, "plant": "uniform"}),
    ("random-ksat", {"variables": 12, "clauses": 20, "plant": "quiet", "order": 2}),
    ("random-ksat", {"variables": 12, "clauses": 20, "spread": True}),
    ("pigeonhole", {"pigeons": 4, "holes": 3}),
    ("parity", {"points": 5}),
    ("ramsey", {"independent": 3, "clique": 3, "vertices": 5}),
    ("van-der-waerden", {"numbers": 9, "first": 3, "second": 3}),
    ("ordering", {"elements": 4}),
    ("orthogonal-vectors", {"vectors": 5, "dimension": 9, "order": 2, "density": "2/5", "plant": "camouflaged", "seed": 3}),
    ("gap-max-ip", {"vectors": 6, "dimension": 40, "order": 2, "yes_at_least": 30, "no_at_most": 25}),
    ("gap-max-ip", {"vectors": 6, "dimension": 400, "order": 2, "plant": "plain"}),
    ("attention", {"rows": 4, "dimension": 3, "entry_bound": 2.5, "order": 2, "seed": 9}),
    ("subset-query", {"inner": 4, "outer": 6, "universe": 7, "seed": 3, "plant": True}),
    ("subset-query", {"inner": 4, "outer": 6, "universe": 7, "expect": True}),
])
def test_generate(family, asked, files):
    gw.generate(family, **asked).write("ours")
    ours = pathlib.Path("ours").read_bytes()
    words = options_of({name: value for name, value in asked.items() if name != "plant" or value is True}, OPTIONS)
    planting = [f"--plant={asked['plant']}"] if isinstance(asked.get("plant"), str) else []
    theirs = program("gen", family, *words, *planting, "--quiet")
    assert ours == theirs
    text = ours.startswith(b"c ")
    assert shell(ours.split(b"\n")[0].split(b": ", 1)[1].decode() if text else command_in(ours)) == ours


@pytest.mark.parametrize("asked", [{}, {"method": "polynomial", "error": 0.5}, {"gradient": "up stream.safetensors"}, {"gradient": "up stream.safetensors", "dtype": "f32"}])
def test_attend_of_the_program(asked, files):
    """The module keeps outputs in memory; what the program writes names every file that it read."""
    attention = gw.read("attention.safetensors")
    if "method" in asked:
        gw.Attention(attention.q / 100, [k / 100 for k in attention.keys], attention.values).write("attention.safetensors")
    write_tensor("up stream.safetensors", np.ones((len(attention.q), attention.values[0].shape[1])))
    program("attend", "attention.safetensors", *options_of(asked, {}), "-o", "theirs", "--quiet")
    theirs = pathlib.Path("theirs").read_bytes()
    sources = [source["name"] for source in json.loads(metadata(theirs)["provenance"])["sources"]]
    assert sources == ["attention.safetensors", "up stream.safetensors"][: 1 + ("gradient" in asked)]
    shell(command_in(theirs) + " -o again")
    assert pathlib.Path("again").read_bytes() == theirs


def write_tensor(path, array):
    header = json.dumps({"g": {"dtype": "F64", "shape": array.shape, "data_offsets": [0, array.nbytes]}}).encode()
    header += b" " * (-len(header) % 8)
    pathlib.Path(path).write_bytes(len(header).to_bytes(8, "little") + header + array.tobytes())


def test_what_was_never_in_a_file_begins_with_the_command_that_made_it(files):
    """A pipe of the commands makes the same numbers, and expects the same answer."""
    formula = gw.generate("random-ksat", variables=9, clauses=20, plant="uniform", seed=4)
    vectors = gw.reduce(formula, to="orthogonal-vectors", order=2).target
    attention = gw.reduce(vectors, square=True).target
    attention.write("ours")
    ours = pathlib.Path("ours").read_bytes()
    assert command_in(ours) == (
        "gen random-ksat --variables 9 --clauses 20 --width 3 --plant --seed 4 | gapwright reduce - --to orthogonal-vectors -k 2 --expect"
        " | gapwright reduce - --to attention --route direct --square"
    )
    pathlib.Path("again").write_bytes(shell(command_in(ours)))
    again = gw.read("again")
    assert again.expected is attention.expected is True
    assert np.array_equal(again.q, attention.q) and all(np.array_equal(a, b) for a, b in zip(again.keys, attention.keys))
    gw.reduce(gw.OrthogonalVectors([[[1, 0]], [[0, 1]]])).target.write("ours")
    assert command_in(pathlib.Path("ours").read_bytes()) == "reduce - --to attention --route direct"
