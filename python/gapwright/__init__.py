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

from . import _gapwright
from ._gapwright import (
    Attended,
    Attention,
    BadInstance,
    Code,
    Formula,
    GapMaxIp,
    Gradients,
    IntegerVerdict,
    LimitReached,
    OrthogonalVectors,
    Reduction,
    Solution,
    Verdict,
    __version__,
    attend,
    check_code,
    decide,
    gradients,
    instruction_set,
    reduce,
    solve,
)

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

    Formula: 'random-ksat' (variables, clauses, width=3, plant='' | 'uniform' | 'quiet', spread=False, order=3, seed=1),
    'pigeonhole' (pigeons, holes), 'parity' (points), 'ramsey' (independent, clique, vertices),
    'van-der-waerden' (numbers, first, second), 'ordering' (elements).
    OrthogonalVectors: 'orthogonal-vectors' (vectors, dimension, order=3, density=Fraction(1, 2), plant='' | 'camouflaged' | 'plain', seed=1).
    GapMaxIp: 'gap-max-ip' (the same parameters). Attention: 'attention' (rows, dimension, entry_bound=1.0, order=3, seed=1).
    """
    if family not in _FAMILIES:
        raise ValueError(f"unknown family {family!r}; there are {', '.join(_FAMILIES)}")
    return _FAMILIES[family](**parameters)


def challenge(algorithms, **options):
    """Runs attention algorithms on matched hard pairs and easy controls over a ladder of entry bounds (docs/challenge.md).

    algorithms: a function, or a dict of names and functions. function(q, keys, values, softmax_scale) gets q (n, d), tuples of order - 1 keys
    (n, d) and values (n, d_v), float64, and returns the outputs (n, d_v); with causal=True it is called with causal=True too. Raising
    LimitReached refuses an input; any other exception, a wrong shape or NaN is a wrong answer, and the challenge goes on.

    Options: order=2, rows=256, dimension=0 (chosen), causal=False, pad_dimension=0, seed=1, ladder=None (multiples of the smallest deciding
    entry bound), pairs=4, control_pairs=1, timing_rows=[] (chosen), threads=0, timeout=None (seconds, then the report is not complete).
    Returns the object of `gapwright challenge --json`: for a dict a list of them, best first. Ctrl-C reaches the running function.
    """
    if callable(algorithms):
        return _gapwright._challenge([(getattr(algorithms, "__name__", "algorithm"), algorithms)], **options)[0]
    return _gapwright._challenge(list(algorithms.items()), **options)


__all__ = [
    "Attended", "Attention", "BadInstance", "Code", "Formula", "GapMaxIp", "Gradients", "IntegerVerdict", "LimitReached",
    "OrthogonalVectors", "Reduction", "Solution", "Verdict", "__version__", "attend", "challenge", "check_code", "decide", "generate",
    "gradients", "instruction_set", "reduce", "solve",
]
