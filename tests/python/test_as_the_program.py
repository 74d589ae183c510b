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


def as_json_writes(answer, integers=(), key=None):
    """Integers beyond 2^53 as text, and those under keys whose numbers are always text."""
    if isinstance(answer, dict):
        return {key: as_json_writes(value, integers, key) for key, value in answer.items()}
    if isinstance(answer, list):
        return [as_json_writes(value, integers, key) for value in answer]
    return str(answer) if type(answer) is int and (key in integers or abs(answer) > 2**53) else answer


def same(ours, theirs, integers=()):
    """Equal, types included; times apart."""
    ours, theirs = without(as_json_writes(ours, integers), "timing"), without(theirs, "timing")
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
    ("", {}, []),
    ("/nowhere/program {in} {out}", {}, []),
    ("cp {in} {out}", {"order": 1}, ["-k", 1]),
    ("cp {in} {out}", {"run_timeout": 0}, ["--run-timeout", 0]),
    ("cp {in} {out}", {"to": "cnf"}, ["--to", "cnf"]),
    ("cp {in} {out}", {"output": FORMULA}, ["-o", FORMULA]),
])
def test_fuzz_command_refuses(command, options, words):
    to = [] if "to" in options else ["--to", "attention"]
    assert refused_alike(lambda: gw.fuzz_command(command, **{"to": "attention", "cases": 2, **options}), "fuzz", "--exec", command, *to, "--cases", 2, *words)


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
    assert ours and same(ours, theirs) and same(gw.explore(kind, **options), theirs)
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
