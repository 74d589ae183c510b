#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# emulated.sh TESTS [seconds]: the test program of another processor under qemu-user, room by room, each for so many seconds (300).
#
# An emulator is some twenty times slower, so a room that is not through by then is stopped, and the line says after how many test cases.
# Left out: tests that start the program (qemu-user cannot start a second one without help from the kernel).
set -euo pipefail
tests=$1 seconds=${2:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for room in support codes instances reductions verify attention checker atlas explore; do
  code=0
  timeout "$seconds" qemu-aarch64 "$tests" -sf="*tests/$room/*" -sfe='*_command.cpp,*tests/explore/challenge/adapters.cpp,*tests/support/child_process.cpp' \
    -d >"$work/out" 2>&1 || code=$?
  cases=$(grep -cE '^[0-9.]+ s: ' "$work/out" || true)
  case $code in
    0) echo "aarch64 $room: all $cases test cases passed" ;;
    124) echo "aarch64 $room: $cases test cases passed, then stopped after $seconds s" ;;
    *) echo "aarch64 $room: failed" && tail -40 "$work/out" && failed=1 ;;
  esac
  if grep -q 'ERROR:' "$work/out"; then failed=1; fi
  [ "$cases" -gt 0 ] || { echo "aarch64 $room: no test case ran" && failed=1; }
done
exit $failed
