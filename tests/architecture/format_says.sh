#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# format_says.sh FORMAT.SH: its exit codes, for a file that is formatted, one that is not, a folder that is no checkout and one that git does not read.
set -u
format=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/tree"
printf '#!/bin/sh\ncase "$*" in --version) echo "version 14.0.6" ;; *) ! grep -q unformatted "$5" ;; esac\n' >"$folder/bin/clang-format-14"
chmod +x "$folder/bin/clang-format-14"
bad=0
expect() { # exit code, words in what it prints, what is tried
  said=$(PATH=$folder/bin:$PATH GIT_CEILING_DIRECTORIES=$folder bash "$format" "$folder/tree")
  code=$?
  [[ $code -eq $1 && $said == *"$2"* ]] || { echo "$3: exit code $code, not $1: $said"; bad=1; }
}
echo 'int a;' >"$folder/tree/a.cpp"
expect 77 'no checkout' 'no checkout'
git init -q "$folder/tree"
expect 0 '1 files are formatted' 'a formatted file'
echo 'unformatted' >"$folder/tree/a.cpp"
expect 1 '' 'a file that is not formatted'
rm "$folder/tree/a.cpp"
expect 1 'no C++ file' 'a checkout without C++'
echo 'int a;' >"$folder/tree/a.cpp"
echo 'no setting' >"$folder/tree/.git/config"
expect 1 'fatal: bad config' 'a checkout that git does not read'
exit $bad
