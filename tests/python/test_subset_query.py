# SPDX-License-Identifier: MIT
"""A problem that the module knows by its row alone: the class Instance."""
import os
import subprocess

import numpy as np
import pytest

import gapwright as gw


def query(seed=0, inner=7, outer=5, universe=30, p=0.2, q=0.8):
    random = np.random.default_rng(seed)
    return gw.Instance("subset-query", inner=random.random((inner, universe)) < p, outer=random.random((outer, universe)) < q)


def contained(instance):
    inner, outer = instance.arrays["inner"], instance.arrays["outer"]
    return [(i, j) for i in range(len(inner)) for j in range(len(outer)) if np.all(inner[i] <= outer[j])]


@pytest.mark.parametrize("seed", range(12))
def test_decide_and_accepts_are_the_definition(seed):
    instance = query(seed, universe=3 + seed)
    pairs = contained(instance)
    decided = instance.decide()
    assert decided["verdict"] == ("yes" if pairs else "no")
    assert decided["witness"] == (list(pairs[0]) if pairs else None)
    accepted = [(i, j) for i in range(9) for j in range(9) if instance.accepts([i, j])]
    assert accepted == pairs
    assert not instance.accepts([-1, 0]) and not instance.accepts([2**70, 0]) and not instance.accepts([0])


def test_files(tmp_path):
    made = gw.generate("subset-query", inner=6, outer=8, universe=40, inner_density="1/3", plant=True, seed=4)
    assert made.accepts(made.planted)
    made.write(tmp_path / "a.safetensors")
    back = gw.read(tmp_path / "a.safetensors")
    assert isinstance(back, gw.Instance) and back.problem == "subset-query"
    for name in ("inner", "outer"):
        assert np.array_equal(back.arrays[name], made.arrays[name])
    assert back.metadata["sources"][0]["name"] == "a.safetensors"


@pytest.mark.parametrize("options", [{}, {"square": True}, {"centred": True}, {"to": "orthogonal-vectors"}, {"to": "gap-max-ip", "route": "hermitian"}])
def test_reduce_and_back(options):
    made = gw.generate("subset-query", inner=6, outer=9, universe=20, plant=True, seed=2)
    reduction = gw.reduce(made, **options)
    assert reduction.steps[0]["rule"] == "subset-query -> orthogonal-vectors"
    pushed = reduction.push(made.planted)
    assert reduction.pull(pushed) == made.planted
    if options.get("to") != "gap-max-ip":
        assert gw.decide(reduction.target).witness is not None


def test_refusals():
    with pytest.raises(gw.BadInstance):
        gw.Instance("subset-query", inner=np.zeros((2, 3)).astype(int), outer=np.zeros((2, 4)).astype(int))
    with pytest.raises(gw.BadInstance):
        gw.Instance("subset-query", inner=np.zeros((2, 3)).astype(int))
    with pytest.raises(ValueError, match="did you mean"):
        gw.Instance("subset-querry")
    with pytest.raises(ValueError):
        gw.reduce(query(), order=3)
    with pytest.raises(TypeError):
        gw.generate("subset-query", inner=3, outer=3, universe=4, colour=1)
    with pytest.raises(TypeError):
        gw.generate("subset-query", inner=3, outer=3)
    with pytest.raises(gw.LimitReached):
        query().decide(max_tuples=3)
    with pytest.raises(gw.LimitReached):
        gw.generate("subset-query", inner=10**6, outer=10**6, universe=10**6, memory_limit="1M")


def test_parts_that_the_problem_does_not_have_are_refused():
    bits = np.zeros((2, 3), dtype=int)
    for name, value in {"middle": bits, "seed": 3, "weights": np.zeros((2, 2))}.items():
        with pytest.raises(gw.BadInstance, match=f"'{name}' is no part of subset-query"):
            gw.Instance("subset-query", inner=bits, outer=bits, **{name: value})


def test_generate_is_gen(tmp_path):
    made = gw.generate("subset-query", inner=6, outer=8, universe=40, inner_density="1/3", plant=True, seed=4)
    made.write(tmp_path / "a.safetensors")
    options = "--inner 6 --outer 8 --universe 40 --inner-density 1/3 --plant --seed 4".split()
    subprocess.run([os.environ["GAPWRIGHT_PROGRAM"], "gen", "subset-query", *options, "-o", tmp_path / "b.safetensors", "--quiet"], check=True)
    assert made.expected is True
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    for seed in range(6):  # whose answer is found
        made = gw.generate("subset-query", inner=2, outer=3, universe=6, seed=seed, expect=True)
        made.write(tmp_path / "a.safetensors")
        options = f"--inner 2 --outer 3 --universe 6 --expect --seed {seed}".split()
        subprocess.run([os.environ["GAPWRIGHT_PROGRAM"], "gen", "subset-query", *options, "-o", tmp_path / "b.safetensors", "--quiet"], check=True)
        assert made.expected is bool(contained(made))
        assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    with pytest.raises(gw.LimitReached, match="`?expect"):
        gw.generate("subset-query", inner=200, outer=300, universe=6, expect=True, max_tuples=1000)
    for wrong in ("no", 1, None.__class__):
        with pytest.raises(TypeError):
            gw.generate("subset-query", inner=6, outer=8, universe=40, plant=wrong)


@pytest.mark.parametrize("seed", range(6))
def test_subset_query_is_a_target(seed, tmp_path):
    random = np.random.default_rng(seed)
    vectors = gw.OrthogonalVectors([random.random((n, 9)) < 0.4 for n in (6, 8)])
    led = gw.reduce(vectors, to="subset-query", expect=True)
    assert isinstance(led.target, gw.Instance) and led.target.problem == "subset-query"
    pairs = contained(led.target)
    x, y = vectors.sets
    assert pairs == [(i, j) for i in range(6) for j in range(8) if not np.any(x[i] & y[j])]
    assert led.target.expected is bool(pairs)
    for pair in pairs:
        assert led.pull(list(pair)) == list(pair) == led.push(list(pair))
    vectors.write(tmp_path / "v.safetensors")
    gw.reduce(gw.read(tmp_path / "v.safetensors"), to="subset-query", expect=True).target.write(tmp_path / "a.safetensors")
    command = [os.environ["GAPWRIGHT_PROGRAM"], "reduce", "v.safetensors", "--to", "subset-query", "--expect", "-o", "b.safetensors", "--quiet"]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_refused_targets():
    vectors = gw.OrthogonalVectors([np.eye(3, dtype=int)] * 2)
    for options in [{"square": True}, {"route": "hermitian"}, {"form": "pruned"}, {"centred": True}, {"delta": 0.1}]:
        with pytest.raises(ValueError):
            gw.reduce(vectors, to="subset-query", **options)
    with pytest.raises(ValueError, match="leave out order"):
        gw.reduce(gw.generate("parity", points=4), to="subset-query", order=3)
    with pytest.raises(ValueError, match="already"):
        gw.reduce(query(), to="subset-query")
