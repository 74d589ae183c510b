#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# inside.sh g++ | clang | aarch64: what run.sh does in a Debian 13 root, in a clone there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
install() { { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null; }

case $1 in
  g++)
    ./dev demo
    ./dev test
    ;;
  clang) # the same compiler is packaged on Debian 12
    install clang-19 libclang-rt-19-dev llvm-19
    export CXX=clang++-19
    ./dev demo
    ./dev ctest
    ;;
  aarch64)
    dpkg --add-architecture arm64
    install g++-aarch64-linux-gnu cmake ninja-build qemu-user python3 libcli11-dev nlohmann-json3-dev doctest-dev \
      lib{cryptominisat5,cadical,flint,mpfr,mpfi,gmp,hwy,tbb,fmt,spdlog,ssl,boost-graph}-dev:arm64
    cmake -S . -B build/aarch64 -G Ninja --toolchain "$PWD/tests/portability/aarch64.cmake" -D CMAKE_BUILD_TYPE=Release \
      -D GAPWRIGHT_WARNINGS_AS_ERRORS=ON -D GAPWRIGHT_BENCH=OFF -D GAPWRIGHT_UNITY=ON >/dev/null
    cmake --build build/aarch64
    bash tests/portability/emulated.sh build/aarch64/tests/gapwright-tests
    ;;
  *)
    echo "usage: inside.sh g++ | clang | aarch64" >&2
    exit 2
    ;;
esac
