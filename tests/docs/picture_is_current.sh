#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The picture of the README, drawn again from real numbers, is the committed one.
set -euo pipefail
repository=$1 program=$2 python=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" "$repository/docs/picture.py" "$program" "$work/hardness.svg"
if ! cmp "$work/hardness.svg" "$repository/docs/hardness.svg"; then
  echo "draw it again: python3 docs/picture.py build/release/gapwright docs/hardness.svg"
  exit 1
fi
