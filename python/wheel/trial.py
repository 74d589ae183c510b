# SPDX-License-Identifier: MIT
"""What an installed gapwright can do, with nothing but Python and numpy: module, program and checker.

python3 trial.py COMMIT [--carries-its-libraries]

COMMIT is the commit it must name. With the option, every library that the module has loaded must lie in the package or be the system's own.
Run from a folder that is not the source tree.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy as np


def mapped_libraries():
    return set(re.findall(r" (/\S+\.so\S*)$", pathlib.Path("/proc/self/maps").read_text(), re.MULTILINE))


BEFORE = mapped_libraries()  # numpy's hashlib may have the system's libcrypto
start = time.monotonic()
import gapwright as gw  # noqa: E402

import_seconds = time.monotonic() - start
LOADED = mapped_libraries()
PACKAGE = pathlib.Path(gw.__file__).parent
PROGRAMS = pathlib.Path(sys.executable).parent


def run(*command, code=0, stdin=None):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, input=stdin)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


def module_solves_reduces_decides_attends():
    formula = gw.generate("random-ksat", variables=10, clauses=42, seed=3, plant="uniform")
    solution = gw.solve(formula, order=2)
    assert solution.satisfiable and formula.accepts(solution.assignment)
    reduction = gw.reduce(formula, to="attention", order=2)
    verdict = gw.decide(reduction.target)
    assert verdict.verdict == "yes" and formula.accepts(reduction.pull(verdict.witness))
    out, balls = gw.attend(reduction.target).out, gw.attend(reduction.target, method="certified")
    assert abs(out - balls.out).max() < 1e-9 and (balls.lo <= balls.hi).all()
    assert gw.solve(gw.generate("pigeonhole", pigeons=3, holes=2), order=2).satisfiable is False


def module_uses_flint_and_arb():
    code = gw.Code("hermitian", 9, 20)
    assert code.designed_distance == code.length - code.degree
    gap = gw.reduce(gw.Formula(4, [[1, 2], [-1, 3], [-2, -3], [3, 4]]), to="gap-max-ip", order=2, route="hermitian", field=9, blocks=2)
    assert gw.decide(gap.target).verdict == "yes"


def softmax(q, keys, values, softmax_scale):
    scores = softmax_scale * q @ keys[0].T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ values[0] / weights.sum(axis=1, keepdims=True)


def uniform(q, keys, values, softmax_scale):
    return np.broadcast_to(values[0].mean(axis=0), (len(q), values[0].shape[1]))


def challenge_of_numpy_functions():
    board = gw.challenge({"softmax": softmax, "uniform": uniform}, rows=32, pairs=1, ladder=[1, 2])
    accuracy = {entry["algorithm"]: entry["decision_accuracy"] for entry in board}
    assert accuracy["softmax"] == 1 and accuracy["uniform"] < 1, accuracy


def program_and_checker():
    with tempfile.TemporaryDirectory() as folder:
        formula, hard, certificate = (pathlib.Path(folder) / name for name in ("formula.cnf", "hard.safetensors", "hard.json"))
        gw.generate("random-ksat", variables=8, clauses=30, seed=1).write(formula)
        gapwright, checker = PROGRAMS / "gapwright", PROGRAMS / "gapwright-check"
        assert json.loads(run(gapwright, "solve", formula, "-k", 2, "--json"))["answer"] == "SATISFIABLE"
        run(gapwright, "reduce", formula, "-k", 2, "--to", "attention", "-o", hard, "--quiet")
        run(gapwright, "decide", hard, "--certificate", certificate, "--quiet")
        run(checker, certificate, hard)
        hard.write_bytes(hard.read_bytes()[:-1] + b"?")
        assert subprocess.run([checker, certificate, hard], capture_output=True).returncode in (3, 6)
        run(gapwright, "solve", folder, code=6)
        run(gapwright, "no-such-verb", code=2)
        assert "solve" in run(sys.executable, "-m", "gapwright", "--help")
        assert run(gapwright, "solve", "-", "-k", 2, "--json", stdin=formula.read_text()).startswith("{")


def one_version_and_commit(commit):
    program = json.loads(run(PROGRAMS / "gapwright", "version", "--json"))
    assert (program["version"], program["commit"]) == (gw.__version__, gw.__commit__)
    assert gw.__commit__ == commit, (gw.__commit__, commit)
    described = [file for file in PACKAGE.parent.glob(f"gapwright-{gw.__version__}.dist-info")]
    assert len(described) == 1 and (described[0] / "RECORD").exists()


def a_closed_pipe_ends_the_program():
    """Nobody holds the reading end, so no write succeeds: the program ends with its own exit code for that, and silently, though Python ignores SIGPIPE."""
    ignored = int(re.search(r"SigIgn:\s*(\S+)", pathlib.Path("/proc/self/status").read_text()).group(1), 16)
    assert ignored & 1 << 12, "Python did not ignore it"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([PROGRAMS / "gapwright", "list"], stdout=writer, stderr=subprocess.PIPE, restore_signals=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b""), done


def libraries_are_the_packages_own():
    mapped = LOADED - BEFORE
    own = {path for path in mapped if path.startswith(str(PACKAGE.resolve()))}
    assert len(own) > 5, own
    carried = ("libgmp", "libmpfr", "libflint", "libarb", "libcryptominisat", "libtbb", "libhwy", "libfmt", "libcrypto")
    from_outside = [path for path in mapped - own if pathlib.Path(path).name.startswith(carried)]
    assert not from_outside, from_outside
    for name in ("gapwright", "gapwright-check"):
        listed = run("ldd", PACKAGE / "bin" / name)
        assert "not found" not in listed
        outside = [line for line in listed.splitlines() if "=> /" in line and str(PACKAGE.resolve()) not in line]
        assert all(re.match(r"\s*(libc|libm|libpthread|libdl|librt|libstdc\+\+|libgcc_s)\.so", line) for line in outside), outside
    assert (PACKAGE / "lib" / "licences" / "README.md").exists()


def main(commit, *options):
    steps = [module_solves_reduces_decides_attends, module_uses_flint_and_arb, challenge_of_numpy_functions, program_and_checker,
             lambda: one_version_and_commit(commit), a_closed_pipe_ends_the_program]
    if options == ("--carries-its-libraries",):
        steps.append(libraries_are_the_packages_own)
    assert "/src/" not in str(PACKAGE), PACKAGE
    for step in steps:
        step()
    print(f"trial: {len(steps)} steps pass; Python {sys.version.split()[0]}, numpy {np.__version__}, import in {import_seconds:.2f} s, {PACKAGE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
