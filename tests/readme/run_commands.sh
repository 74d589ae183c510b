#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every line of every ```sh block of the given pages, as a reader would from the top of the repository, in a scratch folder that shows
# the repository's files. Lines that start with ./dev are the ritual around this test and are not run again.
set -uo pipefail
repository=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for entry in "$repository"/*; do ln -s "$entry" "$work/$(basename "$entry")"; done
cd "$work" || exit 1
failed=0 ran=0
for page in "$@"; do
  while IFS= read -r command; do
    case "$command" in "" | "#"* | "./dev"*) continue ;; esac
    ran=$((ran + 1))
    output=$(bash -o pipefail -c "$command" 2>&1 </dev/null)
    status=$?
    case "$command" in *"--format sat"*) [ $status -eq 10 ] || [ $status -eq 20 ] && status=0 ;; esac
    if [ $status -ne 0 ]; then
      echo "$page: exit $status from: $command"
      echo "$output"
      failed=1
    fi
  done < <(awk '/^```sh$/ {inside = 1; next} /^```/ {inside = 0} inside' "$repository/$page")
done
echo "$ran commands run"
[ $ran -gt 0 ] && exit $failed
exit 1
