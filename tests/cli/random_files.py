# SPDX-License-Identifier: MIT
"""Random well-formed files of every problem, sizes far apart: decide by every method, and attend, against the definition.

Usage: random_files.py PROGRAM COUNT [SEED], with the Python module on PYTHONPATH. Most files are read and decided by the module in this
process, every fortieth by the program. Definitions: integers and rationals, numpy in float64 where scores are moderate, else decimals of 60 digits."""

import collections
import decimal
import fractions
import functools
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

import gapwright as gw
import numpy as np

decimal.getcontext().prec = 60
decimal.getcontext().Emax, decimal.getcontext().Emin = decimal.MAX_EMAX, decimal.MIN_EMIN
for signal in (decimal.Underflow, decimal.Subnormal, decimal.Clamped):
    decimal.getcontext().traps[signal] = False

sys.set_int_max_str_digits(0)  # bounds such as 2^-1048576 are shown when something fails

Fraction = fractions.Fraction
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "U8": "u1", "I8": "i1", "BOOL": "?", "I64": "<i8", "U16": "<u2"}


def narrow(array, dtype):
    """As float64, rounded to the type; BF16 by cutting a float32."""
    if dtype == "BF16":
        bits = np.asarray(array, "<f4").view("<u4") & np.uint32(0xFFFF0000)
        return bits.view("<f4").astype(float)
    return np.asarray(array).astype(DTYPES[dtype]).astype(float)


def data_of(array, dtype):
    if dtype == "BF16":
        return (np.asarray(array, "<f4").view("<u4") >> 16).astype("<u2").tobytes()
    return np.ascontiguousarray(array).astype(DTYPES[dtype]).tobytes()


def write(path, tensors, dtype, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        more = data_of(array, dtype)
        header[name] = {"dtype": dtype, "shape": list(np.shape(array)), "data_offsets": [len(data), len(data) + len(more)]}
        data += more
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)


def sizes_of(rng, order, tuples):
    """1 to 400 rows a set, far apart, in any order."""
    sizes = []
    for _ in range(order):
        most = max(1, min(400, tuples))
        sizes.append(int(rng.integers(1, most + 1)) if rng.random() < 0.5 else int(min(most, rng.choice([1, 2, 3, 300, 400]))))
        tuples //= sizes[-1]
    return [sizes[i] for i in rng.permutation(order)]


def decimal_of(x):
    return decimal.Decimal(x.numerator) / decimal.Decimal(x.denominator)


def exact_row(a, row):
    """out[row] by rational scores and decimals; weights below e^-20000 of the largest are far below the slack that the comparison allows."""
    seen = [range(min(len(k), row + 1) if a["causal"] else len(k)) for k in a["keys"]]
    q = [Fraction(x) * Fraction(a["scale"]) for x in a["q"][row]]
    keys = [[[Fraction(x) for x in r] for r in k] for k in a["keys"]]
    scores = {t: sum(functools.reduce(lambda p, u: p * keys[u][t[u]][l], range(len(t)), x) for l, x in enumerate(q)) for t in itertools.product(*seen)}
    top = max(scores.values())
    total, sums = decimal.Decimal(0), [decimal.Decimal(0)] * a["values"][0].shape[1]
    for t, score in scores.items():
        below = score - top
        weight = decimal_of(below).exp() if below > -20000 else decimal.Decimal(0)
        total += weight
        for c in range(len(sums)):
            sums[c] += weight * decimal_of(functools.reduce(lambda p, u: p * Fraction(a["values"][u][t[u]][c]), range(len(t)), Fraction(1)))
    return [s / total for s in sums]


def numpy_row(a, row):
    seen = [min(len(k), row + 1) if a["causal"] else len(k) for k in a["keys"]]
    scores = np.zeros(seen)
    for l in range(a["q"].shape[1]):
        scores += a["q"][row, l] * functools.reduce(np.multiply, np.ix_(*(k[:n, l] for k, n in zip(a["keys"], seen))))
    scores *= a["scale"]
    weights = np.exp(scores - scores.max())
    return [float((weights * functools.reduce(np.multiply, np.ix_(*(v[:n, c] for v, n in zip(a["values"], seen))))).sum() / weights.sum()) for c in range(a["values"][0].shape[1])]


def random_attention(rng):
    order = int(rng.integers(2, 6))
    kind = rng.choice(["bits", "reals", "extreme", "masked"])
    dtype = str(rng.choice(["F64", "F32", "F16", "BF16"]))
    small = kind in ("extreme", "masked")
    rows = sizes_of(rng, order, 40 if small else 4000)
    d, columns = int(rng.integers(1, 9)), 1 if kind == "bits" or rng.random() < 0.5 else int(rng.integers(2, 4))
    bound = float(narrow(rng.choice([0.5, 1.3, 2.0]), dtype))

    def matrix(n):
        if kind == "bits":
            return (rng.random((n, d)) < 0.5) * bound * rng.choice([1.0, -1.0])
        m = rng.normal(size=(n, d))
        if kind == "extreme":
            reach = {"F64": 300, "F16": 4, "F32": 37, "BF16": 37}[dtype]
            m *= 10.0 ** rng.uniform(-reach, reach, size=(n, d))
        return narrow(np.clip(m, -6e4, 6e4) if dtype == "F16" else m, dtype)

    q, keys = matrix(rows[0]), [matrix(n) for n in rows[1:]]
    if kind == "masked" and dtype != "F16":
        for k in keys:
            k[rng.random(len(k)) < 0.4] = float(narrow(-1e9, dtype))
    values = [narrow(rng.integers(0, 2, (n, columns)) if kind == "bits" or rng.random() < 0.5 else rng.uniform(-1, 1, (n, columns)), dtype) for n in rows[1:]]
    return {"q": q, "keys": keys, "values": values, "scale": float(rng.choice([1.0 / d, 1.0, -0.5])), "causal": bool(rng.random() < 0.4), "dtype": dtype, "small": small}


def attention_file(rng, path, ask):
    a = random_attention(rng)
    rows = [exact_row(a, i) if a["small"] else numpy_row(a, i) for i in range(len(a["q"]))]
    first = [Fraction(r[0]) for r in rows]
    # A middle that no output is near: halfway between two neighbours, or beyond all.
    levels = sorted(set(first))
    gaps = [(x, y) for x, y in zip(levels, levels[1:]) if y - x > Fraction(1, 10**6)] + [(levels[-1], levels[-1] + 1), (levels[0] - 1, levels[0])]
    low, high = gaps[rng.integers(len(gaps))]
    middle = Fraction(float((low + high) / 2))
    width = Fraction(float((high - low) / 8))
    metadata = {"softmax_scale": repr(a["scale"]), "order": str(len(a["keys"]) + 1), "yes_at_least": text(middle + width), "no_at_most": text(middle - width)}
    if a["causal"] or rng.random() < 0.2:
        metadata["causal"] = "true" if a["causal"] else "false"
    names = {"q": a["q"], **{f"k{u + 1}": k for u, k in enumerate(a["keys"])}, **{f"v{u + 1}": v for u, v in enumerate(a["values"])}}
    write(path, names, a["dtype"], metadata)
    yes = [i for i, x in enumerate(first) if x > middle]
    answer = "yes" if yes else "no"
    read = gw.Attention.read(path)
    assert read.causal == a["causal"]
    witnesses = set()
    for method in ("verdict", "histogram", "balls"):
        v = gw.decide(read, method=method)
        assert v.verdict == answer, (method, v.verdict, answer)
        assert not yes or v.row == yes[0]
        lo, hi = v.enclosure
        assert lo - Fraction(1, 10**9) <= first[v.row] <= hi + Fraction(1, 10**9)
        witnesses.add(tuple(v.witness or ()))
    # Counting names no tuple where no key has value 1: a yes at thresholds below 0.
    assert len(witnesses - {()}) <= 1 and (len(witnesses) == 1 or middle < 0), witnesses
    certified = gw.attend(read, method="certified")
    results = [certified]
    try:
        results.append(gw.attend(read))
    except gw.BadInstance:
        assert a["small"]  # scores beyond the arithmetic
    largest = functools.reduce(lambda p, v: p * Fraction(float(np.abs(v).max())), a["values"], Fraction(1))
    slack = largest / 10 ** (45 if a["small"] else 12)  # of the definition itself
    for r in results:
        for i, row in enumerate(rows):
            for c, x in enumerate(row):
                if np.isfinite(r.error):
                    assert abs(Fraction(float(r.out[i, c])) - Fraction(x)) <= Fraction(r.error) + slack, (r is certified, i, c, row, r.out[i], r.error)
    if a["causal"]:
        refused(lambda: gw.attend(read, method="polynomial"), gw.LimitReached)
    if ask:
        for method in ("verdict", "histogram", "balls"):
            assert program(0, "decide", path, "--method", method, "--json")["verdict"] == answer
        program((0, 5, 6) if middle < 0 else (0, 5), "decide", path, "--json", "--certificate", path + ".json", "--method", "histogram")
        program((0, 4, 5, 6), "decide", path, "--json", "--method", "gradient")
        for method in ("exact", "certified", "polynomial"):
            program((0,) if method == "certified" else (0, 5, 6), "attend", path, "--method", method, "-o", path + ".out")
    return answer


def text(x):
    """A Fraction with a power of two below as a decimal."""
    digits = x.denominator.bit_length() - 1
    scaled = x.numerator * 10**digits // x.denominator
    return f"{scaled}e-{digits}"


def refused(call, error):
    try:
        call()
    except error:
        return
    raise AssertionError("not refused")


def program(codes, *arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=300)
    allowed = codes if isinstance(codes, tuple) else (codes,)
    assert done.returncode in allowed, (arguments, done.returncode, done.stderr)
    return json.loads(done.stdout) if "--json" in arguments and done.returncode == 0 else None


def gap_file(rng, path, ask):
    order = int(rng.integers(2, 5))
    real = rng.random() < 0.5
    rows = sizes_of(rng, order, 4000 if real else 60000)
    d = int(rng.integers(1, 12))
    dtype = str(rng.choice(["F64", "F32", "F16", "BF16"])) if real else "U8"
    rounding = Fraction(0)
    if real:
        grid = float(rng.choice([0.25, 0.1]))
        sets = [narrow(grid * rng.integers(-2, 8, (n, d)), dtype) for n in rows]
        rounding = [Fraction(0), Fraction(1, 4), Fraction(1, 10), Fraction(1, 2**40), Fraction(3, 2)][rng.integers(5)]
    else:
        sets = [(rng.random((n, d)) < rng.choice([0.3, 0.7])).astype(float) for n in rows]
    unit = 2 ** (60 if real else 0)
    integers = [np.array([[int(Fraction(x) * unit) for x in r] for r in s], dtype=object).reshape(s.shape) for s in sets]
    assert all(Fraction(int(y), unit) == Fraction(x) for s, t in zip(sets, integers) for x, y in zip(s.flat, t.flat))
    largest = []
    for i in range(rows[0]):
        products = np.zeros(rows[1:], dtype=object)
        for c in range(d):
            products = products + integers[0][i, c] * functools.reduce(np.multiply, np.ix_(*(s[:, c] for s in integers[1:])))
        largest.append(Fraction(int(products.max()), unit**order))
    s_no = int(rng.integers(0, max(1, int(max(largest)) + 1)))
    t = s_no + 1 + int(rng.integers(0, 3))
    metadata = {"problem": "gap-max-ip", "yes_at_least": str(t), "no_at_most": str(s_no)}
    if real:
        metadata["rounding"] = f"{float(rounding)!r}" if rounding.denominator & (rounding.denominator - 1) == 0 else "0.1"
    write(path, {f"x{u}": s for u, s in enumerate(sets)}, dtype, metadata)
    yes, no = max(largest) >= t - rounding, max(largest) <= s_no + rounding
    answer = "outside-promise" if yes == no else "yes" if yes else "no"
    enough = t - rounding if yes else max(largest) - 2 * rounding
    row = next(i for i, x in enumerate(largest) if x >= enough)
    v = gw.decide(gw.read(path))
    assert (v.verdict, v.row) == (answer, row), (v.verdict, v.row, answer, row)
    assert abs(Fraction(v.largest) - largest[row]) <= Fraction(v.error)
    if ask:
        for more in ((), ("--certificate", path + ".json")):
            got = program((0, 5), "decide", path, "--json", *more)
            assert got is None and more and 2 * rounding >= t - s_no or (got["verdict"], got["row"]) == (answer, row)
    return answer


def random_vectors(rng, order, tuples, most_d=12):
    rows = sizes_of(rng, order, tuples)
    d = int(rng.integers(1, most_d + 1))
    return [(rng.random((n, d)) < rng.choice([0.4, 0.7, 0.95])).astype(np.uint8) for n in rows]


def first_orthogonal(sets):
    for i in range(len(sets[0])):
        products = np.zeros([len(s) for s in sets[1:]], dtype=np.int64)
        for c in range(sets[0].shape[1]):
            if sets[0][i, c]:
                products += functools.reduce(np.multiply, np.ix_(*(s[:, c].astype(np.int64) for s in sets[1:])))
        found = np.argwhere(products == 0)
        if len(found):
            return (i, *map(int, found[0]))
    return None


def vectors_file(rng, path, ask):
    sets = random_vectors(rng, int(rng.integers(2, 6)), 100000)
    write(path, {f"x{u}": s for u, s in enumerate(sets)}, str(rng.choice(["U8", "BOOL", "F64", "F32", "F16", "BF16", "I8", "I64"])), {})
    expected = first_orthogonal(sets)
    v = gw.decide(gw.read(path))
    assert (tuple(v.witness) if v.witness else None) == expected
    if ask:
        for more in ((), ("--certificate", path + ".json")):
            assert program(0, "decide", path, "--json", *more)["verdict"] == ("yes" if expected else "no")
    return "yes" if expected else "no"


def work_of(target):
    """Multiplications of plain softmax. Squares, causal layouts and pads make it far larger than the source."""
    return float(np.prod([float(len(m)) for m in (target.q, *target.keys)])) * target.q.shape[1]


def attention_agrees(target, answer):
    assert target.yes_at_least > target.no_at_most
    for method, most in (("verdict", 1e8), ("histogram", 1e8), ("balls", 5e5)):
        if work_of(target) > most:
            continue
        v = gw.decide(target, method=method)
        assert v.verdict == answer, (method, v.verdict, answer, v.enclosure)
        out = v.enclosure
        if answer == "yes":
            assert out[1] >= target.yes_at_least
        else:
            assert out[0] <= target.no_at_most


def masked_answer(target):
    """Of a file for a causal mask, under the mask."""
    masked = gw.Attention(target.q, target.keys, target.values, target.softmax_scale, yes_at_least=target.yes_at_least, no_at_most=target.no_at_most, causal=True)
    return gw.decide(masked).verdict


def reduction(rng, path, ask):
    """Every route, embedding and option from small sources of unbalanced sizes."""
    through_code = rng.random() < 0.5
    formula = rng.random() < 0.25
    order = int(rng.integers(2, 5 if through_code else 6))
    if formula:
        variables = int(rng.integers(order, 7))
        clauses = [[int(v) * int(rng.choice([1, -1])) for v in rng.choice(np.arange(1, variables + 1), min(3, variables), replace=False)] for _ in range(int(rng.integers(1, 25)))]
        source = gw.Formula(variables, clauses)
        answer = "yes" if any(all(any((x >> abs(l) - 1 & 1) == (l > 0) for l in c) for c in clauses) for x in range(2**variables)) else "no"
    else:
        sets = random_vectors(rng, order, 60 if through_code else 2000, 4 if through_code else 12)
        source = gw.OrthogonalVectors(sets)
        answer = "yes" if first_orthogonal(sets) else "no"
    keys = {"order": order} if formula else {}
    options = dict(keys)
    try:
        if through_code:
            options["route"] = str(rng.choice(["reed-solomon", "hermitian"]))
            factored = gw.reduce(source, "gap-max-ip", form="factored", **options).target
            assert gw.decide(factored).verdict == answer
            few = factored.field_size ** factored.sets[0].shape[2] <= 2000  # what characters expand, at each coin
            for form in ("pruned", "characters") if few else ("pruned",):
                gap = gw.reduce(factored, "gap-max-ip", **({"gadget": "characters"} if form == "characters" else {"form": form})).target
                assert gw.decide(gap).verdict == answer, form
                for embedding in ("sharp",) if form == "characters" else ("sharp", "paper"):
                    for centred in (False, True) if order == 2 and form == "pruned" else (False,):
                        target = gw.reduce(gap, embedding=embedding, centred=centred).target
                        if form == "pruned" or work_of(target) < 5e5:  # characters: balls for every method
                            attention_agrees(target, answer)
        else:
            options.update(square=bool(rng.random() < 0.3), causal=bool(rng.random() < 0.4), centred=bool(order == 2 and rng.random() < 0.4), entry_dtype=str(rng.choice(["f64", "f32", "f16", "bf16"])))
            if options["square"] and options["causal"]:
                options["square"] = False
            target = gw.reduce(source, **options).target
            attention_agrees(target, answer)
            if options["causal"] and work_of(target) < 5e5:
                assert masked_answer(target) == answer
            if ask and work_of(target) < 5e5:
                target.write(path)
                for method in ("verdict", "histogram", "balls"):
                    assert program(0, "decide", path, "--method", method, "--json")["verdict"] == answer
    except gw.LimitReached:
        return "limit"
    except ValueError as e:
        if "no " not in str(e) and "code" not in str(e):
            raise
        return "no code"
    return answer


def main():
    count, seed = int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    makers = [attention_file, attention_file, gap_file, vectors_file, reduction, reduction]
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "file.safetensors")
        for i in range(count):
            make = makers[i % len(makers)]
            try:
                seen[make.__name__, make(np.random.default_rng([seed, i]), path, i % 40 < 1)] += 1
            except Exception:
                print(f"case {i} of seed {seed}, {make.__name__}", file=sys.stderr)
                raise
    print(f"{count} files: " + ", ".join(f"{name} {answer} {n}" for (name, answer), n in sorted(seen.items())))
    assert count < 60 or all(seen[name.__name__, answer] for name in makers for answer in ("yes", "no"))


PROGRAM = sys.argv[1]
main()
