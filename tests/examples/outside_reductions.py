# SPDX-License-Identifier: MIT
"""examples/reduce_to_attention.py through `gapwright fuzz --exec`: correct, every witness leads to a model; each of its bugs is caught, told apart and shrunk."""
import json
import os
import subprocess
import sys
import tempfile

program, examples = sys.argv[1:3]
script = os.path.join(examples, "reduce_to_attention.py")


def fuzz(folder, cases, *more):
    command = [program, "fuzz", "--exec", " ".join(["/usr/bin/python3", script, "{in}", "{out}", "{lift}", *more]), "--to", "attention", "-k", "2", "--cases", str(cases), "--seed", "3", "--run-timeout", "60"]
    finished = subprocess.run([*command, "--json", "-o", folder], capture_output=True, text=True, timeout=600)
    return finished.returncode, json.loads(finished.stdout)


with tempfile.TemporaryDirectory() as folder:
    code, report = fuzz(folder, 14)
    assert code == 0 and report["result"] == "correct on all cases" and report["outcomes"]["agrees"] == 14, report
    assert report["yes"] > 3 and report["no"] > 3 and report["lifted"] > 20 and not os.listdir(folder), report
    for bug, outcome, formula in (
        ("gamma", "contradicts", (0, [[]])),
        ("empty", "contradicts", (0, [[]])),
        ("no-clauses", "crash", (0, [])),
        ("order", "lift-fails", None),
        ("bound", "misstated", (0, [[]])),
        ("expected", "misstated", (0, [[]])),
    ):
        code, report = fuzz(folder, 6, "--bug", bug)
        assert code == 3 and report["result"] == "wrong" and report["outcomes"][outcome] > 0, (bug, report)
        failure = next(f for f in report["failures"] if f["outcome"] == outcome)
        if formula:
            assert (failure["variables"], failure["clauses"]) == formula, (bug, failure)
        else:
            assert failure["variables"] <= 3 and len(failure["clauses"]) == 1, (bug, failure)
        told = json.load(open(os.path.join(folder, outcome + ".json")))
        assert told["reason"] == failure["reason"] and told["command"][-1] == bug and "/tmp" not in told["reason"], told
        print(f"{bug}: {outcome}, {failure['variables']} variables, {len(failure['clauses'])} clauses: {failure['reason']}")
