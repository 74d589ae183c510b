# SPDX-License-Identifier: MIT
"""What a call writes overwrites neither what was read nor what it writes besides, under whatever name, and is tried before the work begins."""
import os

import gapwright as gw
import pytest

FORMULA = gw.Formula(3, [[1, 2], [-1, 3], [-2, -3]])


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A formula and the attention input of it, and other names for both."""
    monkeypatch.chdir(tmp_path)
    FORMULA.write("f.cnf")
    gw.reduce(FORMULA, order=2).target.write("a")
    (tmp_path / "sub").mkdir()
    os.symlink("a", "soft")
    os.link("a", "hard")
    return {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}


def refused(files, what, call):
    with pytest.raises(ValueError, match=what):
        call()
    assert {name: open(name, "rb").read() for name in os.listdir() if os.path.isfile(name)} == files


@pytest.mark.parametrize("other", ["c", "./c", "sub/../c"])
def test_two_files_are_not_one(other, files):
    a, f = gw.read("a"), gw.read("f.cnf")
    refused(files, "certificate and checkpoint name the same file, c", lambda: gw.decide(a, certificate="c", checkpoint=other))
    refused(files, "certificate and proof name the same file, c", lambda: gw.solve(f, certificate="c", proof=other))


@pytest.mark.parametrize("name", ["a", "./a", "sub/../a", "soft", "hard"])
def test_an_instance_is_not_overwritten(name, files):
    refused(files, "certificate .* would overwrite the input .*a; name another file", lambda: gw.decide(gw.read("a"), certificate=name))
    refused(files, "checkpoint .* would overwrite the input", lambda: gw.decide(gw.read("a"), checkpoint=name))


def test_the_file_is_known_from_another_folder_too(files, monkeypatch):
    a = gw.read("a")
    monkeypatch.chdir("sub")
    with pytest.raises(ValueError, match="would overwrite the input"):
        gw.decide(a, certificate="../a")


def test_a_formula_is_not_overwritten(files):
    f = gw.read("f.cnf")
    for written in ("certificate", "proof"):
        refused(files, written + " f.cnf would overwrite the input", lambda written=written: gw.solve(f, **{written: "f.cnf"}))
    refused(files, "certificate f.cnf would overwrite", lambda: gw.decide(gw.read("a"), certificate="f.cnf", formula=f))
    refused(files, "certificate f would overwrite the input .*f.checkpoint", lambda: read_as(f, "f.checkpoint"))
    assert gw.solve(gw.Formula.parse(f.dimacs()), order=2, certificate="text").satisfiable  # a text is no file


def read_as(formula, name):
    formula.write(name)
    try:
        gw.decide(gw.read("a"), certificate="f", formula=gw.read(name))
    finally:
        os.remove(name)


def test_results_are_not_overwritten(files):
    gw.explore("orders", orders=[2], variables=[6], measured_tuples=0, output="r.svg")
    before = open("r.svg", "rb").read()
    for call in (lambda: gw.explore("report", results="r.svg", output="./r.svg"), lambda: gw.explore("plot", results="r.svg", output=".")):
        with pytest.raises(ValueError, match="output .* would overwrite the input r.svg"):
            call()
    assert open("r.svg", "rb").read() == before


def test_what_cannot_be_written_is_refused_first(files):
    a, f = gw.read("a"), gw.read("f.cnf")
    for written in ("certificate", "checkpoint"):
        refused(files, "none/x.*cannot be written", lambda written=written: gw.decide(a, **{written: "none/x"}))
    for written in ("certificate", "proof"):
        refused(files, "none/x.*cannot be written", lambda written=written: gw.solve(f, **{written: "none/x"}))


@pytest.mark.parametrize("call", [
    lambda: gw.solve(FORMULA, certificate="-"),
    lambda: gw.solve(FORMULA, proof="-"),
    lambda: gw.decide(gw.read("a"), certificate="-"),
    lambda: gw.decide(gw.read("a"), checkpoint="-"),
    lambda: FORMULA.write("-"),
    lambda: gw.reduce(FORMULA, order=2).target.write("-"),
    lambda: gw.read("-"),
    lambda: gw.Formula.read("-"),
    lambda: gw.OrthogonalVectors.read("-"),
    lambda: gw.fuzz("sat_to_orthogonal_vectors", cases=1, output="-"),
    lambda: gw.replay(["-"]),
    lambda: gw.path("cnf", "attention", "-"),
    lambda: gw.extract("-", {"row": 0}),
    lambda: gw.explore("report", results="-"),
    lambda: gw.explore("orders", orders=[2], variables=[6], measured_tuples=0, output="-"),
])
def test_a_hyphen_is_no_standard_output(call, files, capfd):
    refused(files, "the path '-' is no file here", call)
    assert capfd.readouterr() == ("", "")
    with open("hyphen", "w") as formula:
        formula.write(FORMULA.dimacs())
    os.rename("hyphen", "./-")
    assert gw.read("./-").clauses == FORMULA.clauses  # a file of that name, as text


def test_an_empty_path_is_no_path(files):
    for call in (
        lambda: gw.decide(gw.read("a"), certificate=""),
        lambda: gw.decide(gw.read("a"), checkpoint=""),
        lambda: gw.solve(FORMULA, certificate=""),
        lambda: gw.solve(FORMULA, proof=""),
        lambda: gw.fuzz(cases=1, output=""),
        lambda: gw.extract("", {"witness": [0, 0]}),
        lambda: FORMULA.write(""),
        lambda: gw.read(""),
    ):
        refused(files, "the path '' names no file", call)
