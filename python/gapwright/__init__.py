# SPDX-License-Identifier: MIT
"""Fine-grained complexity reductions from SAT to attention, run and certified.

A formula becomes a k-OV instance, then an input of attention of order k with large entries; exact attention decides it:

>>> import gapwright as gw
>>> formula = gw.Formula(variables=3, clauses=[[1, 2], [-1, 3]])
>>> gw.solve(formula, order=2).satisfiable
True
>>> attention = gw.reduce(formula, to="attention", order=2).target
>>> out = gw.attend(attention).out                  # (rows of q, 1)
>>> bool(out.max() > (attention.yes_at_least + attention.no_at_most) / 2)
True

Shapes: q is (n_0, d), key matrix u is (n_u, d), value matrix u is (n_u, d_v), outputs are (n_0, d_v); order k = 2 is ordinary attention.
Thresholds and enclosures are exact Fractions. Long calls let other threads run, and Ctrl-C ends them.
"""

import json
import os
from fractions import Fraction

from . import _gapwright
from ._gapwright import (
    Attended,
    Attention,
    BadInstance,
    Code,
    FactoredGapMaxIp,
    Formula,
    GapMaxIp,
    GradientVerdict,
    Gradients,
    Instance,
    IntegerVerdict,
    LimitReached,
    OrthogonalVectors,
    RealGapMaxIp,
    Reduction,
    Refuted,
    Solution,
    Verdict,
    __commit__,
    __version__,
    attend,
    check_code,
    count_models,
    decide,
    fewest_violated,
    fuzz,
    fuzz_command,
    gradients,
    implied,
    instruction_set,
    path,
    read,
    reduce,
    replay,
    solve,
    trace,
)

from .auditing import Audit, audit, audit_checks

_FAMILIES = {
    "random-ksat": _gapwright._random_ksat,
    "pigeonhole": _gapwright._pigeonhole,
    "parity": _gapwright._parity,
    "ramsey": _gapwright._ramsey,
    "van-der-waerden": _gapwright._van_der_waerden,
    "ordering": _gapwright._ordering,
    "orthogonal-vectors": _gapwright._orthogonal_vectors,
    "gap-max-ip": _gapwright._gap_max_ip,
    "attention": _gapwright._attention,
}


def generate(family, **parameters):
    """An instance of a family; the same parameters and seed give the same instance as `gapwright gen` (docs/generators.md).

    Formula: 'random-ksat' (variables, clauses, width=3, plant='' | 'uniform' | 'quiet', spread=False, order=3 (with plant='quiet' or spread), seed=1),
    'pigeonhole' (pigeons, holes), 'parity' (points), 'ramsey' (independent, clique, vertices),
    'van-der-waerden' (numbers, first, second), 'ordering' (elements).
    OrthogonalVectors: 'orthogonal-vectors' (vectors, dimension, order=3, density=Fraction(1, 2), plant='' | 'camouflaged' | 'plain', seed=1).
    GapMaxIp: 'gap-max-ip' (the same parameters, and yes_at_least, no_at_most: chosen unless given). Attention: 'attention' (rows, dimension, entry_bound=1.0, order=3, seed=1).
    Instance: any other problem of which `gapwright gen` knows a generator, with its options as keywords (`-` is `_`); expect=True finds the answer,
    of at most max_tuples=1e18 tuples.
    All of them: memory_limit=None (bytes or "512M"; 80 % of the memory), timeout=None (seconds); LimitReached beyond.
    """
    if family in _FAMILIES:
        return _FAMILIES[family](**parameters)
    others = _gapwright._generated_problems()
    if family in others:
        return _gapwright._generate(family, **parameters)
    raise ValueError(f"unknown family {str(family)[:60]!r}; there are {', '.join([*_FAMILIES, *others])}")


def challenge(algorithms, **options):
    """Runs attention algorithms on matched hard pairs and easy controls over a ladder of entry bounds (docs/challenge.md).

    algorithms: a function, or a dict of names and functions. function(q, keys, values, softmax_scale) gets numpy arrays q (n, d), tuples of
    order - 1 keys (n, d) and values (n, d_v), and returns the outputs (n, d_v), an array or a tensor (of any device, with a gradient or not,
    bfloat16 too), alone or first in a tuple; with causal=True it is called with causal=True too. Raising LimitReached refuses an input; any other exception, a wrong shape or NaN is a wrong answer, and the
    challenge goes on.

    Options: order=2, rows=None (256 for order 2, 64 for order 3), dimension=0 (chosen), seed=1, ladder=None (multiples of the smallest deciding
    entry bound), pairs=4, independent=False (one twin of each of twice as many pairs, for functions that keep notes),
    control_pairs=1, accurate_error=0.05 (largest of an accurate answer), timing_rows=[] (chosen), threads=0, timeout=None
    (seconds, then the report is not complete), max_tuples=1e18 (of an instance), memory_limit=None (bytes or "512M" that the process may grow by,
    the functions' arrays among them; 80 % of the memory). As production kernels want it: causal=False, pad_dimension=0 (zero columns up to this dimension),
    softmax_scale="1/d" ("1/sqrt(d)" or a number; entries are rescaled), entry_dtype="f64" ("f32", "f16", "bf16": arrays of that type, bf16
    numbers as float32, which holds them exactly), four_axes=False (arrays (1, 1, rows, columns): batch, head, row, column; outputs of that
    shape are always taken). "naive" errors are those of plain softmax in the type of the output.

    Returns the object of `gapwright challenge --json`: for a dict a list of them, best first. Ctrl-C reaches the running function.
    """
    named = [(getattr(algorithms, "__name__", "algorithm"), algorithms)] if callable(algorithms) else list(algorithms.items())
    report = json.loads(_gapwright._challenge(named, **options))
    if callable(algorithms):
        return report
    return report.get("leaderboard", [report])


def _exact_numbers(point):
    """Integers that JSON holds as text beyond 2^53, and fractions, as themselves."""
    for key in ("vector_dimension", "dimension", "attention_bytes", "factored_bytes"):
        if key in point:
            point[key] = _gapwright._integer(str(point[key]))
    if "entry_constant" in point:
        point["entry_constant"] = _gapwright._fraction(point["entry_constant"])
    for key in ("mu", "delta", "gradient_delta"):
        if key in point:
            point[key] = Fraction(point[key])
    if "sizes" in point:
        point["sizes"] = [_gapwright._integer(str(n)) for n in point["sizes"]]
    return point


def plan(formula=None, *, variables=None, clauses=None, order=3, **options):
    """What every way from a formula to attention costs: routes, codes, gadgets, embeddings; and where one overtakes another.

    Give a Formula, or its numbers of variables and clauses. Options: all=False (every way, not only the Pareto front in messages, d' and B),
    up_to=0 (variables in the search for crossovers, chosen), largest_field=1024, longest=1000000 (of the codes), delta=1/16 (a Fraction, or a number taken exactly),
    memory_limit=None (bytes or "512M"; 80 % of the memory), timeout=None (seconds).

    Returns the object of `gapwright plan --json`: "front" (or "points") and "least_entries" are lists of ways with "route", "gadget",
    "embedding", "code", the thresholds, d' ("dimension"), "entry_constant" (Fraction: B^k / ln(N/delta), N the number of tuples of keys), "exactness" ("exact", or "at most": characters), enclosures {"lo", "hi"} of
    "entry_bound" (B), "gamma", "log2_messages", "log2_required_error", and bytes; "crossovers" says from how many variables on which way has
    the smaller entries.
    """
    variables, clauses = _numbers_of(formula, variables, clauses)
    text = _gapwright._plan(variables=variables, clauses=clauses, order=order, **options)
    return json.loads(text, object_hook=_exact_numbers)


def _numbers_of(formula, variables, clauses):
    """Variables and clauses, given as such or by a formula."""
    if [variables is None, clauses is None] != [formula is not None] * 2:
        raise ValueError("give a formula, or variables and clauses")
    return (variables, clauses) if formula is None else (formula.variables, len(formula.clauses))


def estimate(formula=None, *, variables=None, clauses=None, order=3, **options):
    """Exact sizes, entry bounds and thresholds of a formula's instances by the direct route, without building them.

    Give a Formula, or its numbers of variables and clauses. Options: square=False (equal numbers of rows), causal=False (the same answer under a
    causal mask), centred=False (order 2: keys B and -B, B smaller by the square root of 2), delta=1/16 (NO outputs stay below it, at most 1/4: a Fraction, or a number taken exactly), memory_limit=None
    (bytes or "512M"; 80 % of the memory: what "fits" compares with), timeout=None (seconds).

    Returns the object of `gapwright estimate --json`: "sizes" (vectors per set), "dimension" of the vectors, "tuples", "orthogonal_vectors_bits",
    "attention_dimension" (d'), "attention_bytes", "memory_bytes" (to decide it) as ints, "entry_bound" (B) a float, "gamma", "yes_at_least", "no_at_most", "delta" as
    decimal texts, thresholds rounded outward, "gradient" (delta and B when gradients decide), "fits". ValueError for numbers that no formula has and for centred beyond order 2,
    LimitReached when no memory holds the vectors.
    """
    variables, clauses = _numbers_of(formula, variables, clauses)
    return _gapwright._estimate(variables=variables, clauses=clauses, order=order, **options)


def extract(bundle, result, **options):
    """Leads a witness of a reduction's target back to its source, and checks both against their instances.

    bundle: a folder that `gapwright reduce -o FOLDER/` wrote, or a lift table. result: the witness of the target, a sequence of ints (for a formula literals);
    what `decide` returned; {"row": i} for row i of an attention target, whose keys are searched; or the path of a JSON file with one of these.
    Options: source=None, target=None (with a lift table: the files of the instances to check against), memory_limit=None (bytes or "512M"; 80 % of the memory),
    timeout=None (seconds).

    Returns the object of `gapwright extract --json`: "problem", "witness", "target_problem", "target_witness", and what was "checked".
    Raises Refuted where the witness is none, BadInstance for files that are none or do not belong together.
    """
    if isinstance(result, (str, os.PathLike)):
        return _gapwright._extract(bundle, "", result, **options)
    if not isinstance(result, dict):
        witness = getattr(result, "witness", result)
        result = {"row": result.row} if witness is None else {"witness": list(witness)}
    return _gapwright._extract(bundle, json.dumps(result, default=int), None, **options)


_EXPLORED = {
    "regime": _gapwright._explore_regime,
    "gradient": _gapwright._explore_gradient,
    "routes": _gapwright._explore_routes,
    "orders": _gapwright._explore_orders,
    "plot": _gapwright._explore_plot,
    "report": _gapwright._explore_report,
}


def explore(kind, **options):
    """The hardness regime as an experiment: how large entries must be before attention is hard (docs/explore.md).

    Sweeps, over all combinations of their lists:
    'regime' (orders=[2, 3], rows=[16, 32, 64, 128], per_log=[12] (dimension as multiples of log2 rows), per_variable=[4.26] (ksat: clauses per variable), dimensions=[]
    (instead of both), embeddings=["sharp"], families=["planted"], seeds=[1], of_deciding=None and of_log=[] (entry bounds as multiples of the smallest deciding one, chosen unless
    of_log is given; and of (ln n)^(1/k)), gap=0.25 (that counts as visible, at most 0.3), delta=None, exact_tuples and most_features (where the exact
    and the polynomial method are run)), 'gradient' (the same for gradients; orders=[2], rows=[16, 32, 64]),
    'routes' (orders, log2_rows, family="planted" | "ksat", per_log, per_variable, gap, measured_symbols, largest_field, longest, delta, seed),
    'orders' (orders, variables, embeddings=["sharp", "direct"], per_variable, gap, measured_tuples, delta, seed).
    All of them: output=None (a results file, which is continued: what it holds is not computed again, unless force=True), max_tuples=1e18 (of a pair),
    memory_limit=None (bytes or "512M"; 80 % of the memory), threads=0, timeout=None (seconds; what is computed stays in the file).
    They return the records, a list of dicts as lines of the results file are: those of the sweep that output held among them.

    'plot' (results, output: a folder) draws every picture of a results file and returns their names; each is NAME.dat, NAME.gp and NAME.svg.
    'report' (results, output=None: a file) returns the report, one page of HTML.
    ValueError for a sweep that is empty or impossible, LimitReached before a pair that would take more than is allowed, BadInstance for a
    file that holds no results.
    """
    if kind not in _EXPLORED:
        raise ValueError(f"unknown kind {str(kind)[:60]!r}; there are {', '.join(_EXPLORED)}")
    return _EXPLORED[kind](**options)


__all__ = [
    "Attended", "Attention", "Audit", "BadInstance", "Code", "FactoredGapMaxIp", "Formula", "GapMaxIp", "GradientVerdict", "Gradients", "Instance", "IntegerVerdict", "LimitReached",
    "OrthogonalVectors", "RealGapMaxIp", "Reduction", "Refuted", "Solution", "Verdict", "__commit__", "__version__", "attend", "audit", "audit_checks", "challenge", "check_code", "count_models",
    "decide", "estimate", "explore", "extract", "fewest_violated", "fuzz", "fuzz_command", "generate", "gradients", "implied", "instruction_set", "path", "plan", "read", "reduce", "replay", "solve", "trace",
]
