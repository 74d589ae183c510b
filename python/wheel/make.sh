#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev wheel: one wheel for the Python of each Debian suite, made and tried in roots of that suite. Needs root: debootstrap and chroot do.
#
# For each suite there are two roots: "build" has what gapwright is built with, "bare" has python3, numpy and pip only.
#   1. In "build", `pip install .` with build isolation, in a plain virtual environment, from a local folder of wheels; and the offline form.
#   2. In "build", the wheel; carry_libraries.py puts its shared libraries and their licences inside.
#   3. In "bare", trial.py and then the Python tests, against the installed wheel.
# Roots and build folders stay in GAPWRIGHT_WHEEL_FOLDER (build/wheel), so that a second run is short. With CCACHE_DIR set, ccache is used.
# The wheels come to build/wheel/dist.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source_tree=$PWD
work=${GAPWRIGHT_WHEEL_FOLDER:-$PWD/build/wheel}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
mkdir -p "$work/debs" build/wheel/dist

bare_packages=(python3 python3-numpy python3-pip-whl)
build_packages=("${bare_packages[@]}" g++ cmake ninja-build pkg-config libcryptominisat5-dev libcadical-dev libflint-dev libmpfr-dev libmpfi-dev
  libgmp-dev libhwy-dev libtbb-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libssl-dev libboost-graph-dev
  python3-dev pybind11-dev python3-pybind11 python3-venv python3-setuptools python3-wheel python3-setuptools-whl python3-wheel-whl
  python3-pytest patchelf binutils)
[ -z "${CCACHE_DIR:-}" ] || build_packages+=(ccache)

say() { echo "wheel: $*"; }

# in_root ROOT [-e NAME=VALUE]... COMMAND...: runs it there, with this tree at /src, the suite's build folder at /src/build and its wheels at /wheels.
in_root() {
  local root=$1 suite_folder=${1%/*} settings=(PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1)
  shift
  while [ "$1" = -e ]; do
    settings+=("$2")
    shift 2
  done
  mkdir -p "$root"/{src,wheels,ccache} "$suite_folder"/{tree,wheels}
  unshare --mount --pid --fork bash -ec '
    root=$1 source=$2 suite_folder=$3 ccache=$4
    shift 4
    mount -t proc proc "$root/proc"
    mount --bind "$source" "$root/src"
    mkdir -p "$source/build"
    mount --bind "$suite_folder/tree" "$root/src/build"
    mount --bind "$suite_folder/wheels" "$root/wheels"
    [ -z "$ccache" ] || mount --bind "$ccache" "$root/ccache"
    mkdir -p "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/dev/shm"
    cd "$root"
    exec chroot "$root" "$@"' _ "$root" "$source_tree" "$suite_folder" "${CCACHE_DIR:-}" env -i "${settings[@]}" "$@"
}

# root SUITE NAME PACKAGE...: makes the root once; the list of packages is kept beside it.
root() {
  local folder=$work/$1 name=$2 suite=$1
  shift 2
  [ "$(cat "$folder/$name.made" 2>/dev/null)" != "$*" ] || return 0
  mkdir -p "$folder" "$work/debs/$suite"
  if [ ! -e "$folder/base.made" ]; then
    say "a root of Debian $suite"
    rm -rf "$folder/base"
    debootstrap --variant=minbase --cache-dir="$work/debs/$suite" "$suite" "$folder/base" "$mirror" >"$folder/debootstrap.log"
    touch "$folder/base.made"
  fi
  say "root $suite/$name"
  rm -rf "${folder:?}/$name"
  cp -a "$folder/base" "$folder/$name"
  cp /etc/resolv.conf "$folder/$name/etc/resolv.conf"
  echo force-unsafe-io >"$folder/$name/etc/dpkg/dpkg.cfg.d/unsafe-io"  # a broken root is made again
  in_root "$folder/$name" -e DEBIAN_FRONTEND=noninteractive bash -ec '
    apt-get update -qq
    arb=$(apt-cache policy libflint-arb-dev | grep -q "Candidate: [0-9]" && echo libflint-arb-dev || true)
    case " $* " in *" libflint-dev "*) ;; *) arb= ;; esac
    apt-get install -y -qq --no-install-recommends "$@" $arb >/dev/null
    apt-get clean' _ "$@" >"$folder/$name.log" 2>&1 || { tail -5 "$folder/$name.log" >&2; return 1; }
  echo "$*" >"$folder/$name.made"
}

wheel_of() { # SUITE
  local suite=$1 folder=$work/$1 settings=(-e "CMAKE_ARGS=-DGAPWRIGHT_WARNINGS_AS_ERRORS=ON -DGAPWRIGHT_COMMIT=$commit" -e "COMMIT=$commit")
  [ -z "${CCACHE_DIR:-}" ] || settings+=(-e CMAKE_CXX_COMPILER_LAUNCHER=ccache -e CCACHE_DIR=/ccache -e CCACHE_BASEDIR=/src -e CCACHE_NOHASHDIR=1
    -e CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime)
  [ -z "${CMAKE_BUILD_PARALLEL_LEVEL:-}" ] || settings+=(-e "CMAKE_BUILD_PARALLEL_LEVEL=$CMAKE_BUILD_PARALLEL_LEVEL")
  root "$suite" bare "${bare_packages[@]}"
  root "$suite" build "${build_packages[@]}"
  say "$suite: building"
  in_root "$folder/build" "${settings[@]}" bash /src/python/wheel/in_build_root.sh
  say "$suite: trying it in the bare root"
  in_root "$folder/bare" -e "COMMIT=$commit" bash /src/python/wheel/in_bare_root.sh
  cp "$folder"/tree/dist/*.whl build/wheel/dist/
}

commit=$(git -C "$PWD" describe --always --abbrev=40 --exclude='*' --dirty=+changes)
[ "$(id -u)" -eq 0 ] || { echo "wheel: debootstrap and chroot need root" >&2; exit 1; }
[ $# -gt 0 ] || set -- bookworm trixie
rm -f build/wheel/dist/*
for suite in "$@"; do wheel_of "$suite"; done
ls -l build/wheel/dist
