# SPDX-License-Identifier: MIT
"""The type stubs against the module: every name, argument, kind of argument and default, and the classes that come back.

Signatures at run time are those of `inspect` for functions in Python, and of the first lines of the docstrings for those in C++.
"""

import ast
import inspect
import pathlib
import re
from fractions import Fraction

import pytest

import gapwright as gw

STUB = ast.parse((pathlib.Path(gw.__file__).parent / "__init__.pyi").read_text())
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = {}
for node in STUB.body:
    if isinstance(node, ast.FunctionDef):
        FUNCTIONS.setdefault(node.name, []).append(node)
FROM_ELSEWHERE = {name.asname for node in STUB.body if isinstance(node, ast.ImportFrom) and node.level for name in node.names}  # annotated there
EXCEPTIONS = {"BadInstance", "LimitReached", "Refuted"}
REQUIRED = "required"


def default(node):
    return eval(compile(ast.Expression(node), "<default>", "eval"), {"Fraction": Fraction})


def arguments(function):
    """[(name, kind, default)] of a parsed function, without self."""
    a = function.args
    named = a.posonlyargs + a.args
    values = [REQUIRED] * (len(named) - len(a.defaults)) + [default(d) for d in a.defaults]
    found = [(p.arg, "positional", value) for p, value in zip(named, values)]
    found += [("*", "*", REQUIRED)] if a.vararg else []
    found += [(p.arg, "keyword", REQUIRED if d is None else default(d)) for p, d in zip(a.kwonlyargs, a.kw_defaults)]
    return [entry for entry in found if entry[0] != "self"]


def class_of(annotation):
    """The class of the module that an annotation names, if it names one alone: 'Formula' of gapwright._gapwright.Formula."""
    last = ast.unparse(annotation).split(".")[-1] if annotation else ""
    return last if last in CLASSES else None


def compiled(function):
    """The overloads of a function in C++, parsed from its docstring."""
    name = function.__name__
    heads = [re.sub(r"^\d+\. ", "", line) for line in function.__doc__.splitlines() if re.match(rf"(\d+\. )?{name}\(.*\) -> ", line)]
    return [ast.parse(f"def {head}: ...").body[0] for head in heads]


def assert_same(stubs, runtime, name):
    assert [arguments(f) for f in stubs] == [arguments(f) for f in runtime], name
    assert [class_of(f.returns) for f in stubs] == [class_of(f.returns) for f in runtime], name


def test_all_names():
    assert set(CLASSES) | set(FUNCTIONS) | FROM_ELSEWHERE | {"__version__", "__commit__"} == set(gw.__all__)
    assert sorted(gw.__all__) == sorted(set(gw.__all__))
    for name in set(FUNCTIONS) | set(CLASSES) - EXCEPTIONS:
        assert getattr(gw, name).__doc__, name
    assert all(issubclass(getattr(gw, name), eval(ast.unparse(CLASSES[name].bases[0]))) for name in EXCEPTIONS)


@pytest.mark.parametrize("name", sorted(set(CLASSES) - EXCEPTIONS))
def test_class(name):
    members = {m.name: m for m in CLASSES[name].body if isinstance(m, ast.FunctionDef)}
    runtime = {m: value for m, value in vars(getattr(gw, name)).items() if not m.startswith("_")}
    assert set(members) - {"__init__"} == set(runtime)
    for member, stub in members.items():
        decorators = {ast.unparse(d) for d in stub.decorator_list}
        value = vars(getattr(gw, name))[member]
        assert ("property" in decorators) == isinstance(value, property), member
        assert ("staticmethod" in decorators) == isinstance(value, staticmethod), member
        if "property" not in decorators:
            assert_same([stub], compiled(getattr(getattr(gw, name), member)), f"{name}.{member}")
    if "__init__" not in members:
        with pytest.raises(TypeError, match="[Nn]o constructor"):
            getattr(gw, name)()


@pytest.mark.parametrize("name", ["instruction_set", "read", "solve", "count_models", "fewest_violated", "attend", "gradients", "check_code", "fuzz", "fuzz_command", "replay", "trace", "path", "implied"])
def test_function(name):
    assert_same(FUNCTIONS[name], compiled(getattr(gw, name)), name)


@pytest.mark.parametrize("name", ["reduce", "decide"])
def test_function_of_several_sources(name):
    """One overload in C++ for each class of its first argument; the stub joins those that agree."""
    for runtime in compiled(getattr(gw, name)):
        source = class_of(runtime.args.args[0].annotation)
        stubs = [f for f in FUNCTIONS[name] if re.search(rf"\b{source}\b", ast.unparse(f.args.args[0].annotation))]
        assert_same(stubs, [runtime], f"{name} of {source}")
    taken = {class_of(f.args.args[0].annotation) for f in compiled(getattr(gw, name))}
    assert taken == set(re.findall(r"\w+", " ".join(ast.unparse(f.args.args[0].annotation) for f in FUNCTIONS[name]))) & set(CLASSES)


@pytest.mark.parametrize("name, table", [("generate", gw._FAMILIES), ("explore", gw._EXPLORED)])
def test_function_with_a_word_for_its_options(name, table):
    stubs = {ast.literal_eval(f.args.args[0].annotation.slice): f for f in FUNCTIONS[name]}
    assert list(stubs) == list(table)
    for word, stub in stubs.items():
        (runtime,) = compiled(table[word])
        assert arguments(stub)[1:] == arguments(runtime), word
        assert class_of(stub.returns) == class_of(runtime.returns), word


def test_challenge():
    (runtime,) = compiled(gw._gapwright._challenge)
    assert [arguments(f) for f in FUNCTIONS["challenge"]] == [arguments(runtime)] * 2
    assert str(inspect.signature(gw.challenge)) == "(algorithms, **options)"


@pytest.mark.parametrize("name", ["plan", "estimate"])
def test_function_of_a_formula_or_its_numbers(name):
    (stub,) = FUNCTIONS[name]
    (runtime,) = compiled(getattr(gw._gapwright, "_" + name))
    options = [a for a in arguments(runtime) if a[0] not in ("variables", "clauses", "order")]
    assert arguments(stub) == [("formula", "positional", None), ("variables", "keyword", None), ("clauses", "keyword", None), ("order", "keyword", 3), *options]
    assert str(inspect.signature(getattr(gw, name))) == "(formula=None, *, variables=None, clauses=None, order=3, **options)"


def test_extract():
    (stub,) = FUNCTIONS["extract"]
    (runtime,) = compiled(gw._gapwright._extract)
    options = [a for a in arguments(runtime) if a[0] != "file"]
    assert arguments(stub) == options
    assert str(inspect.signature(gw.extract)) == "(bundle, result, **options)"


def test_every_function_is_checked():
    checked = {"instruction_set", "read", "solve", "count_models", "fewest_violated", "attend", "gradients", "check_code", "reduce", "decide", "generate", "challenge", "plan", "estimate", "fuzz", "fuzz_command", "replay", "trace", "explore", "path", "implied", "extract"}
    assert checked == set(FUNCTIONS)


@pytest.mark.parametrize("change", [
    ("order: int = 3,\n    route: _Route", "order: int = 2,\n    route: _Route"),
    ("oracle: bool = True", "oracles: bool = True"),
    ("formula: Formula,\n    *,\n    order: int = 3,\n    route: _Route", "formula: Formula,\n    order: int = 3,\n    route: _Route"),
    (") -> Solution", ") -> Verdict"),
])
def test_a_changed_stub_is_noticed(change):
    text = (pathlib.Path(gw.__file__).parent / "__init__.pyi").read_text()
    assert change[0] in text
    changed = ast.parse(text.replace(*change))
    stubs = [node for node in changed.body if isinstance(node, ast.FunctionDef) and node.name == "solve"]
    with pytest.raises(AssertionError):
        assert_same(stubs, compiled(gw.solve), "solve")
