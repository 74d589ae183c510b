#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the build, then builds and runs a program that only knows the installed package: by CMake and by pkg-config.
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >/dev/null
cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/build"
"$work/build/consumer"
"$work/prefix/bin/gapwright" version
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name gapwright.pc)")
export PKG_CONFIG_PATH
read -ra flags < <(pkg-config --cflags --libs gapwright)
"${CXX:-c++}" -std=c++20 -I"$source" "$source/main.cpp" -o "$work/by-pkg-config" "${flags[@]}"
"$work/by-pkg-config"
echo "pkg-config: gapwright $(pkg-config --modversion gapwright)"
