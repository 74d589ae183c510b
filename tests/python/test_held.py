# SPDX-License-Identifier: MIT
"""Every function that takes a limit, at work that is far too much for it: each is run in a process of its own, once with a timeout and once with a
memory_limit. It must end in LimitReached or be done: at most a second late, in the time of one processor, so that other work on the machine does not
count; and with at most 110 % of the memory and what two threads need. These are the cells of the table in docs/limits.md.
"""
import os
import pickle
import re
import resource
import signal
import threading
import time

import gapwright as gw
import numpy as np
import pytest

ALL = float(os.environ.get("GAPWRIGHT_TEST_MULTIPLIER", "1")) > 1  # every cell, which takes minutes: ./dev nightly

SECONDS, LATE = 1, 1.0  # LATE: of processor time after the limit, for each core
WALL = 60  # of a run in all, on a machine that is shared
MEMORY, ROOM = 200 << 20, 30 << 20


def ksat(variables, clauses):
    return gw.generate("random-ksat", variables=variables, clauses=clauses)


def vectors(n=20_000, dimension=300, order=3):
    return gw.generate("orthogonal-vectors", vectors=n, dimension=dimension, order=order)


def gap(n=4000, dimension=400, order=3):
    return gw.generate("gap-max-ip", vectors=n, dimension=dimension, order=order, yes_at_least=dimension * 19 // 20, no_at_most=dimension * 3 // 4)


def attention(rows=4000, dimension=32, order=3, bound=1.0):
    return gw.generate("attention", rows=rows, dimension=dimension, order=order, entry_bound=bound)


def reduced(**options):
    return gw.reduce(ksat(36, 400), **options).target


def real_gap(n=3000, dimension=1000):
    return gw.RealGapMaxIp([np.full((n, dimension), 0.5) for _ in range(3)], yes_at_least=400, no_at_most=300)


def factored(variables=22, clauses=60, order=2):
    return gw.reduce(ksat(variables, clauses), to="gap-max-ip", route="reed-solomon", form="factored", order=order, message=0).target


def word_maker():
    code = gw.Code("reed-solomon", 1021, 400)
    return code, np.ones((20_000, code.dimension), "uint16")


def hermitian_words(rows):
    code = gw.Code("hermitian", 32, 40)
    return code, np.broadcast_to(np.zeros((1, code.length), "int64"), (rows, code.length))


def made(call):
    """The call's inputs are made before its limits begin."""
    return call


# name: (what makes the inputs, the call)
CALLS = {
    "solve": (lambda: ksat(54, 190), lambda f, **o: gw.solve(f, max_tuples=1e30, **o)),
    "solve of order 2": (lambda: ksat(48, 120), lambda f, **o: gw.solve(f, order=2, max_tuples=1e30, **o)),
    "solve, all counts": (lambda: ksat(48, 400), lambda f, **o: gw.solve(f, count=True, max=True, max_tuples=1e30, **o)),
    "solve by a code": (lambda: ksat(36, 153), lambda f, **o: gw.solve(f, route="tower", advice="all", max_tuples=1e30, **o)),
    "solve by a code, as vectors": (lambda: ksat(24, 40), lambda f, **o: gw.solve(f, route="reed-solomon", form="explicit", **o)),
    "count_models": (lambda: ksat(48, 120), lambda f, **o: gw.count_models(f, max_tuples=1e30, **o)),
    "count_models of many vectors": (lambda: ksat(60, 3), lambda f, **o: gw.count_models(f, max_tuples=1e30, **o)),
    "count_models, project": (lambda: gw.Formula.parse("c p show %s 0\n%s" % (" ".join(map(str, range(1, 61))), ksat(90, 200).dimacs())), lambda f, **o: gw.count_models(f, project=True, **o)),
    "fewest_violated": (lambda: ksat(48, 400), lambda f, **o: gw.fewest_violated(f, max_tuples=1e30, **o)),
    "decide a formula": (lambda: gw.generate("pigeonhole", pigeons=13, holes=12), lambda f, **o: gw.decide(f, **o)),
    "decide a wide formula": (lambda: gw.Formula.parse("p cnf 2147483647 1\n1 0\n"), lambda f, **o: gw.decide(f, **o)),
    "decide vectors": (vectors, lambda v, **o: gw.decide(v, **o)),
    "decide gap-max-ip": (gap, lambda g, **o: gw.decide(g, **o)),
    "decide real gap-max-ip": (real_gap, lambda g, **o: gw.decide(g, **o)),
    "decide factored gap-max-ip": (factored, lambda g, **o: gw.decide(g, **o)),
    "decide attention": (reduced, lambda a, **o: gw.decide(a, **o)),
    "decide attention by histogram": (reduced, lambda a, **o: gw.decide(a, method="histogram", **o)),
    "decide attention by balls": (reduced, lambda a, **o: gw.decide(a, method="balls", **o)),
    "decide attention in many bits": (reduced, lambda a, **o: gw.decide(a, method="balls", precision=1 << 20, **o)),
    "attend": (attention, lambda a, **o: gw.attend(a, **o)),
    "attend, certified": (attention, lambda a, **o: gw.attend(a, method="certified", **o)),
    "attend, polynomial": (lambda: attention(60_000, 8, 2), lambda a, **o: gw.attend(a, method="polynomial", error=1e-9, **o)),
    "attend, many features": (lambda: attention(20_000, 30, 2, 0.5), lambda a, **o: gw.attend(a, method="polynomial", error=1e-9, most_features=10**9, **o)),
    "gradients": (lambda: (attention(), np.ones((4000, 32))), lambda a, **o: gw.gradients(a[0], a[1], **o)),
    "gradients, polynomial": (lambda: (attention(60_000, 8, 2), np.ones((60_000, 8))), lambda a, **o: gw.gradients(a[0], a[1], method="polynomial", error=1e-6, **o)),
    "reduce to vectors": (lambda: ksat(60, 3), lambda f, **o: gw.reduce(f, to="orthogonal-vectors", **o)),
    "reduce to many vectors": (lambda: ksat(69, 300), lambda f, **o: gw.reduce(f, to="orthogonal-vectors", **o)),
    "reduce": (lambda: ksat(57, 250), lambda f, **o: gw.reduce(f, **o)),
    "reduce, square and causal": (lambda: ksat(54, 250), lambda f, **o: gw.reduce(f, square=True, causal=True, **o)),
    "reduce at order 24": (lambda: ksat(30, 20), lambda f, **o: gw.reduce(f, order=24, **o)),
    "reduce vectors": (vectors, lambda v, **o: gw.reduce(v, **o)),
    "reduce 60 variables by a code": (lambda: ksat(60, 3), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="reed-solomon", message=0, max_tuples=1e30, **o)),
    "reduce 51 variables by a code": (lambda: ksat(51, 3), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="reed-solomon", message=0, max_tuples=1e30, **o)),
    "reduce by a code, best message": (lambda: ksat(45, 100), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="reed-solomon", max_tuples=1e30, **o)),
    "reduce by a code, factored": (lambda: ksat(48, 60), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="hermitian", form="factored", message=0, **o)),
    "reduce by a code, explicit": (lambda: ksat(24, 40), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="reed-solomon", form="explicit", message=0, **o)),
    "reduce by a tower": (lambda: ksat(30, 400), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="tower", order=2, message=0, **o)),
    "reduce by a code to attention": (lambda: ksat(36, 20), lambda f, **o: gw.reduce(f, route="reed-solomon", message=0, **o)),
    "reduce to characters": (lambda: ksat(30, 40), lambda f, **o: gw.reduce(f, to="gap-max-ip", route="reed-solomon", gadget="characters", message=0, **o)),
    "reduce by characters to attention": (lambda: ksat(24, 20), lambda f, **o: gw.reduce(f, route="reed-solomon", gadget="characters", message=0, mu=1e-3, **o)),
    "reduce gap-max-ip": (lambda: gap(40_000, 400), lambda g, **o: gw.reduce(g, **o)),
    "reduce gap-max-ip, paper": (lambda: gap(40_000, 400), lambda g, **o: gw.reduce(g, embedding="paper", **o)),
    "reduce real gap-max-ip": (real_gap, lambda g, **o: gw.reduce(g, mu=1e-2, **o)),
    "reduce factored gap-max-ip": (factored, lambda g, **o: gw.reduce(g, to="gap-max-ip", form="pruned", **o)),
    "reduce factored gap-max-ip to attention": (factored, lambda g, **o: gw.reduce(g, gadget="characters", **o)),
    "plan": (made, lambda _, **o: gw.plan(variables=60, clauses=260, longest=10_000_000, **o)),
    "plan of few clauses": (made, lambda _, **o: gw.plan(variables=20, clauses=65, **o)),
    "plan of one variable": (made, lambda _, **o: gw.plan(variables=1, clauses=65, **o)),
    "plan of many clauses": (made, lambda _, **o: gw.plan(variables=100_000, clauses=10_000_000, **o)),
    "plan, up to": (made, lambda _, **o: gw.plan(variables=60, clauses=260, up_to=100_000, **o)),
    "plan, all ways": (made, lambda _, **o: gw.plan(variables=2000, clauses=9000, all=True, **o)),
    "plan at order 24": (made, lambda _, **o: gw.plan(variables=2000, clauses=900, order=24, all=True, **o)),
    "plan, longest 2^31": (made, lambda _, **o: gw.plan(variables=60, clauses=260, longest=2**31, **o)),
    "plan, longest 2^64 - 1": (made, lambda _, **o: gw.plan(variables=60, clauses=65, longest=2**64 - 1, **o)),
    "estimate": (made, lambda _, **o: gw.estimate(variables=1100, clauses=10**6, order=24, **o)),
    "path": (made, lambda _, **o: gw.path("cnf", "attention", variables=1_000_000, clauses=10**6, order=24, all=True, **o)),
    "implied": (made, lambda _, **o: gw.implied("cnf", "attention", variables=1000, clauses=20_000, **o)),
    "trace": (lambda: ksat(6, 32), lambda f, **o: gw.trace(f, order=2, route="hermitian", field=1024, **o)),
    "explore regime": (made, lambda _, **o: gw.explore("regime", rows=[512], orders=[3], **o)),
    "explore gradient": (made, lambda _, **o: gw.explore("gradient", rows=[1024, 2048], **o)),
    "explore routes": (made, lambda _, **o: gw.explore("routes", orders=[2, 3, 4], **o)),
    "explore orders": (made, lambda _, **o: gw.explore("orders", variables=[24], measured_tuples=1e12, **o)),
    "fuzz": (made, lambda _, **o: gw.fuzz(cases=100_000, **o)),
    "fuzz, exhaustive": (made, lambda _, **o: gw.fuzz("merlin_arthur", exhaustive=3, mutants=True, **o)),
    "fuzz_command": (made, lambda _, **o: gw.fuzz_command("/bin/sh -c 'sleep 9' sh {in} {out}", to="attention", **o)),
    "challenge": (made, lambda _, **o: gw.challenge(lambda q, keys, values, scale: values[0][:, :1] if len(values) else None, rows=2048, pairs=100, **o)),
    "challenge of order 3": (made, lambda _, **o: gw.challenge(lambda q, keys, values, scale: values[0], rows=300, order=3, pairs=100, **o)),
    "challenge, padded": (made, lambda _, **o: gw.challenge(lambda q, keys, values, scale: values[0], rows=512, pad_dimension=30_000, pairs=100, **o)),
    "challenge, timing rows": (made, lambda _, **o: gw.challenge(lambda q, keys, values, scale: values[0], rows=64, pairs=1, timing_rows=[100_000, 200_000], **o)),
    "Code, reed-solomon": (made, lambda _, **o: gw.Code("reed-solomon", 65_521, 30_000, **o)),
    "Code, hermitian": (made, lambda _, **o: gw.Code("hermitian", 31, 12_000, **o)),
    "Code, tower": (made, lambda _, **o: gw.Code("tower", 3, 3000, level=7, **o)),
    "check_code, reed-solomon": (made, lambda _, **o: gw.check_code("reed-solomon", 65_521, degree=30_000, **o)),
    "check_code, tower": (made, lambda _, **o: gw.check_code("tower", 5, level=5, **o)),
    "encode": (word_maker, lambda c, **o: c[0].encode(np.repeat(c[1], 4, axis=0) if "timeout" in o else c[1], **o)),
    "unencode": (word_maker, lambda c, **o: c[0].unencode(np.zeros((60_000, 1021), "uint16"), **o)),
    "syndromes": (word_maker, lambda c, **o: c[0].syndromes(np.zeros((60_000, 1021), "uint16"), **o)),
    "contains": (word_maker, lambda c, **o: c[0].contains(np.zeros((60_000, 1021), "uint16"), **o)),
    "syndromes of int64": (lambda: hermitian_words(1024), lambda c, **o: c[0].syndromes(c[1], **o)),
    "contains, one row many times": (lambda: hermitian_words(12_000), lambda c, **o: c[0].contains(c[1], **o)),
    "parity_check": (lambda: gw.Code("hermitian", 27, 10), lambda c, **o: c.parity_check(**o)),
    "random-ksat": (made, lambda _, **o: gw.generate("random-ksat", variables=2_000_000, clauses=20_000_000, **o)),
    "random-ksat, quiet": (made, lambda _, **o: gw.generate("random-ksat", variables=200, clauses=5_000_000, plant="quiet", **o)),
    "random-ksat, planted and wide": (made, lambda _, **o: gw.generate("random-ksat", variables=2_147_483_647, clauses=1, plant="uniform", **o)),
    "random-ksat, long clauses": (made, lambda _, **o: gw.generate("random-ksat", variables=2_000_000, clauses=100, width=1_000_000, **o)),
    "random-ksat, quiet and long clauses": (made, lambda _, **o: gw.generate("random-ksat", variables=2_000_000, clauses=100, width=1_000_000, plant="quiet", **o)),
    "pigeonhole": (made, lambda _, **o: gw.generate("pigeonhole", pigeons=500, holes=500, **o)),
    "parity": (made, lambda _, **o: gw.generate("parity", points=500, **o)),
    "ordering": (made, lambda _, **o: gw.generate("ordering", elements=500, **o)),
    "ramsey": (made, lambda _, **o: gw.generate("ramsey", independent=5, clique=5, vertices=70, **o)),
    "van-der-waerden": (made, lambda _, **o: gw.generate("van-der-waerden", numbers=9000, first=3, second=3, **o)),
    "orthogonal-vectors": (made, lambda _, **o: gw.generate("orthogonal-vectors", vectors=1_000_000, dimension=2000, **o)),
    "gap-max-ip": (made, lambda _, **o: gw.generate("gap-max-ip", vectors=1_000_000, dimension=2000, yes_at_least=1900, no_at_most=1500, **o)),
    "orthogonal-vectors, long": (made, lambda _, **o: gw.generate("orthogonal-vectors", vectors=1, dimension=2_000_000_000, **o)),
    "gap-max-ip, long": (made, lambda _, **o: gw.generate("gap-max-ip", vectors=1, dimension=16_000_000, **o)),
    "attention, long": (made, lambda _, **o: gw.generate("attention", rows=1, dimension=200_000_000, **o)),
    "attention": (made, lambda _, **o: gw.generate("attention", rows=1_000_000, dimension=64, **o)),
}
TIME_ONLY = {"minimum_distance": (lambda: gw.Code("reed-solomon", 31, 5), lambda c, **o: c.minimum_distance(most_words=2**63, **o))}


ALWAYS = ("syndromes of int64", "contains, one row many times", "parity_check")  # quick, and each passed its limits once


def only_nightly(names, share):
    """All names; those that are neither the share-th nor in ALWAYS are skipped except on long nights."""
    left_out = pytest.mark.skipif(not ALL, reason="runs in ./dev nightly")
    return [pytest.param(name, marks=[left_out] * (i % share != 0 and name not in ALWAYS)) for i, name in enumerate(names)]


def kilobytes(name):
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith(name + ":"))


def measured(call, given, options):
    """(outcome, processor seconds after the time limit, seconds in all, bytes at most beyond those of before)."""
    at_limit = []
    timer = threading.Timer(SECONDS, lambda: at_limit.append(time.process_time()))
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")  # the peak begins anew
    before, start = kilobytes("VmRSS"), time.monotonic()
    timer.start()
    try:
        call(given, **options)
        said = "done"
    except (gw.LimitReached, MemoryError) as e:
        said = "LimitReached" if str(e) else "MemoryError without a word"
    late = time.process_time() - at_limit[0] if at_limit else 0
    timer.cancel()
    return said, late, time.monotonic() - start, (kilobytes("VmHWM") - before) * 1024


def in_child(make, call, options):
    """The same in a forked process, and `failed ...` for any other exception or end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            given = make() if make is not made else None
            signal.alarm(WALL)
            answer = measured(call, given, options)
        except BaseException as e:  # pylint: disable=broad-except
            answer = (f"failed: {type(e).__name__}: {e}"[:300], 0, 0, 0)
        os.write(writing, pickle.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as f:
        answer = f.read()
    status = os.waitpid(child, 0)[1]
    return pickle.loads(answer) if answer else (f"failed: status {status}", 0, 0, 0)


def tell(name, limit, outcome):
    if path := os.environ.get("GAPWRIGHT_FIGURES"):  # a file that collects what was measured
        with open(path, "a") as f:
            f.write(f"{name}\t{limit}\t{outcome[0]}\t{outcome[1]:.2f}\t{outcome[2]:.2f}\t{outcome[3] >> 20}\n")


@pytest.mark.parametrize("name", only_nightly([*CALLS, *TIME_ONLY], 5))
def test_time(name):
    outcome = in_child(*{**CALLS, **TIME_ONLY}[name], {"timeout": SECONDS})
    tell(name, "time", outcome)
    assert outcome[0] in ("done", "LimitReached"), outcome
    assert outcome[1] <= LATE * os.cpu_count(), f"{outcome[1]:.1f} s of processor time after the limit"


@pytest.mark.parametrize("name", only_nightly(CALLS, 5))
def test_memory(name):
    outcome = in_child(*CALLS[name], {"timeout": 8, "memory_limit": MEMORY})
    tell(name, "memory", outcome)
    assert outcome[0] in ("done", "LimitReached"), outcome
    assert outcome[3] <= 1.1 * MEMORY + ROOM, f"{outcome[3] >> 20} MB"


def test_a_parity_check_matrix_keeps_its_limits():
    code = gw.Code("hermitian", 27, 10, memory_limit="50M")  # 19,683 positions: 775 MB
    with pytest.raises(gw.LimitReached, match="the parity check matrix needs 774"):
        code.parity_check(memory_limit="50M")
    with pytest.raises(gw.LimitReached, match="time limit"):
        code.parity_check(timeout=0.02)
    assert not code.generator.flags.owndata  # no copy, which would need a limit too


def test_tuples():
    calls = (
        lambda **o: gw.attend(attention(100), **o),
        lambda **o: gw.gradients(attention(100), np.ones((100, 32)), **o),
        lambda **o: gw.reduce(ksat(12, 30), to="gap-max-ip", route="reed-solomon", message="best", **o),
        lambda **o: gw.challenge(lambda *a: None, **o),
        lambda **o: gw.solve(ksat(12, 30), **o),
        lambda **o: gw.count_models(ksat(12, 30), **o),
        lambda **o: gw.fewest_violated(ksat(12, 30), **o),
        lambda **o: gw.decide(vectors(100), **o),
        lambda **o: gw.decide(gap(100), **o),
        lambda **o: gw.decide(gw.reduce(ksat(12, 30)).target, **o),
        lambda **o: gw.explore("regime", rows=[16], **o),
        lambda **o: gw.explore("orders", variables=[12], **o),
        lambda **o: gw.fuzz("sat_to_orthogonal_vectors", **o),
    )
    for call in calls:
        with pytest.raises(gw.LimitReached, match="tuples, the limit is 10"):
            call(max_tuples=10)


@pytest.mark.parametrize("wrong", ["", "x", "12Q", "1.5G", -1, 1.5, b"1G"])
def test_what_is_no_size(wrong):
    for call in (lambda: gw.generate("parity", points=4, memory_limit=wrong), lambda: gw.decide(vectors(10), memory_limit=wrong)):
        with pytest.raises(ValueError):
            call()


def test_sizes_as_the_program_takes_them():
    for size in ("1G", "900M", "900000K", 1 << 30, np.int64(1 << 30), None):
        assert gw.decide(vectors(10), memory_limit=size).verdict in ("yes", "no")
    with pytest.raises(gw.LimitReached, match="the limit is 1 kB"):
        gw.generate("parity", points=100, memory_limit=1000)


CGROUPS = "/sys/fs/cgroup/memory"  # version 1; of version 2 the library's tests read files alone


@pytest.mark.skipif(not os.access(CGROUPS + "/cgroup.procs", os.W_OK), reason="no group of processes with a memory limit can be made here")
def test_the_memory_of_a_control_group():
    group = f"{CGROUPS}/gapwright-test-{os.getpid()}"
    os.mkdir(group)
    try:
        with open(group + "/memory.limit_in_bytes", "w") as f:
            f.write(str(512 << 20))
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with open(group + "/cgroup.procs", "w") as f:
                    f.write(str(os.getpid()))
                try:
                    gw.reduce(ksat(75, 3), to="orthogonal-vectors")  # 805 MB
                    code = 2
                except gw.LimitReached as e:
                    code = 0 if re.search(r"the limit is [1-4]\d\d MB", str(e)) else 3  # less what the process holds already
            finally:
                os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
    finally:
        os.rmdir(group)
