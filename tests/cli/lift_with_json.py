# SPDX-License-Identifier: MIT
"""Maps a target's witness back to the source with a bundle's lift table: lift_with_json.py lift.json result.json"""
import json
import sys

table, witness = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
witness = witness["witness"] if isinstance(witness, dict) else witness
for step in table["steps"]:
    if step["kind"] == "rows":
        zeros = [0] * len(witness)
        first, shift = step.get("first", zeros), step.get("shift", zeros)
        assert all(0 <= j - f < rows for j, f, rows in zip(witness, first, step["rows"], strict=True)), "a pad is no witness"
        witness = [(j + s) % size for j, s, size in zip(witness, shift, step["sizes"], strict=True)]
    elif step["kind"] == "bits":
        value = {v: j >> b & 1 for j, variables in zip(witness, step["variables"], strict=True) for b, v in enumerate(variables)}
        witness = [v if value[v] else -v for v in sorted(value)]
    else:
        witness = [v if witness[abs(x) - 1] == x else -v for v, x in enumerate(step["literals"], 1)]
print(json.dumps(witness))
