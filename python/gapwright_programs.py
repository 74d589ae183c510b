# SPDX-License-Identifier: MIT
"""Starts the two programs that lie in gapwright/bin. A module of its own: a command does not wait until numpy is imported."""

import os
import pathlib
import signal
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "gapwright" / "bin"


def start(name):
    """Replaces this process by the program; its arguments, streams and exit code are the program's own."""
    path = FOLDER / name
    if not path.exists():
        sys.exit(f"{name}: {path} is missing; build the targets gapwright_program and gapwright_check, or install the package again")
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and a program would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(path, [name, *sys.argv[1:]])


def gapwright():
    start("gapwright")


def gapwright_check():
    start("gapwright-check")
