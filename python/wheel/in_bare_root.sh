#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Run by make.sh in a root with python3, numpy and pip only: installs the wheel, tries it, and runs the Python tests against it.
set -euo pipefail
tools=/src/python/wheel
pip() { # PYTHON argument...
  local wheels=(/usr/share/python-wheels/pip-*.whl) # a pattern cannot look into the archive
  "$1" "${wheels[0]}/pip" "${@:2}"
}

environment() { # FOLDER
  rm -rf "$1"
  python3 -m venv --without-pip --system-site-packages "$1"
}

cd /
export PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
environment /tmp/trial
pip /tmp/trial/bin/python install -q /src/build/dist/*.whl
/tmp/trial/bin/python $tools/trial.py "$COMMIT" --carries-its-libraries
pip /tmp/trial/bin/python uninstall -q -y gapwright
[ -z "$(find /tmp/trial -name '*gapwright*')" ] || { echo "wheel: uninstalling leaves files" >&2; exit 1; }

environment /tmp/tests
pip /tmp/tests/bin/python install -q --find-links /wheels /src/build/dist/*.whl pytest
export GAPWRIGHT_PROGRAM=/tmp/tests/bin/gapwright GAPWRIGHT_CHECKER=/tmp/tests/bin/gapwright-check PATH=/tmp/tests/bin:$PATH
/tmp/tests/bin/python -m pytest -q -p no:cacheprovider /src/tests/python
