#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ctest must run exactly the test cases of the binary (a ';' or a bracket in a name would silently become other entries).
in_binary=$("$1" --list-test-cases --no-colors | grep -cvE '^\[doctest\]|^=+$')
in_ctest=$(cd "$2" && ctest -N | grep -cE '^ +Test +#[0-9]+: ')
own=$(cd "$2" && ctest -N | grep -cE '^ +Test +#[0-9]+: (architecture|install|command|readme|docs)\.')
echo "test cases: $in_binary in the binary, $((in_ctest - own)) in ctest"
[ "$in_binary" -gt 0 ] && [ "$in_binary" -eq $((in_ctest - own)) ]
