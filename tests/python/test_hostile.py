# SPDX-License-Identifier: MIT
"""What must not end the interpreter, nor fill a terminal: sizes at which arithmetic wraps, the end of the process inside a call, long and strange texts."""

import faulthandler
import os
import pathlib
import resource
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import gapwright as gw

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
FORMULA = gw.Formula.read(DATA / "yes" / "six-variables.cnf")
ATTENTION = gw.generate("attention", rows=3, dimension=2, order=2)
VECTORS = gw.generate("orthogonal-vectors", vectors=3, dimension=4, order=2)


def in_new_process(program, seconds=20):
    """Exit code and what it printed. A module that aborts ends this one process."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=seconds, env=os.environ)
    return done.returncode, done.stdout + done.stderr


def is_shown(text):
    return len(text.encode()) <= 500 and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


MAKE = {
    "orthogonal vectors": lambda k: gw.OrthogonalVectors([np.ones((1, 1), "uint8")] * k),
    "gap-max-ip": lambda k: gw.GapMaxIp([np.ones((1, 1), "uint8")] * k, yes_at_least=1, no_at_most=0),
    "real gap-max-ip": lambda k: gw.RealGapMaxIp([np.ones((1, 1))] * k, yes_at_least=1, no_at_most=0),
    "attention": lambda k: gw.Attention(np.ones((1, 1)), [np.ones((1, 1))] * (k - 1), [np.ones((1, 1))] * (k - 1)),
}


@pytest.mark.parametrize("kind", MAKE)
def test_orders_above_64_are_refused(kind):
    MAKE[kind](64)
    for order in (65, 20_000):
        with pytest.raises(gw.BadInstance, match="order"):
            MAKE[kind](order)


NUMBERS = (0, 1, 65, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30, 10**5000, -1)
CALLS = {
    "solve": (gw.solve, dict(formula=FORMULA), ("order", "threads", "max_tuples")),
    "solve by code": (gw.solve, dict(formula=FORMULA, route="reed-solomon", order=2), ("advice", "field", "blocks", "block_length", "seed")),
    "solve by tower": (gw.solve, dict(formula=FORMULA, route="tower", order=2), ("level", "field")),
    "count_models": (gw.count_models, dict(formula=FORMULA), ("order", "threads", "max_tuples")),
    "fewest_violated": (gw.fewest_violated, dict(formula=FORMULA), ("order", "threads", "max_tuples")),
    "reduce": (gw.reduce, dict(source=FORMULA, to="attention"), ("order", "delta")),
    "reduce by code": (gw.reduce, dict(source=FORMULA, to="attention", route="reed-solomon", order=2), ("order", "message", "field", "blocks", "block_length", "mu")),
    "reduce by tower": (gw.reduce, dict(source=FORMULA, to="gap-max-ip", route="tower", order=2), ("level", "field")),
    "decide": (gw.decide, dict(instance=ATTENTION), ("threads", "max_tuples")),
    "attend": (gw.attend, dict(attention=ATTENTION), ("threads", "error")),
    "attend by polynomial": (gw.attend, dict(attention=ATTENTION, method="polynomial"), ("most_features", "threads")),
    "gradients": (gw.gradients, dict(attention=ATTENTION, upstream=np.ones((3, 2))), ("threads",)),
    "challenge": (gw.challenge, dict(algorithms=lambda q, k, v, s: np.zeros((8, 1)), rows=8, pairs=1, ladder=[1], timing_rows=[8]),
                  ("order", "rows", "dimension", "pad_dimension", "seed", "threads", "softmax_scale")),
    "plan": (gw.plan, dict(variables=6, clauses=9), ("variables", "order", "up_to", "largest_field", "delta")),
    "Code": (gw.Code, dict(family="reed-solomon", q=5, degree=2), ("q", "degree", "level", "length")),
    "hermitian": (gw.Code, dict(family="hermitian", q=2, degree=2), ("q", "degree")),
    "tower": (gw.Code, dict(family="tower", q=2, degree=2, level=2), ("q", "degree", "level")),
    "check_code": (gw.check_code, dict(family="hermitian", q=2, degree=2), ("q", "degree", "level", "length")),
    "random-ksat": (gw.generate, dict(family="random-ksat", variables=6, clauses=9), ("variables", "clauses", "width", "order", "seed")),
    "quiet": (gw.generate, dict(family="random-ksat", variables=6, clauses=9, plant="quiet"), ("variables", "clauses", "width", "order", "seed")),
    "pigeonhole": (gw.generate, dict(family="pigeonhole", pigeons=3, holes=2), ("pigeons", "holes")),
    "parity": (gw.generate, dict(family="parity", points=4), ("points",)),
    "ordering": (gw.generate, dict(family="ordering", elements=3), ("elements",)),
    "ramsey": (gw.generate, dict(family="ramsey", independent=3, clique=3, vertices=4), ("independent", "clique", "vertices")),
    "van-der-waerden": (gw.generate, dict(family="van-der-waerden", numbers=5, first=3, second=3), ("numbers", "first", "second")),
    "orthogonal-vectors": (gw.generate, dict(family="orthogonal-vectors", vectors=3, dimension=4), ("vectors", "dimension", "order", "seed")),
    "planted vectors": (gw.generate, dict(family="orthogonal-vectors", vectors=3, dimension=4, plant="camouflaged"), ("vectors", "dimension", "order")),
    "gap-max-ip": (gw.generate, dict(family="gap-max-ip", vectors=3, dimension=4), ("vectors", "dimension", "order", "seed")),
    "attention": (gw.generate, dict(family="attention", rows=3, dimension=2), ("rows", "dimension", "order", "entry_bound", "seed")),
    "Formula": (gw.Formula, dict(variables=2, clauses=[[1]]), ("variables",)),
    "accepts": (VECTORS.accepts, dict(tuple=[0, 0]), ()),
}


TIMED = (gw.solve, gw.count_models, gw.fewest_violated, gw.decide, gw.attend, gw.gradients, gw.plan, gw.Code, gw.challenge)


def call_with(name, argument, number):
    function, arguments, _ = CALLS[name]
    if function in TIMED:
        arguments = dict(arguments, timeout=1)
    function(**dict(arguments, **{argument: number}))


def outcome(name, argument, number):
    """How one call in a forked child ends: 0 for an answer, an exception that says what is wrong, or long work where there is no time limit."""
    limited = CALLS[name][0] in TIMED
    child = os.fork()
    if child == 0:
        code = 1
        try:
            faulthandler.disable()
            resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.alarm(5 if limited else 1)
            try:
                call_with(name, argument, number)
                code = 0
            except (ValueError, TypeError, OverflowError, MemoryError, gw.LimitReached) as e:
                code = 0 if isinstance(e, TypeError) or is_shown(str(e)) else 2
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    return 0 if status == signal.SIGALRM and not limited else status


@pytest.mark.parametrize("name", CALLS)
def test_every_argument_with_huge_numbers(name):
    ends = {(argument, str(number) if number < 10**40 else "10^5000"): outcome(name, argument, number) for argument in CALLS[name][2] for number in NUMBERS}
    assert {place: status for place, status in ends.items() if status != 0} == {}


ENDINGS = {
    "certified attention": "gw.attend(big, method='certified')",
    "exact attention": "gw.attend(big)",
    "deciding": "gw.solve(gw.generate('random-ksat', variables=54, clauses=190), max_tuples=1e30)",
    "challenge": "gw.challenge(slow, rows=64, pairs=50)",
    "python that does not return": "gw.challenge(endless, rows=64, pairs=50)",
    "again and again": "[gw.attend(small) for _ in range(10**9)]",
    "codes": "[code.encode(np.zeros((2000, 2), 'uint16')) for _ in range(10**9)]",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_process_ends_while_a_daemon_thread_is_inside_a_call(name):
    code, said = in_new_process(f"""
        import threading, time, numpy as np, gapwright as gw
        big = gw.generate("attention", rows=3000, dimension=8, order=3)
        small = gw.generate("attention", rows=20, dimension=8, order=2)
        code = gw.Code("reed-solomon", 5, 1)
        def slow(q, keys, values, scale):
            time.sleep(0.05)
            return values[0]
        def endless(q, keys, values, scale):
            while True:
                pass
        def work():
            {ENDINGS[name]}
        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.4)
        print("the main thread is done")
    """)
    assert (code, said) == (0, "the main thread is done\n")


def test_a_call_from_an_atexit_function():
    code, said = in_new_process("""
        import atexit, gapwright as gw
        atexit.register(lambda: print(gw.attend(gw.generate("attention", rows=3, dimension=2, order=2)).out.shape))
    """)
    assert code == 0 and "(3, 2)" in said, said
    code, said = in_new_process("""
        import atexit
        atexit.register(lambda: print(gw.attend(gw.generate("attention", rows=3, dimension=2, order=2)).out.shape))
        import gapwright as gw
    """)
    assert code == 0 and "(3, 2)" in said, said


STRANGE = ("\x1b[31m", "\u009b31m", "x" * 1_000_000, "\u202e\u009d", "a\nb\r\x07")


@pytest.mark.parametrize("text", STRANGE, ids=("escape", "csi", "megabyte", "osc", "lines"))
def test_messages_are_short_and_printable(text, tmp_path):
    calls = [
        lambda: gw.read(text),
        lambda: gw.Formula.read(text),
        lambda: gw.generate(text),
        lambda: gw.attend(ATTENTION, method=text),
        lambda: gw.attend(ATTENTION, dtype=text),
        lambda: gw.reduce(FORMULA, to=text),
        lambda: gw.reduce(FORMULA, to="attention", route=text),
        lambda: gw.solve(FORMULA, route=text),
        lambda: gw.solve(FORMULA, route="tower", advice=text),
        lambda: gw.Code(text, 5, 2),
        lambda: gw.Formula.parse("p cnf 1 1\n" + text),
        lambda: gw.Formula.parse(text),
        lambda: FORMULA.write(text + "/x"),
        lambda: gw.challenge(lambda *a: None, entry_dtype=text),
        lambda: gw.challenge(lambda *a: None, softmax_scale=text),
        lambda: gw.generate("random-ksat", variables=3, clauses=3, plant=text),
        lambda: gw.decide(ATTENTION, method=text),
    ]
    for call in calls:
        with pytest.raises((ValueError, RuntimeError, OSError)) as raised:
            call()
        assert is_shown(str(raised.value)), str(raised.value)[:300]


def test_texts_of_files_are_shown_short(tmp_path):
    header = '{"__metadata__":{"softmax_scale":"%s"},"%s":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}' % ("\u009b" * 9, "\u009b" * 500_000)
    data = header.encode()
    path = tmp_path / "strange.safetensors"
    path.write_bytes(len(data).to_bytes(8, "little") + data + b"\0")
    with pytest.raises(gw.BadInstance) as raised:
        gw.read(path)
    assert is_shown(str(raised.value))
