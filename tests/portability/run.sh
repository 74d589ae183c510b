#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh [g++ | clang | aarch64]...: builds and tests the checkout's last commit in Debian 13, whatever this system is. All three by default.
#
# g++ and clang run in build/portability/debian-13, as a newcomer would: clone, then ./dev. aarch64 has a root of its own, because the
# development packages of two processors exclude each other. Roots and builds are kept for the next run. Needs root and debootstrap.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$PWD/build/portability
if [ "$(id -u)" -ne 0 ]; then exec sudo -n bash "$PWD/tests/portability/run.sh" "$@"; fi
parts=("$@")
[ $# -gt 0 ] || parts=(g++ clang aarch64)

make_root() { # folder
  [ -d "$1" ] && return
  echo "portability: making ${1##*/}"
  rm -rf "$1.unfinished"
  debootstrap --variant=minbase trixie "$1.unfinished" http://deb.debian.org/debian >"$1.log" 2>&1 || { tail "$1.log" && return 1; }
  mv "$1.unfinished" "$1"
}

in_root() { # folder command...: mounts end with the command
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  unshare --mount bash -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$@"' _ "$1" \
    /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "${@:2}"
}

clone() { # folder name: the last commit as /root/NAME; an earlier build there stays
  cp "$folder/head.bundle" "$1/root/head.bundle"
  in_root "$1" bash -ec 'command -v git >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends git; } >/dev/null
    [ -d "/root/$1" ] || git init -q "/root/$1"
    cd "/root/$1" && git fetch -q /root/head.bundle HEAD && git checkout -qf FETCH_HEAD' _ "$2"
}

mkdir -p "$folder"
git bundle create -q "$folder/head.bundle" HEAD
for part in "${parts[@]}"; do
  root=$folder/debian-13
  [ "$part" = aarch64 ] && root=$folder/debian-13-aarch64
  make_root "$root"
  clone "$root" "gapwright-$part"
  SECONDS=0
  in_root "$root" bash -c 'cd "/root/$1" && exec bash tests/portability/inside.sh "$2"' _ "gapwright-$part" "$part"
  echo "portability: $part passed in $((SECONDS / 60)) minutes"
done
