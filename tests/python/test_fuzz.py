# SPDX-License-Identifier: MIT
"""fuzz, fuzz_command and replay answer as the program does with --json, and write the same files."""
import json
import subprocess

import gapwright as gw
import pytest
from support import FORMULA, PROGRAM, answer, program, refused_alike, same

RULE = "sat_to_orthogonal_vectors"


@pytest.mark.parametrize("options, words", [
    ({"rule": "all", "cases": 3}, ["all", "--cases", 3]),
    ({"rule": "merlin_arthur", "cases": 5, "seed": 2**63}, ["merlin_arthur", "--cases", 5, "--seed", 2**63]),
    ({"rule": RULE, "cases": 40, "mutants": True, "threads": 2}, [RULE, "--cases", 40, "--mutants"]),
    ({"rule": RULE, "cases": 0, "mutants": True}, [RULE, "--cases", 0, "--mutants"]),
    ({"rule": RULE, "exhaustive": 1}, [RULE, "--exhaustive", 1]),
])
def test_fuzz(options, words):
    run = subprocess.run([PROGRAM, "fuzz", *map(str, words), "--json"], capture_output=True, text=True)
    ours = gw.fuzz(**options)
    assert same(ours, json.loads(run.stdout))
    assert ours["clean"] == (run.returncode == 0) and ours["timing"]["seconds"] >= 0


def test_fuzz_writes_the_files_of_the_program_and_they_replay(tmp_path):
    gw.fuzz(RULE, cases=40, mutants=True, output=tmp_path / "ours")
    program("fuzz", RULE, "--cases", 40, "--mutants", "-o", tmp_path / "theirs")
    ours, theirs = ({path.name: path.read_text() for path in (tmp_path / side).iterdir()} for side in ("ours", "theirs"))
    assert ours == theirs and ours
    files = sorted((tmp_path / "ours").iterdir())[:3]
    assert same(gw.replay(files), answer("fuzz", "--replay", *files)) and gw.replay(files)["passed"]
    claim = json.loads(files[0].read_text())
    (tmp_path / "1234567890123456789.json").write_text(json.dumps({**claim, "oracle": "none such"}))
    wrong = gw.replay([tmp_path / "1234567890123456789.json", files[1]])
    assert [file["passed"] for file in wrong["files"]] == [False, True] and not wrong["passed"]


@pytest.mark.parametrize("options, words", [
    ({"rule": "sat"}, ["sat"]),
    ({"rule": RULE, "exhaustive": 4}, [RULE, "--exhaustive", 4]),
    ({"rule": RULE, "output": FORMULA}, [RULE, "-o", FORMULA]),
    ({"rule": RULE, "max_tuples": 1}, [RULE, "--max-tuples", 1]),
])
def test_fuzz_refuses(options, words):
    assert refused_alike(lambda: gw.fuzz(**options), "fuzz", *words)


def test_replay_refuses():
    assert refused_alike(lambda: gw.replay([FORMULA]), "fuzz", "--replay", FORMULA)
    assert refused_alike(lambda: gw.replay(["missing.json"]), "fuzz", "--replay", "missing.json")


def outside(command, *words):
    run = subprocess.run([PROGRAM, "fuzz", "--exec", command, *map(str, words), "--json"], capture_output=True, text=True)
    return json.loads(run.stdout)


@pytest.mark.parametrize("tail, options, words", [
    ("reduce {in} --to attention -k 2 -o {out} --quiet", {"to": "attention", "order": 2, "cases": 12, "seed": 3}, ["--to", "attention", "-k", 2, "--cases", 12, "--seed", 3]),
    ("reduce {in} --to attention -k 2 -o {out} --quiet", {"to": "attention", "cases": 2}, ["--to", "attention", "--cases", 2]),
    ("reduce {in} --to orthogonal-vectors -k 3 --max-tuples 10 -o {out}", {"to": "orthogonal-vectors", "cases": 5}, ["--to", "orthogonal-vectors", "--cases", 5]),
])
def test_fuzz_command(tail, options, words):
    command = f"{PROGRAM} {tail}"
    assert same(gw.fuzz_command(command, **options), outside(command, *words))


def test_fuzz_command_writes_the_files_of_the_program(tmp_path):
    command = "/bin/sh -c 'exit 3' sh {in} {out}"
    ours = gw.fuzz_command(command, to="gap-max-ip", cases=4, output=tmp_path / "ours")
    theirs = outside(command, "--to", "gap-max-ip", "--cases", 4, "-o", tmp_path / "theirs")
    assert same(ours, theirs) and ours["result"] == "wrong" and ours["outcomes"]["crash"] == 4
    assert {p.name: p.read_text() for p in (tmp_path / "ours").iterdir()} == {p.name: p.read_text() for p in (tmp_path / "theirs").iterdir()}


@pytest.mark.parametrize("command, options, words", [
    ("cat {in}", {}, []),
    ("/nowhere/program {in} {out}", {}, []),
    ("cp {in} {out}", {"order": 1}, ["-k", 1]),
    ("cp {in} {out}", {"run_timeout": 0}, ["--run-timeout", 0]),
    ("cp {in} {out}", {"to": "cnf"}, ["--to", "cnf"]),
    ("cp {in} {out}", {"output": FORMULA}, ["-o", FORMULA]),
])
def test_fuzz_command_refuses(command, options, words):
    to = [] if "to" in options else ["--to", "attention"]
    assert refused_alike(lambda: gw.fuzz_command(command, **{"to": "attention", "cases": 2, **options}), "fuzz", "--exec", command, *to, "--cases", 2, *words)


def test_fuzz_command_refuses_no_command():
    with pytest.raises(ValueError, match="command is empty; write command"):
        gw.fuzz_command("", to="attention")
