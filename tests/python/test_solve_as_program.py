# SPDX-License-Identifier: MIT
"""solve of the module and of the program are one request: the same options are refused, and the same is found out."""
import json
import random
import re
import subprocess
import warnings

import gapwright as gw
import pytest
from support import CHECKER, EXCEPTIONS, OPTION, PROGRAM, options_of

FORMULAS = {
    "yes": "p cnf 4 5\nc p show 1 2 0\nc p weight 1 0.25 0\n1 2 0\n-1 3 0\n-2 -3 4 0\n1 -4 0\n2 3 0\n",
    "no": "p cnf 3 8\n1 2 3 0 -1 2 3 0 1 -2 3 0 1 2 -3 0 -1 -2 3 0 -1 2 -3 0 1 -2 -3 0 -1 -2 -3 0\n",
    "trouble": "p cnf 2 1\nc p show 1 -2 0\n1 2 0\n",
    "nothing": "p cnf 0 0\n",
}
CHOICES = {
    "order": [2, 3],
    "route": ["reed-solomon", "hermitian", "tower", "direct"],
    "advice": ["honest", "all", "best", "sample:2", "sample:x", "perhaps", 0, 3, 10**30],
    "gadget": ["boxes", "characters"],
    "form": ["explicit", "pruned", "factored"],
    "embedding": ["sharp", "paper"],
    "mu": [0.25],
    "field": [5, 9, 6],
    "blocks": [2, 4],
    "block_length": [2],
    "level": [2],
    "seed": [1, 7],
    "count": [True],
    "project": [True],
    "max": [True],
    "max_tuples": [3],
    "memory_limit": [10],
}
OPTIONS = {"order": "-k"}
OF_CODES = ["advice", "form", "embedding", "field", "blocks", "block_length", "seed"]


def draws(count, seed):
    """Half of them through a code, with the options of codes; the rest at random, most of them refused."""
    draw = random.Random(seed)
    for _ in range(count):
        code = draw.random() < 0.5
        names = OF_CODES if code else sorted(CHOICES)
        asked = {name: draw.choice(CHOICES[name]) for name in draw.sample(names, draw.choice([0, 1, 1, 2, 2, 3]))}
        if code:
            asked |= {"route": draw.choice(CHOICES["route"][:3]), "order": 2}
        yield asked


def word(answer):
    return {True: "SATISFIABLE", False: "UNSATISFIABLE", None: "UNKNOWN"}[answer]


def found(solution):
    """What the program says as JSON, as far as both say it."""
    v = solution.verdict
    return {
        "answer": word(solution.satisfiable),
        "assignment": solution.assignment,
        "cryptominisat": word(solution.oracle),
        "models": solution.models,
        "projected_models": solution.projected_models,
        "fewest_violated": solution.fewest_violated,
        "attained_by": solution.attained_by,
        "protocol": solution.protocol,
        "advice": solution.advice,
        "decision": v and [v.verdict, v.witness, v.row, v.precision, v.method],
        "entry_bound": solution.entry_bound,
    }


def said(answer):
    """The same of the program's JSON."""
    keys = ("answer", "assignment", "cryptominisat", "models", "projected_models", "fewest_violated", "attained_by", "protocol", "advice")
    theirs = {key: answer.get(key) for key in keys}
    if theirs["protocol"]:
        theirs["protocol"]["messages"] = int(theirs["protocol"]["messages"])
    decision = answer.get("decision")
    theirs["decision"] = decision and [decision[key] for key in ("verdict", "witness", "row", "precision", "method")]
    theirs["entry_bound"] = answer["attention"]["entry_bound"]
    return theirs


@pytest.mark.parametrize("name, seed", [("yes", 1), ("no", 2), ("trouble", 3), ("nothing", 4)])
def test_the_same_is_refused_and_the_same_is_found(name, seed, tmp_path):
    path = tmp_path / "f.cnf"
    path.write_text(FORMULAS[name])
    formula = gw.Formula.read(path)
    made = refused = 0
    for asked in draws(50, seed):
        run = subprocess.run([PROGRAM, "solve", path, "--json", "--quiet", *options_of(asked, OPTIONS)], capture_output=True, text=True)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                solution = gw.solve(formula, **asked)
            except (ValueError, gw.LimitReached) as e:
                refused += 1
                assert run.returncode in EXCEPTIONS, f"{asked}: the module refuses ({e}), the program does not"
                assert isinstance(e, EXCEPTIONS[run.returncode]), asked
                assert not OPTION.search(str(e)), asked
                continue
        assert run.returncode == (4 if solution.satisfiable is None else 0), f"{asked}: the program refuses ({run.stderr}), the module does not"
        made += 1
        assert found(solution) == said(json.loads(run.stdout)), asked
        assert solution.route == asked.get("route", "direct")
        assert len(caught) == run.stderr.count("warning: "), asked
        assert not any(OPTION.search(str(w.message)) for w in caught), asked
    assert made > 10 and refused > 10


@pytest.mark.parametrize("asked", [{}, {"route": "reed-solomon"}, {"route": "reed-solomon", "field": 5, "blocks": 4, "advice": "all"}])
@pytest.mark.parametrize("name", ["yes", "no"])
def test_certificates_and_proofs_are_written_alike(name, asked, tmp_path):
    path = tmp_path / "f.cnf"
    path.write_text(FORMULAS[name])
    words = ["--certificate", tmp_path / "c", "--proof", tmp_path / "p"]
    run = subprocess.run([PROGRAM, "solve", path, "-k", "2", *words, *options_of(asked, OPTIONS)], capture_output=True, text=True, check=False)
    assert run.returncode in (0, 2, 4)
    if run.returncode == 2:
        with pytest.raises(ValueError):
            gw.solve(gw.read(path), order=2, certificate=tmp_path / "c", proof=tmp_path / "p", **asked)
        return
    theirs = {file: (tmp_path / file).read_text() for file in "cp" if (tmp_path / file).exists()}
    for file in theirs:
        (tmp_path / file).unlink()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        solution = gw.solve(gw.read(path), order=2, certificate=tmp_path / "c", proof=tmp_path / "p", **asked)
    ours = {file: (tmp_path / file).read_text() for file in "cp" if (tmp_path / file).exists()}
    assert list(ours) == list(theirs) and len(caught) == run.stderr.count("warning: ")
    assert solution.proved == ("p" in ours) == (name == "no")
    if "c" in ours:
        assert json.loads(ours["c"])["claim"] == json.loads(theirs["c"])["claim"]
        subprocess.run([CHECKER, tmp_path / "c", path], check=True, capture_output=True)
    if "p" in ours:
        subprocess.run([CHECKER, "--proof", tmp_path / "p", path], check=True, capture_output=True)


def test_what_was_not_asked_is_none():
    solution = gw.solve(gw.Formula(2, [[1, 2]]), order=2, oracle=False)
    assert (solution.oracle, solution.models, solution.projected_models, solution.fewest_violated, solution.attained_by) == (None,) * 5
    assert (solution.protocol, solution.advice, solution.proved) == (None, None, False)
    both = gw.solve(gw.Formula(2, [[1, 2]]), order=2, count=True, max=True)
    assert (both.verdict, both.models, both.fewest_violated, both.attained_by) == (None, 3, 0, 3)


def test_a_certificate_and_a_proof_are_two_files(tmp_path):
    for other in (tmp_path / "x", tmp_path / "y" / ".." / "x"):
        (tmp_path / "y").mkdir(exist_ok=True)
        with pytest.raises(ValueError, match="certificate and proof name the same file"):
            gw.solve(gw.Formula(1, [[1]]), certificate=tmp_path / "x", proof=other)


def test_a_warning_may_be_an_exception(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="satisfiable: there is no proof"):
            gw.solve(gw.Formula(1, [[1]]), order=2, proof=tmp_path / "p")


def test_messages_name_keywords():
    formula = gw.Formula(2, [[1, 2]])
    for asked, words in [
        ({"advice": "all"}, "advice, form, gadget, embedding, mu, field, blocks, block_length and level belong to route reed-solomon"),
        ({"route": "hermitian", "count": True}, "count and max go with route='direct'"),
        ({"mu": 3.0}, "embedding, mu, field"),
        ({"seed": 3}, "seed goes with a code route and advice='sample:N'"),
        ({"route": "hermitian", "gadget": "characters"}, "write a characters instance with reduce gadget='characters' and decide it"),
        ({"route": "hermitian", "embedding": "paper"}, "embedding='paper' needs its vectors: add form='explicit' or pruned"),
        ({"count": True, "project": True}, "leave out project"),
        ({"route": "hermitian", "advice": "none"}, "advice 'none': give honest, best, all, sample:N or the index of a message"),
    ]:
        with pytest.raises(ValueError, match=re.escape(words)):
            gw.solve(formula, order=2, **asked)


@pytest.mark.parametrize("text", ["p cnf 3 2\nc p show 1 2 0\n1 2 0\n-1 3 0\n", "p cnf 2 1\nc p weight 1 0.5 0\n1 2 0\n", "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"])
def test_numbers_alone_are_those_of_solve_with_its_warnings(text):
    formula = gw.Formula.parse(text)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        solution = gw.solve(formula, order=2, count=True, max=True, oracle=False)
        of_solve = [str(w.message) for w in caught]
        assert gw.count_models(formula, order=2) == solution.models
        assert [str(w.message) for w in caught] == 2 * of_solve
        assert gw.fewest_violated(formula, order=2) == (solution.fewest_violated, solution.assignment, solution.attained_by)
        assert len(caught) == 2 * len(of_solve)
    if formula.shown:
        assert gw.count_models(formula, project=True) == gw.solve(formula, order=2, count=True, project=True).projected_models


def test_projected_counting_lists_nothing():
    formula = gw.Formula.parse("p cnf 200 0\nc p show 1 2 0\n")
    assert gw.count_models(formula, project=True) == 4
    with pytest.raises(gw.LimitReached):
        gw.count_models(formula)
