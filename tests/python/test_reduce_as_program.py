# SPDX-License-Identifier: MIT
"""reduce of the module and of the program are one request: the same options are refused, and the same instance is made."""
import itertools
import random
import subprocess

import numpy as np
import pytest

import gapwright as gw
from support import PROGRAM, options_of

CNF = "p cnf 5 7\n1 2 -3 0\n-1 4 0\n2 -4 5 0\n-2 3 0\n-5 1 0\n3 4 0\n-3 -4 -5 0\n"

CHOICES = {
    "to": ["orthogonal-vectors", "gap-max-ip", "attention"],
    "route": [None, "reed-solomon", "hermitian", "tower"],
    "order": [None, 2, 3],
    "square": [False, True],
    "causal": [False, True],
    "centred": [False, True],
    "entry_dtype": [None, "f32", "bf16"],
    "gadget": [None, "boxes", "characters"],
    "form": [None, "explicit", "pruned", "factored"],
    "embedding": [None, "paper"],
    "mu": [None, 0.25],
    "message": [None, 0, "best", "hones"],
    "blocks": [None, 2],
    "level": [None, 2],
    "delta": [None, "1/32", "1/3"],
    "expect": [None, True],
}
OPTIONS = {"message": "--advice", "order": "-k"}


def draws(count):
    """Mostly one or two options away from the usual, so that many requests hold."""
    draw = random.Random(11)
    for _ in range(count):
        asked = {"to": draw.choice(CHOICES["to"])}
        for name in draw.sample(sorted(set(CHOICES) - {"to"}), draw.choice([0, 1, 1, 2, 2, 3])):
            asked[name] = draw.choice(CHOICES[name][1:])
        yield asked


def entries(instance):
    """What an instance says: its arrays, and its thresholds where it has them."""
    arrays = []
    for name in ("sets", "keys", "values"):
        arrays += list(getattr(instance, name, []))
    for name in ("q", "message", "systematic", "weights"):
        if hasattr(instance, name):
            arrays.append(getattr(instance, name))
    terms = {name: getattr(instance, name) for name in ("order", "entry_bound", "softmax_scale", "causal", "embedding") if hasattr(instance, name)}
    return arrays, terms


def test_a_target_claims_the_command_that_made_its_source_and_its_own(tmp_path):
    formula = gw.generate("random-ksat", variables=6, clauses=9, seed=4)
    vectors = gw.generate("orthogonal-vectors", vectors=4, dimension=6, order=2, seed=3)
    query = gw.generate("subset-query", inner=4, outer=6, universe=7, seed=3)
    for source in (formula, vectors, query):
        for asked in ({}, {"to": "gap-max-ip", "route": "reed-solomon"}):
            target = gw.reduce(source, **asked).target
            target.write(tmp_path / "target.safetensors")
            metadata = (tmp_path / "target.safetensors").read_bytes()
            assert b'command\\":\\"gen ' in metadata and b" | gapwright reduce - --to " in metadata and b'seed\\"' not in metadata, asked


@pytest.mark.parametrize("source", ["formula", "vectors", "subset-query"])
def test_the_same_is_refused_and_the_same_is_made(source, tmp_path):
    path = tmp_path / ("a.cnf" if source == "formula" else "a.safetensors")
    if source == "formula":
        path.write_text(CNF)
        instance = gw.Formula.read(path)
    elif source == "vectors":
        gw.generate("orthogonal-vectors", vectors=5, dimension=9, order=2, seed=3).write(path)
        instance = gw.read(path)
    else:
        gw.generate("subset-query", inner=4, outer=6, universe=7, seed=3, plant=True).write(path)
        instance = gw.read(path)
    made = refused = 0
    for asked in draws(100):
        out = tmp_path / "out.safetensors"
        run = subprocess.run([PROGRAM, "reduce", path, "-o", out, "--quiet", *options_of(asked, OPTIONS)], capture_output=True, text=True)
        try:
            target = gw.reduce(instance, **asked).target
        except (ValueError, gw.LimitReached) as e:
            refused += 1
            assert run.returncode in (2, 5, 6), f"{asked}: the module refuses ({e}), the program does not"
            assert "--" not in str(e), asked
            continue
        assert run.returncode == 0, f"{asked}: the program refuses ({run.stderr}), the module does not"
        made += 1
        if hasattr(target, "expected"):
            assert target.expected is gw.read(out).expected, asked
        ours, terms = entries(target)
        theirs, read_terms = entries(gw.read(out))
        if isinstance(target, gw.RealGapMaxIp):
            continue  # as read, weights lie in the entries; test_recorded_commands.py compares the bytes
        assert terms == read_terms, asked
        for a, b in itertools.zip_longest(ours, theirs):
            assert np.array_equal(a, b), asked
    assert made > 12 and refused > 12
