#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Run by make.sh in a root with everything that gapwright is built with. The tree is /src; the wheel comes to /src/build/dist.
set -euo pipefail
tools=/src/python/wheel
say() { echo "wheel: $*"; }

# What a package index would give. Debian has two of these as wheels; the others are packed from the files that its packages install.
folder_of_wheels() {
  rm -f /wheels/*
  cp /usr/share/python-wheels/{setuptools,wheel}-*.whl /wheels
  local attrs # which older versions of pytest need
  attrs=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' python3-attr 2>/dev/null | sed -n 's/^installed //p' || true)
  python3 $tools/pack_installed.py /wheels python3-pybind11 python3-numpy python3-pytest python3-pluggy python3-iniconfig python3-packaging $attrs
  ls /wheels
}

environment() { # FOLDER [option of venv]
  rm -rf "$1" /src/build/lib* /src/build/bdist*
  python3 -m venv "${@:2}" "$1"
}

folder_of_wheels
cd /src
export PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels PIP_DISABLE_PIP_VERSION_CHECK=1

say "pip install . with build isolation, in a plain virtual environment"
environment /tmp/plain
/tmp/plain/bin/pip install -q .
(cd / && /tmp/plain/bin/python $tools/trial.py "$COMMIT")

say "pip install --no-build-isolation --no-deps ."
environment /tmp/offline --system-site-packages
/tmp/offline/bin/pip install -q --no-build-isolation --no-deps .
(cd / && /tmp/offline/bin/python $tools/trial.py "$COMMIT")

say "the wheel"
rm -rf build/raw build/dist build/lib* build/bdist*
/tmp/offline/bin/pip wheel -q --no-build-isolation --no-deps -w build/raw .
python3 $tools/carry_libraries.py build/raw/*.whl build/dist
