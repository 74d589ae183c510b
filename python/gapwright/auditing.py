# SPDX-License-Identifier: MIT
"""audit: whether an attention kernel is right, on inputs that show faults which random ones hide (docs/audit.md)."""
from __future__ import annotations

import html
import inspect
import json
import operator
from typing import Any, Callable, Optional, Sequence, Union

import numpy

from . import _gapwright

_DTYPES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "f64": "f64", "f32": "f32", "f16": "f16", "bf16": "bf16"}


class Audit(dict[str, Any]):
    """What an audit found: the object of `gapwright audit --json`. Its fields are attributes too, and it prints as a table.

    failing: the inputs of failed checks by the check's name, each an Attention.
    """

    def __init__(self, fields: dict[str, Any], table: str, failing: dict[str, Any]) -> None:
        super().__init__(fields)
        self._table = table
        self.failing = failing

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return self._table

    __str__ = __repr__

    def _repr_html_(self):
        cells = lambda tag, texts: "<tr>" + "".join(f"<{tag}>{html.escape(str(text))}</{tag}>" for text in texts) + "</tr>"
        rows = [cells("td", [c["name"], c["outcome"], c["worst_error"], c["allowed_error"], c["reason"]]) for c in self["checks"]]
        return "<table>" + cells("th", ["check", "outcome", "error", "allowed", "reason"]) + "".join(rows) + "</table>"


def _same(a, b):
    return numpy.array_equal(numpy.asarray(a), numpy.asarray(b))


def _unchanged(before, after):
    if not all(_same(a, b) for a, b in zip(before, after)):
        raise RuntimeError("the kernel changed its inputs")


def _refusing(function):
    """NotImplementedError refuses an input, as LimitReached does."""

    def call(*arguments, **keywords):
        try:
            return function(*arguments, **keywords)
        except NotImplementedError as error:
            raise _gapwright.LimitReached(str(error) or "not implemented") from None

    return call


def _plain(function):
    """f(q, keys, values, softmax_scale), with causal=True where the check has that mask."""

    def call(q, keys, values, scale, causal=False):
        given = [q, *keys, *values]
        before = [x.copy() for x in given]
        out = function(q, keys, values, scale, **({"causal": True} if causal else {}))
        _unchanged(before, given)
        return out

    return call


def _sdpa(function, dtype, own_scale):
    """f(query, key, value, is_causal=..., scale=...) of torch tensors (1, 1, n, d)."""
    import torch

    kind = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}[dtype]

    def call(q, keys, values, scale, causal=False):
        given = [torch.from_numpy(numpy.ascontiguousarray(x)).to(kind)[None, None] for x in (q, keys[0], values[0])]
        before = [x.clone() for x in given]
        keywords = {"is_causal": causal, **({"scale": scale} if own_scale else {})}
        out = function(*given, **keywords)
        out = out[0] if isinstance(out, tuple) else out
        if not all(bool((a == b).all()) for a, b in zip(before, given)):
            raise RuntimeError("the kernel changed its inputs")
        return out

    return call


def _is_of_torch(function):
    return str(getattr(function, "__module__", "") or "").split(".")[0] in ("torch", "torch._C") or "torch" in type(function).__module__


def _takes_scale(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "scale=" in (getattr(function, "__doc__", None) or "")
    return any(p.name == "scale" or p.kind is p.VAR_KEYWORD for p in parameters)


def _dtype_name(dtype: Any) -> str:
    if not isinstance(dtype, str):
        try:
            dtype = numpy.dtype(dtype).name
        except TypeError:
            dtype = str(dtype).split(".")[-1]  # torch.bfloat16
    if dtype not in _DTYPES:
        raise ValueError(f"dtype={dtype!r}: give 'float64', 'float32', 'float16' or 'bfloat16'")
    return dtype


def _settings(function, order, dtype, rows, dimension, columns, masks, signature):
    dtype = _dtype_name(dtype)
    for name, value in (("order", order), ("rows", rows or 0), ("dimension", dimension), ("columns", columns)):
        if operator.index(value) < 0 or value > 1 << 20:
            raise ValueError(f"{name}={value} is out of range")
    masks = (masks,) if isinstance(masks, str) else tuple(masks or ())
    unknown = [mask for mask in masks if mask != "causal"]
    if unknown:
        raise ValueError(f"masks: {unknown[0]!r} is none that is checked; give ('causal',) or ()")
    if signature not in (None, "plain", "sdpa"):
        raise ValueError(f"signature={signature!r}: give 'plain' or 'sdpa'")
    if signature is None:
        signature = "sdpa" if _is_of_torch(function) else "plain"
    if signature == "sdpa" and order != 2:
        raise ValueError("signature='sdpa' has order 2")
    own_scale = signature == "plain" or _takes_scale(function)
    shape = {"order": order, "rows": rows or 0, "dimension": dimension, "columns": columns, "dtype": _DTYPES[dtype], "own_scale": own_scale, "causal": "causal" in masks}
    return signature, shape


def audit(
    function: Callable[..., Any], *, order: int = 2, dtype: str = "float32", signature: Optional[str] = None, rows: Optional[int] = None,
    dimension: int = 64, columns: int = 64, masks: Sequence[str] = ("causal",), accumulate: Optional[str] = None, factor: float = 4.0,
    quick: bool = False, fail_fast: bool = False, only: Union[str, Sequence[str]] = (), skip: Union[str, Sequence[str]] = (), seed: int = 1,
    threads: int = 0, timeout: Optional[float] = None, memory_limit: Union[int, str, None] = None,
) -> Audit:
    """Is an attention kernel right? Runs it on inputs whose outputs are proved, and that show faults which random inputs hide (docs/audit.md).

    function(q, keys, values, softmax_scale) gets C-contiguous arrays of `dtype` (bfloat16 as float32, which holds it): q (n, d), tuples of order - 1
    keys (n_u, d) and values (n_u, d_v), and returns out (n, d_v), an array or a tensor, alone or first in a tuple. Where a check has that mask
    it is called with causal=True: row i sees key j iff j <= i. signature='sdpa', taken without asking for a function of torch: query, key and value of
    shape (1, 1, n, d) as torch tensors, is_causal, and scale if the function takes it; else inputs are meant with 1/sqrt(d).
    NotImplementedError and LimitReached refuse an input; every other exception, another shape, what is not finite and changed inputs fail the check.

    dimension, columns: d and d_v where a check does not choose them; rows: of q and the keys (250 for order 2, 33 for order 3). masks=() for a kernel
    without a mask. accumulate='same': scores and weights may be rounded to dtype. factor: F of the allowed error. quick: a part of the checks.
    only, skip: names of checks, or of kinds of checks. timeout in seconds; then the audit is not complete.

    Returns an Audit. passed: no check failed, and one of each kind that every kernel is to pass passed.
    """
    if accumulate not in (None, "same"):
        raise ValueError(f"accumulate={accumulate!r}: give 'same', or leave it out")
    if not callable(function):
        raise TypeError("the kernel is no function")
    signature, shape = _settings(function, order, dtype, rows, dimension, columns, masks, signature)
    called = _refusing(_plain(function) if signature == "plain" else _sdpa(function, shape["dtype"], shape["own_scale"]))
    if not 0 <= operator.index(seed) < 1 << 64 or operator.index(threads) < 0:
        raise ValueError(f"seed={seed}, threads={threads}: numbers that are not negative")
    name = getattr(function, "__name__", type(function).__name__)
    text, table, failing = _gapwright._audit(
        name, called, **shape, narrow_scores=accumulate == "same", factor=factor, quick=quick, fail_fast=fail_fast, only=_words("only", only),
        skip=_words("skip", skip), seed=seed, memory_limit=memory_limit, threads=threads, timeout=timeout,
    )
    fields = json.loads(text)
    return Audit(fields, table, {fields["checks"][i]["name"]: attention for i, attention in failing.items()})


def _words(keyword, words):
    words = [words] if isinstance(words, str) else list(words or ())
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"{keyword} holds names of checks")
    return words


def audit_checks(
    function: Optional[Callable[..., Any]] = None, *, order: int = 2, dtype: str = "float32", signature: Optional[str] = None, rows: Optional[int] = None,
    dimension: int = 64, columns: int = 64, masks: Sequence[str] = ("causal",), quick: bool = False, only: Union[str, Sequence[str]] = (),
    skip: Union[str, Sequence[str]] = (),
) -> list[str]:
    """The names of the checks that `audit` runs with these arguments, in order."""
    _, shape = _settings(function, order, dtype, rows, dimension, columns, masks, signature)
    return _gapwright._audit_checks(**shape, quick=quick, only=_words("only", only), skip=_words("skip", skip))
