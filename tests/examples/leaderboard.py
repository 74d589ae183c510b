# SPDX-License-Identifier: MIT
"""The shipped example algorithms on a small ladder, with two seeds: exact survives, approximations pass the controls and fail, the polynomial method refuses."""
import json
import os
import subprocess
import sys
import tempfile

program, examples = sys.argv[1:3]


def challenge(order, rows, ladder, seed, names, *more, pairs=1):
    command = [program, "challenge", "-k", str(order), "--rows", str(rows), "--ladder", ladder, "--pairs", str(pairs), "--seed", str(seed), "--timing-rows", "8", "--run-timeout", "120", "--json", *more]
    for name in names:
        command += ["--exec", f"/usr/bin/python3 {examples}/{name}.py {{in}} {{out}}"]
    board = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)["leaderboard"]
    return {entry["algorithm"]: entry for entry in board}, [entry["algorithm"] for entry in board]


def check(board, order, accurate):
    assert order[0] == "exact", order
    for name, entry in board.items():
        verdict = (name, entry["decision_accuracy"], entry["points"])
        if name == "exact":
            assert entry["decision_accuracy"] == 1 and entry["largest_entry_bound_survived"] == entry["points"][-1]["entry_bound"], verdict
            assert entry["errors"]["hard"]["maximum_absolute"] < 1e-12, verdict
        elif name == "polynomial":
            assert entry["decisions"]["wrong"] == 0 and entry["decision_accuracy"] == 0, verdict
            assert entry["largest_entry_bound_accurate"] == accurate(entry), verdict
            assert entry["smallest_entry_bound_refused"] is not None and all(point["refused"] == 4 for point in entry["points"][1:]), verdict
        else:
            assert entry["decision_accuracy"] <= 0.75 and entry["largest_entry_bound_survived"] is None, verdict
            assert entry["control_decisions"]["right"] == entry["control_decisions"]["of"] > 0, verdict
            assert all(point["failed"] + point["refused"] == 0 for point in entry["points"]), verdict


for seed in (1, 2):
    names = ["exact", "polynomial", "random_features", "low_rank", "uniform_sampling", "average"]
    board, order = challenge(2, 64, "0.0625,1", seed, names)
    check(board, order, lambda entry: entry["points"][0]["entry_bound"])
    print(f"k = 2, seed {seed}:", ", ".join(order))
board, order = challenge(3, 32, "1", 1, ["exact", "uniform_sampling", "average"], pairs=3)
check(board, order, None)
print("k = 3:", ", ".join(order))
with tempfile.TemporaryDirectory() as folder:
    board, order = challenge(2, 32, "1", 1, ["exact", "average", "random_features"], "--causal", "--pad-dimension", "64", "--entry-dtype", "bf16", "--four-axes", "--softmax-scale", "1/sqrt(d)", "--plot", folder)
    check(board, order, None)
    with open(os.path.join(folder, "challenge.svg"), encoding="utf8") as picture:
        text = picture.read()
    assert "exact" in text and "2/2" in text and "1/2" in text, text[:2000]
print("causal, padded, bf16, four axes:", ", ".join(order))
