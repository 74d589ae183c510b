# SPDX-License-Identifier: MIT
"""Formulas, reductions, verdicts, certificates and plans of the Python module, against brute force and the programs."""

import functools
import itertools
import json
import subprocess
from fractions import Fraction

import numpy as np
import pytest

import gapwright as gw
from support import CHECKER, DATA, numpy_attention, program, same_bits


def models(formula):
    for bits in itertools.product([False, True], repeat=formula.variables):
        if all(any(bits[abs(l) - 1] == (l > 0) for l in clause) for clause in formula.clauses):
            yield [v + 1 if bit else -v - 1 for v, bit in enumerate(bits)]


def test_solve_agrees_with_brute_force():
    answers = []
    for seed in range(20):
        formula = gw.generate("random-ksat", variables=7, clauses=32, seed=seed)
        order = 2 + seed % 3
        solution = gw.solve(formula, order=order)
        exists = any(True for _ in models(formula))
        assert solution.satisfiable is exists and solution.oracle is exists
        lo, hi = solution.verdict.enclosure
        assert lo <= hi and (lo > solution.verdict.compared_with if exists else hi < solution.verdict.compared_with)
        assert solution.no_at_most < solution.verdict.compared_with < solution.yes_at_least
        if exists:
            assert formula.accepts(solution.assignment) and solution.assignment in models(formula)
        else:
            assert solution.assignment is None
        answers.append(exists)
    assert any(answers) and not all(answers)


@pytest.mark.parametrize("order", [2, 3])
def test_reductions_carry_answers_and_witnesses(order):
    for seed in range(4):
        formula = gw.generate("random-ksat", variables=5, clauses=24, seed=seed)
        every = list(models(formula))
        vectors = gw.reduce(formula, to="orthogonal-vectors", order=order)
        direct = gw.reduce(formula, to="attention", order=order)
        for instance in (vectors.target, direct.target):
            assert gw.decide(instance).verdict == ("yes" if every else "no")
        for method in ("histogram", "balls"):
            assert gw.decide(direct.target, method=method).verdict == ("yes" if every else "no")
        numpy_out = numpy_attention(direct.target)[:, 0].max()
        assert numpy_out >= direct.target.yes_at_least if every else numpy_out <= direct.target.no_at_most
        for model in every:
            for reduction in (vectors, direct):
                assert reduction.pull(reduction.push(model)) == model
            assert vectors.target.accepts(vectors.push(model))
        sizes = [array.shape for array in vectors.target.sets]
        assert len(sizes) == order and all(shape[1] == 24 for shape in sizes)
        assert vectors.steps[0]["target_bits"] == sum(n * d for n, d in sizes)


def test_through_a_code():
    answers = set()
    for clauses, order, route in [([[1, 2], [-1, 3]], 2, "reed-solomon"), ([[1], [-1]], 2, "reed-solomon"), ([[1, 2], [-2]], 3, "hermitian")]:
        formula = gw.Formula(max(abs(l) for c in clauses for l in c), clauses)
        satisfiable = any(True for _ in models(formula))
        gap = gw.reduce(formula, to="gap-max-ip", order=order, route=route)
        products = np.zeros([len(s) for s in gap.target.sets])
        for tuple_ in np.ndindex(products.shape):
            products[tuple_] = np.multiply.reduce([s[j] for s, j in zip(gap.target.sets, tuple_)]).sum()
        assert (products.max() >= gap.target.yes_at_least) == satisfiable
        assert satisfiable or products.max() <= gap.target.no_at_most
        assert gw.decide(gap.target).verdict == ("yes" if satisfiable else "no")
        attention = gw.reduce(formula, order=order, route=route)
        assert attention.message == gap.message is not None
        verdict = gw.decide(attention.target)
        assert verdict.verdict == ("yes" if satisfiable else "no")
        if satisfiable:
            assert formula.accepts(attention.pull(verdict.witness))
        answers.add(satisfiable)
    assert answers == {True, False}


FORMULAS = [([[1, 2], [-1, 3]], 2, dict(route="reed-solomon")), ([[1], [-1]], 2, dict(route="hermitian")), ([[1, 2], [-2, 3], [-3]], 3, dict(route="reed-solomon"))]


@pytest.mark.parametrize("clauses, order, options", FORMULAS)
def test_the_forms_of_one_instance_have_equal_inner_products(clauses, order, options, tmp_path):
    formula = gw.Formula(max(abs(l) for c in clauses for l in c), clauses)
    satisfiable = any(True for _ in models(formula))
    factored = gw.reduce(formula, to="gap-max-ip", order=order, form="factored", message="best", **options)
    instance = factored.target
    assert isinstance(instance, gw.FactoredGapMaxIp) and instance.expected is satisfiable
    add, multiply = instance.addition, instance.multiplication

    def accepting_coins(tuple_):
        accepted = 0
        for x in range(instance.coins):
            total = 0
            for tau in range(instance.blocks):
                total = add[total, functools.reduce(lambda a, b: multiply[a, b], (s[j, x, tau] for s, j in zip(instance.sets, tuple_)))]
            accepted += total == instance.message[x]
        return accepted

    bits = [gw.reduce(instance, to="gap-max-ip", form=form).target for form in ("pruned", "explicit")]
    real = gw.reduce(instance, to="gap-max-ip", gadget="characters").target
    assert bits[0].dimension < bits[1].dimension and isinstance(real, gw.RealGapMaxIp)
    for tuple_ in np.ndindex(*(len(s) for s in instance.sets)):
        product = accepting_coins(tuple_)
        assert instance.inner_product(tuple_) == product and instance.accepts(tuple_) == (product >= instance.yes_at_least)
        for g in bits:
            assert np.multiply.reduce([s[j] for s, j in zip(g.sets, tuple_)]).sum() == product
        assert abs((np.multiply.reduce([s[j] for s, j in zip(real.sets, tuple_)]) * real.weights).sum() - product) < 1e-6
        assert abs(real.inner_product(tuple_) - product) < 1e-6
    answer = "yes" if satisfiable else "no"
    for g in (instance, real, *bits):
        decided = gw.decide(g)
        assert decided.verdict == answer and (g.yes_at_least, g.no_at_most) == (instance.yes_at_least, instance.no_at_most)
        assert abs(decided.largest - max(accepting_coins(t) for t in np.ndindex(*(len(s) for s in instance.sets)) if t[0] == decided.row)) < 1e-6
    for source, more in ((formula, dict(order=order, message="best", **options)), (instance, {}), (bits[0], {}), (real, {})):
        gadgets = [{}, dict(gadget="characters")] if source in (formula, instance) else [{}]
        for gadget in gadgets:
            attention = gw.reduce(source, **more, **gadget)
            verdict = gw.decide(attention.target)
            assert verdict.verdict == answer and attention.target.expected is satisfiable
            if satisfiable and source is formula:
                assert formula.accepts(attention.pull(verdict.witness))
            elif satisfiable:
                assert formula.accepts(factored.pull(attention.pull(verdict.witness)))
    for g, name in ((instance, "f"), (real, "r"), (bits[0], "b")):
        path = tmp_path / (name + ".safetensors")
        g.write(path)
        again = gw.read(path)
        assert type(again) is type(g) and gw.decide(again).verdict == answer and again.expected is satisfiable
        assert gw.decide(gw.reduce(again).target).verdict == answer
    with pytest.raises(gw.BadInstance, match="RealGapMaxIp.read"):
        gw.GapMaxIp.read(tmp_path / "r.safetensors")


def test_every_message_of_merlin():
    formula = gw.Formula(2, [[1, 2], [-1, -2]])
    options = dict(to="gap-max-ip", order=2, route="reed-solomon", field=5, blocks=1, block_length=2, form="factored")
    honest = gw.reduce(formula, **options)
    count = honest.steps[-1]["targets"]
    assert 1 < count < 10**4 and 0 <= honest.message < count
    answers = {m: gw.decide(gw.reduce(formula, message=m, **options).target).verdict for m in range(count)}
    assert answers[honest.message] == "yes" and "no" in answers.values() and set(answers.values()) <= {"yes", "no"}
    unsatisfiable = gw.Formula(2, [[1], [-1]])
    assert {gw.decide(gw.reduce(unsatisfiable, message=m, **options).target).verdict for m in range(count)} == {"no"}
    with pytest.raises(ValueError):
        gw.reduce(formula, message=count, **options)


def test_causal_and_narrow_targets():
    formula = gw.generate("random-ksat", variables=6, clauses=20, seed=3)
    answer = gw.decide(formula).verdict
    causal = gw.reduce(formula, order=2, causal=True).target
    assert len(causal.q) == len(causal.keys[0]) and gw.decide(causal).verdict == answer
    scores = causal.softmax_scale * causal.q @ causal.keys[0].T
    weights = np.tril(np.exp(scores - scores.max()))
    masked = weights @ causal.values[0] / weights.sum(axis=1, keepdims=True)
    assert (masked[:, 0].max() > (causal.yes_at_least + causal.no_at_most) / 2) == (answer == "yes")
    centred, plain = gw.reduce(formula, order=2, centred=True).target, gw.reduce(formula, order=2).target
    assert set(np.unique(centred.keys[0])) == {-centred.entry_bound, centred.entry_bound} and gw.decide(centred).verdict == answer
    assert centred.entry_bound * 2**0.5 == pytest.approx(plain.entry_bound, rel=1e-9)
    narrow = gw.reduce(formula, order=2, entry_dtype="f16").target
    assert same_bits(narrow.q.astype("float16").astype("float64"), narrow.q) and gw.decide(narrow).verdict == answer


def test_counting_and_fewest_violated():
    for seed in range(6):
        formula = gw.generate("random-ksat", variables=6, clauses=26, seed=seed)
        violated = [formula.violated([v + 1 if bit else -v - 1 for v, bit in enumerate(bits)]) for bits in itertools.product([0, 1], repeat=6)]
        assert gw.count_models(formula, order=2 + seed % 3) == violated.count(0)
        least, assignment, attained = gw.fewest_violated(formula, order=2 + seed % 3)
        assert (least, attained) == (min(violated), violated.count(min(violated))) and formula.violated(assignment) == least


# Certificates


def check(certificate, *files, accepted=True):
    finished = subprocess.run([CHECKER, *map(str, (certificate, *files))], capture_output=True, text=True)
    assert (finished.returncode == 0) == accepted, finished.stdout + finished.stderr


def test_a_certificate_names_the_file_that_write_writes(tmp_path):
    formula = gw.generate("random-ksat", variables=9, clauses=20, plant="uniform")  # with a comment that tells its answer
    assert gw.solve(formula, certificate=tmp_path / "c.json").satisfiable
    formula.write(tmp_path / "f.cnf")
    check(tmp_path / "c.json", tmp_path / "f.cnf")


def test_certificates_are_accepted_by_the_checker(tmp_path):
    for clauses, name in [([[1, 2], [-1, 3], [-3, 4]], "yes"), ([[1, 2], [-1], [-2]], "no")]:
        formula = gw.Formula(4, clauses)
        cnf, other = tmp_path / (name + ".cnf"), tmp_path / "other.cnf"
        formula.write(cnf)
        gw.Formula(4, clauses + [[3]]).write(other)
        for source in (formula, gw.Formula.read(cnf), gw.Formula.parse(cnf.read_text())):
            assert gw.solve(source, order=2, certificate=tmp_path / "c.json").satisfiable is (name == "yes")
            check(tmp_path / "c.json", cnf)
        check(tmp_path / "c.json", other, accepted=False)
        through = dict(to="gap-max-ip", order=2, route="reed-solomon")
        targets = {
            "vectors": gw.reduce(formula, to="orthogonal-vectors", order=2),
            "attention": gw.reduce(formula, order=2),
            "pruned": gw.reduce(formula, **through),
            "factored": gw.reduce(formula, form="factored", **through),
            "characters": gw.reduce(formula, gadget="characters", **through),
            "real": gw.reduce(formula, gadget="characters", order=2, route="reed-solomon"),
        }
        for kind, reduction in targets.items():
            path, certificate = tmp_path / (kind + ".safetensors"), tmp_path / (kind + ".json")
            reduction.target.write(path)
            decided = gw.decide(gw.read(path), certificate=certificate, formula=formula, timeout=60)
            assert decided.verdict == name, kind
            check(certificate, path, *([cnf] if name == "yes" else []))
            assert not (tmp_path / (kind + ".json.checkpoint")).exists()
        check(tmp_path / "vectors.json", tmp_path / "attention.safetensors", accepted=False)
    with pytest.raises(ValueError, match="read it back"):
        gw.decide(targets["attention"].target, certificate=tmp_path / "c.json")
    with pytest.raises(ValueError, match="balls"):
        gw.decide(gw.read(tmp_path / "attention.safetensors"), method="balls", certificate=tmp_path / "c.json")


def test_plan_is_what_the_program_plans():
    def numbers(text):
        return json.loads(text, object_hook=gw._exact_numbers)

    options = ["--largest-field", 64, "--longest", 2000, "--up-to", 40]
    mine = gw.plan(variables=30, clauses=128, largest_field=64, longest=2000, up_to=40)
    assert mine == numbers(program("plan", "--variables", 30, "--clauses", 128, *options, "--json"))
    assert mine["sizes"] == [1024] * 3 and mine["least_entries"][0]["entry_constant"] == 130
    formula = gw.Formula.read(DATA / "yes/uf20-01.cnf")
    assert gw.plan(formula, order=2, largest_field=25, longest=200, up_to=20)["clauses"] == len(formula.clauses)
    with pytest.raises(ValueError, match="give a formula"):
        gw.plan(variables=3)


def test_delta_is_carried_by_reduce_and_plan(tmp_path):
    from fractions import Fraction

    formula = gw.generate("random-ksat", variables=8, clauses=20, seed=3)
    formula.write(tmp_path / "f.cnf")
    for options, arguments in [({}, []), ({"route": "reed-solomon", "message": 0}, ["--route", "reed-solomon", "--advice", 0])]:
        made = gw.reduce(formula, order=2, delta=Fraction(1, 100), **options).target
        assert made.no_at_most < Fraction(1, 100) < made.yes_at_least
        assert made.entry_bound > gw.reduce(formula, order=2, **options).target.entry_bound
        program("reduce", tmp_path / "f.cnf", "--to", "attention", "-k", 2, *arguments, "--delta", "1/100", "-o", tmp_path / "a.safetensors")
        assert gw.read(tmp_path / "a.safetensors").entry_bound == made.entry_bound
    plan = gw.plan(variables=14, clauses=100, order=2, largest_field=16, longest=60, up_to=3)
    assert plan["delta"] == Fraction(1, 16) and 16 * 128 * plan["gradient_delta"] ** 2 <= 1
    direct = gw.plan(variables=14, clauses=100, order=2, largest_field=16, longest=60, up_to=3, delta=plan["gradient_delta"])["least_entries"][0]
    assert direct["embedding"] == "direct-centred" and abs(direct["entry_bound"]["lo"] - 29.435 / 2**0.5) < 0.01
    for bad in (0, Fraction(1, 3), -1):
        with pytest.raises(ValueError, match="delta"):
            gw.reduce(formula, delta=bad)
    with pytest.raises(ValueError, match="delta"):
        gw.reduce(formula, to="orthogonal-vectors", delta=Fraction(1, 8))


def test_vectors_as_arrays(tmp_path):
    sets = [np.array([[1, 0, 1], [1, 1, 1]], dtype=t) for t in ("uint8", "float64")] + [np.array([[0, 1, 0]], dtype=bool)]
    vectors = gw.OrthogonalVectors(sets)
    assert [s.dtype for s in vectors.sets] == ["uint8"] * 3
    assert all((a == b).all() for a, b in zip(vectors.sets, sets))
    decided = gw.decide(vectors)
    assert decided.verdict == "yes" and decided.witness == [0, 0, 0] and vectors.accepts([0, 1, 0]) and not vectors.accepts([1, 1, 0])
    vectors.write(str(tmp_path / "v.safetensors"))
    assert all((a == b).all() for a, b in zip(gw.OrthogonalVectors.read(str(tmp_path / "v.safetensors")).sets, vectors.sets))
    reduction = gw.reduce(vectors)
    assert reduction.pull(gw.decide(reduction.target).witness) == decided.witness


# The same as the program


def test_generate_is_what_the_program_generates(tmp_path):
    for family, parameters, arguments in [
        ("random-ksat", dict(variables=12, clauses=40, seed=7), ["--variables", 12, "--clauses", 40, "--seed", 7]),
        ("random-ksat", dict(variables=12, clauses=40, plant="quiet"), ["--variables", 12, "--clauses", 40, "--plant=quiet"]),
        ("pigeonhole", dict(pigeons=4, holes=3), [4, 3]),
        ("parity", dict(points=5), [5]),
        ("ramsey", dict(independent=3, clique=3, vertices=5), [3, 3, 5]),
        ("van-der-waerden", dict(numbers=8, first=3, second=3), [8, 3, 3]),
        ("ordering", dict(elements=4), [4]),
    ]:
        formula = gw.generate(family, **parameters)
        assert formula.clauses == gw.Formula.parse(program("gen", family, *arguments).decode()).clauses
        if formula.planted:
            assert formula.expected and formula.accepts(formula.planted)
        if formula.variables <= 12 and formula.expected is not None:
            assert formula.expected == any(True for _ in models(formula))
    path = str(tmp_path / "made.safetensors")
    program("gen", "attention", "--rows", 9, "--dimension", 4, "--entry-bound", 2, "-k", 2, "--seed", 5, "-o", path)
    mine, its = gw.generate("attention", rows=9, dimension=4, entry_bound=2, order=2, seed=5), gw.Attention.read(path)
    assert same_bits(mine.q, its.q) and same_bits(mine.values[0], its.values[0])
    program("gen", "orthogonal-vectors", "--vectors", 40, "--dimension", 70, "--plant", "--seed", 5, "-o", path)
    vectors = gw.generate("orthogonal-vectors", vectors=40, dimension=70, plant="camouflaged", seed=5)
    assert all(same_bits(a, b) for a, b in zip(vectors.sets, gw.OrthogonalVectors.read(path).sets))
    assert vectors.accepts(vectors.planted)
    program("gen", "gap-max-ip", "--vectors", 20, "--dimension", 1500, "--plant", "-o", path)
    gap = gw.generate("gap-max-ip", vectors=20, dimension=1500, plant="camouflaged")
    assert all(same_bits(a, b) for a, b in zip(gap.sets, gw.GapMaxIp.read(path).sets)) and gap.accepts(gap.planted)


@pytest.mark.parametrize(
    "family, parameters, arguments",
    [
        ("random-ksat", dict(variables=12, clauses=40, seed=7), ["--variables", 12, "--clauses", 40, "--seed", 7]),
        ("random-ksat", dict(variables=12, clauses=40, plant="uniform"), ["--variables", 12, "--clauses", 40, "--plant"]),
        ("random-ksat", dict(variables=12, clauses=40, plant="quiet", order=2), ["--variables", 12, "--clauses", 40, "--plant=quiet", "-k", 2]),
        ("random-ksat", dict(variables=12, clauses=40, width=4, spread=True), ["--variables", 12, "--clauses", 40, "--width", 4, "--spread"]),
        ("pigeonhole", dict(pigeons=4, holes=3), [4, 3]),
        ("parity", dict(points=6), [6]),
        ("ramsey", dict(independent=3, clique=3, vertices=5), [3, 3, 5]),
        ("ramsey", dict(independent=6, clique=6, vertices=7), [6, 6, 7]),
        ("van-der-waerden", dict(numbers=8, first=3, second=3), [8, 3, 3]),
        ("ordering", dict(elements=4), [4]),
        ("orthogonal-vectors", dict(vectors=9, dimension=70, seed=5), ["--vectors", 9, "--dimension", 70, "--seed", 5]),
        ("orthogonal-vectors", dict(vectors=9, dimension=70, order=2, density=Fraction(2, 5), plant="camouflaged"), ["--vectors", 9, "--dimension", 70, "-k", 2, "--density", "0.4", "--plant"]),
        ("gap-max-ip", dict(vectors=9, dimension=1500, plant="plain"), ["--vectors", 9, "--dimension", 1500, "--plant=plain"]),
        ("gap-max-ip", dict(vectors=9, dimension=40, yes_at_least=30, no_at_most=25), ["--vectors", 9, "--dimension", 40, "--yes-at-least", 30, "--no-at-most", 25]),
        ("attention", dict(rows=9, dimension=4, entry_bound=0.3, order=2, seed=5), ["--rows", 9, "--dimension", 4, "--entry-bound", 0.3, "-k", 2, "--seed", 5]),
    ],
)
def test_write_is_what_the_program_writes(family, parameters, arguments, tmp_path):
    program("gen", family, *arguments, "-o", tmp_path / "its")
    made = gw.generate(family, **parameters)
    made.write(tmp_path / "mine")
    assert (tmp_path / "mine").read_bytes() == (tmp_path / "its").read_bytes()
    if isinstance(made, gw.Formula):
        assert made.dimacs() == (tmp_path / "its").read_text()


def test_reduce_is_what_the_program_reduces(tmp_path):
    path = str(tmp_path / "hard.safetensors")
    program("reduce", DATA / "no/all-signs.cnf", "-k", 2, "--to", "attention", "-o", path)
    its, mine = gw.Attention.read(path), gw.reduce(gw.Formula.read(str(DATA / "no/all-signs.cnf")), order=2).target
    assert same_bits(mine.q, its.q) and same_bits(mine.keys[0], its.keys[0]) and same_bits(mine.values[0], its.values[0])
    assert (mine.entry_bound, mine.softmax_scale, mine.embedding) == (its.entry_bound, its.softmax_scale, its.embedding)
    assert abs(mine.yes_at_least - its.yes_at_least) < 1e-15 and its.yes_at_least <= mine.yes_at_least
