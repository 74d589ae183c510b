#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The lift table needs no gapwright: a short Python program with the json module maps witnesses back as extract does.
set -euo pipefail
program=$1 data=$2 python=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
compared=0
compare() { # bundle result
  "$python" "$here/lift_with_json.py" "$1/lift.json" "$2" > by_python.json
  "$program" extract "$1" --result "$2" --json > by_extract.json
  "$python" -c 'import json; a, b = json.load(open("by_python.json")), json.load(open("by_extract.json")); assert b["checked"] and a == b["witness"], (a, b)'
  compared=$((compared + 1))
}
for options in "--to orthogonal-vectors" "--to attention" "--to attention --square -k 2" "--to attention --causal" "--to attention --causal -k 2" "--to gap-max-ip --route hermitian" "--to attention --route reed-solomon" "--to gap-max-ip --form factored"; do
  rm -rf bundle
  # shellcheck disable=SC2086
  "$program" reduce "$data/yes/vdw-8-3-3.cnf" $options --quiet -o bundle/
  "$program" decide bundle/target.safetensors --json > result.json
  compare bundle result.json
done
"$program" gen pigeonhole 3 3 -T shuffle -T flip -o hidden.cnf --quiet
"$program" gen pigeonhole 3 3 -o plain.cnf
"$program" decide hidden.cnf --json > result.json
"$python" "$here/lift_with_json.py" hidden.cnf.lift.json result.json > model.json
"$program" extract hidden.cnf.lift.json --result result.json --source plain.cnf --target hidden.cnf --json > by_extract.json
"$python" -c 'import json; a, b = json.load(open("model.json")), json.load(open("by_extract.json")); assert b["checked"] and a == b["witness"], (a, b)'
echo "$compared bundles and a transform"
[ "$compared" -eq 8 ]
