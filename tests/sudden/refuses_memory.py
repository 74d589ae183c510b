#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Memory refused where no exception may pass (a destructor, a thread, noexcept): one line, exit code 5, and the output file as it was, nothing beside it.

usage: refuses_memory.py PROGRAM (tests/sudden/refuses_memory.cpp)

Without the handler the same program dies of SIGABRT and leaves its half-written file: this is tried too, so that the test can tell.
"""
import os
import resource
import signal
import subprocess
import sys
import tempfile

PLACES = ("destructor", "thread", "noexcept", "unwinding", "gmp-in-a-thread", "length-in-a-thread", "no-thread-in-a-destructor")


def run(words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
    return done.returncode, done.stderr


def main():
    program, wrong = os.path.abspath(sys.argv[1]), []
    for place in (*PLACES, "another-failure-in-a-thread"):
        for plain in ([], ["plain"]):
            with tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "out")
                with open(out, "w") as f:
                    f.write("of before")
                code, said = run([program, place, out, *plain])
                left = sorted(name for name in os.listdir(folder) if name != "out")
                kept = open(out).read() == "of before"
            held = code == 5 and len(said.splitlines()) == 1 and said.startswith("gapwright: error: ") and not left
            dies = code == -signal.SIGABRT and bool(left)
            expected = held if place in PLACES and not plain else dies  # another failure is a defect, and is not hidden
            if not (expected and kept):
                wrong.append(f"{place} {plain}: exit code {code}, left {left}, kept {kept}: {said.strip()[-200:]}")
    for line in wrong:
        print("FINDING", line)
    print(f"{2 * len(PLACES) + 2} ends, {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
