#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# format.sh ROOT [fix]: fails where a C++ file differs from what .clang-format asks for; with fix it formats the files instead.
# Other versions of clang-format break lines elsewhere, so only version 14 decides. Exit code 77: there is no version 14, or
# no checkout whose files git could list; nothing was checked. A checkout that git refuses to read is a failure.
cd "$1" || exit 1
formatter=
for name in clang-format-14 clang-format; do
  case $("$name" --version 2>/dev/null) in *"version 14."*) formatter=$name && break ;; esac
done
[ -n "$formatter" ] || { echo "not checked: clang-format 14 is not installed (Debian 12 and Ubuntu 22.04: package clang-format-14)"; exit 77; }
[ -e .git ] || { echo "not checked: the files are listed by git, and this is no checkout"; exit 77; }
said=$(git rev-parse --git-dir 2>&1) || { echo "git does not read this checkout: $said"; exit 1; }
mapfile -d '' files < <(git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h')
[ ${#files[@]} -gt 0 ] || { echo "git lists no C++ file of this checkout"; exit 1; }
if [ "${2:-}" = fix ]; then
  exec "$formatter" -i -- "${files[@]}"
fi
"$formatter" --dry-run -Werror --ferror-limit=3 -- "${files[@]}" 2>&1 && echo "${#files[@]} files are formatted"
