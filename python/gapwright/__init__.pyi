# SPDX-License-Identifier: MIT
import os
from fractions import Fraction
from typing import Any, Callable, Literal, Mapping, Optional, Sequence, Union, overload

import numpy as np
from numpy.typing import NDArray

from .auditing import Audit as Audit, audit as audit, audit_checks as audit_checks

__version__: str
__commit__: str
__all__: list[str]

_Route = str
_Path = Union[str, os.PathLike[str]]
_EntryDtype = Literal["f64", "f32", "f16", "bf16"]
_Number = Union[int, float, Fraction]
_Memory = Optional[Union[int, str]]

class BadInstance(ValueError): ...
class LimitReached(RuntimeError): ...
class Refuted(RuntimeError): ...

class Instance:
    """A problem without a class of its own."""
    def __init__(self, problem: str, **parts: Any) -> None: ...
    @property
    def problem(self) -> str: ...
    @property
    def arrays(self) -> dict[str, Any]: ...
    @property
    def metadata(self) -> dict[str, Any]: ...
    @property
    def expected(self) -> Optional[bool]: ...
    @property
    def planted(self) -> Optional[list[int]]: ...
    def write(self, path: _Path) -> None: ...
    def accepts(self, witness: Sequence[int]) -> bool: ...
    def decide(self, *, max_tuples: float = 1e18, memory_limit: _Memory = None, timeout: Optional[float] = None) -> dict[str, Any]: ...

class Formula:
    def __init__(self, variables: int, clauses: Sequence[Sequence[int]]) -> None: ...
    @staticmethod
    def read(path: _Path, *, strict: bool = False) -> Formula: ...
    @staticmethod
    def parse(text: str, *, strict: bool = False) -> Formula: ...
    def dimacs(self) -> str: ...
    def write(self, path: _Path) -> None: ...
    @property
    def variables(self) -> int: ...
    @property
    def clauses(self) -> list[list[int]]: ...
    @property
    def shown(self) -> Optional[list[int]]: ...
    @property
    def expected(self) -> Optional[bool]: ...
    @property
    def planted(self) -> Optional[list[int]]: ...
    def accepts(self, assignment: Sequence[int]) -> bool: ...
    def violated(self, assignment: Sequence[int]) -> int: ...

class OrthogonalVectors:
    def __init__(self, sets: Sequence[NDArray[Any]]) -> None: ...
    @staticmethod
    def read(*paths: _Path) -> OrthogonalVectors: ...
    def write(self, path: _Path) -> None: ...
    @property
    def sets(self) -> tuple[NDArray[np.uint8], ...]: ...
    @property
    def order(self) -> int: ...
    @property
    def dimension(self) -> int: ...
    @property
    def expected(self) -> Optional[bool]: ...
    @property
    def planted(self) -> Optional[list[int]]: ...
    def accepts(self, tuple: Sequence[int]) -> bool: ...

class GapMaxIp:
    def __init__(self, sets: Sequence[NDArray[Any]], *, yes_at_least: int, no_at_most: int) -> None: ...
    @staticmethod
    def read(path: _Path) -> GapMaxIp: ...
    def write(self, path: _Path, *, form: Literal["explicit", "pruned"] | None = None) -> None: ...
    @property
    def sets(self) -> tuple[NDArray[np.uint8], ...]: ...
    @property
    def order(self) -> int: ...
    @property
    def dimension(self) -> int: ...
    @property
    def yes_at_least(self) -> int: ...
    @property
    def no_at_most(self) -> int: ...
    @property
    def expected(self) -> Optional[bool]: ...
    @property
    def planted(self) -> Optional[list[int]]: ...
    def accepts(self, tuple: Sequence[int]) -> bool: ...

class RealGapMaxIp:
    def __init__(
        self,
        sets: Sequence[NDArray[Any]],
        *,
        yes_at_least: int,
        no_at_most: int,
        weights: Optional[Sequence[float]] = None,
        rounding: float = 0.0,
    ) -> None: ...
    @staticmethod
    def read(path: _Path) -> RealGapMaxIp: ...
    def write(self, path: _Path) -> None: ...
    @property
    def sets(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def weights(self) -> NDArray[np.float64]: ...
    @property
    def rounding(self) -> float: ...
    @property
    def order(self) -> int: ...
    @property
    def dimension(self) -> int: ...
    @property
    def yes_at_least(self) -> int: ...
    @property
    def no_at_most(self) -> int: ...
    @property
    def expected(self) -> Optional[bool]: ...
    def inner_product(self, tuple: Sequence[int]) -> float: ...

class FactoredGapMaxIp:
    @staticmethod
    def read(path: _Path) -> FactoredGapMaxIp: ...
    def write(self, path: _Path) -> None: ...
    @property
    def sets(self) -> tuple[NDArray[np.uint16], ...]: ...
    @property
    def message(self) -> NDArray[np.uint16]: ...
    @property
    def systematic(self) -> NDArray[np.int64]: ...
    @property
    def coins(self) -> int: ...
    @property
    def blocks(self) -> int: ...
    @property
    def order(self) -> int: ...
    @property
    def field_size(self) -> int: ...
    @property
    def characteristic(self) -> int: ...
    @property
    def addition(self) -> NDArray[np.uint16]: ...
    @property
    def multiplication(self) -> NDArray[np.uint16]: ...
    @property
    def yes_at_least(self) -> int: ...
    @property
    def no_at_most(self) -> int: ...
    @property
    def expected(self) -> Optional[bool]: ...
    def inner_product(self, tuple: Sequence[int]) -> int: ...
    def accepts(self, tuple: Sequence[int]) -> bool: ...

class Attention:
    def __init__(
        self,
        q: NDArray[Any],
        keys: Union[NDArray[Any], Sequence[NDArray[Any]]],
        values: Union[NDArray[Any], Sequence[NDArray[Any]]],
        softmax_scale: Optional[float] = None,
        *,
        yes_at_least: Optional[_Number] = None,
        no_at_most: Optional[_Number] = None,
        expected: Optional[bool] = None,
        causal: bool = False,
    ) -> None: ...
    @staticmethod
    def read(path: _Path) -> Attention: ...
    def write(self, path: _Path) -> None: ...
    @property
    def q(self) -> NDArray[np.float64]: ...
    @property
    def keys(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def values(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def causal(self) -> bool: ...
    @property
    def order(self) -> int: ...
    @property
    def softmax_scale(self) -> float: ...
    @property
    def entry_bound(self) -> float: ...
    @property
    def yes_at_least(self) -> Optional[Fraction]: ...
    @property
    def no_at_most(self) -> Optional[Fraction]: ...
    @property
    def embedding(self) -> str: ...
    @property
    def expected(self) -> Optional[bool]: ...

class Reduction:
    @property
    def target(self) -> Any: ...
    @property
    def steps(self) -> list[dict[str, Any]]: ...
    @property
    def message(self) -> Optional[int]: ...
    def push(self, witness: Sequence[int]) -> list[int]: ...
    def pull(self, witness: Sequence[int]) -> list[int]: ...

class Verdict:
    @property
    def verdict(self) -> Literal["yes", "no", "undecided"]: ...
    @property
    def witness(self) -> Optional[list[int]]: ...
    @property
    def row(self) -> int: ...
    @property
    def enclosure(self) -> tuple[Fraction, Fraction]: ...
    @property
    def compared_with(self) -> Fraction: ...
    @property
    def precision(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def reason(self) -> str: ...

class IntegerVerdict:
    @property
    def verdict(self) -> Literal["yes", "no", "undecided", "outside-promise"]: ...
    @property
    def witness(self) -> Optional[list[int]]: ...
    @property
    def row(self) -> Optional[int]: ...
    @property
    def largest(self) -> Optional[float]: ...
    @property
    def error(self) -> Optional[float]: ...

class GradientVerdict:
    @property
    def verdict(self) -> Literal["yes", "no", "undecided"]: ...
    @property
    def loss(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def yes_at_least(self) -> float: ...
    @property
    def no_at_most(self) -> float: ...
    @property
    def oracle_calls(self) -> int: ...

class Solution:
    @property
    def satisfiable(self) -> Optional[bool]: ...
    @property
    def assignment(self) -> Optional[list[int]]: ...
    @property
    def verdict(self) -> Optional[Verdict]: ...
    @property
    def oracle(self) -> Optional[bool]: ...
    @property
    def route(self) -> _Route: ...
    @property
    def protocol(self) -> Optional[dict[str, int]]: ...
    @property
    def advice(self) -> Optional[dict[str, Any]]: ...
    @property
    def models(self) -> Optional[int]: ...
    @property
    def projected_models(self) -> Optional[int]: ...
    @property
    def fewest_violated(self) -> Optional[int]: ...
    @property
    def attained_by(self) -> Optional[int]: ...
    @property
    def proved(self) -> bool: ...
    @property
    def entry_bound(self) -> float: ...
    @property
    def yes_at_least(self) -> Fraction: ...
    @property
    def no_at_most(self) -> Fraction: ...

class Attended:
    @property
    def out(self) -> NDArray[np.float64]: ...
    @property
    def lo(self) -> Optional[NDArray[np.float64]]: ...
    @property
    def hi(self) -> Optional[NDArray[np.float64]]: ...
    @property
    def error(self) -> float: ...
    @property
    def row_error(self) -> Optional[NDArray[np.float64]]: ...
    @property
    def degree(self) -> Optional[int]: ...
    @property
    def features(self) -> Optional[int]: ...

class Gradients:
    @property
    def out(self) -> NDArray[np.float64]: ...
    @property
    def q(self) -> NDArray[np.float64]: ...
    @property
    def keys(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def values(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def error(self) -> dict[str, float]: ...

class Code:
    def __init__(
        self,
        family: str,
        q: int,
        degree: int,
        *,
        level: int = 1,
        length: int = 0,
        memory_limit: _Memory = None,
        timeout: Optional[float] = None,
    ) -> None: ...
    @property
    def length(self) -> int: ...
    @property
    def dimension(self) -> int: ...
    @property
    def degree(self) -> int: ...
    @property
    def designed_distance(self) -> int: ...
    @property
    def field_size(self) -> int: ...
    @property
    def modulus(self) -> str: ...
    @property
    def genus(self) -> int: ...
    @property
    def pole_orders(self) -> NDArray[np.int64]: ...
    @property
    def information_set(self) -> NDArray[np.int64]: ...
    @property
    def points(self) -> NDArray[np.uint16]: ...
    @property
    def generator(self) -> NDArray[np.uint16]: ...
    def encode(self, messages: NDArray[Any], *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> NDArray[np.uint16]: ...
    def unencode(self, words: NDArray[Any], *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> NDArray[np.uint16]: ...
    def syndromes(self, words: NDArray[Any], *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> NDArray[np.uint16]: ...
    def contains(self, words: NDArray[Any], *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> list[bool]: ...
    def minimum_distance(self, *, most_words: int = 100_000_000, timeout: Optional[float] = None) -> int: ...
    def parity_check(self, *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> NDArray[np.uint16]: ...

def instruction_set() -> str: ...
@overload
def generate(
    family: Literal["random-ksat"],
    *,
    variables: int,
    clauses: int,
    width: int = 3,
    plant: Literal["", "uniform", "quiet"] = "",
    spread: bool = False,
    order: Optional[int] = None,
    seed: int = 1,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["pigeonhole"],
    *,
    pigeons: int,
    holes: int,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["parity"],
    *,
    points: int,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["ramsey"],
    *,
    independent: int,
    clique: int,
    vertices: int,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["van-der-waerden"],
    *,
    numbers: int,
    first: int,
    second: int,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["ordering"],
    *,
    elements: int,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Formula: ...
@overload
def generate(
    family: Literal["orthogonal-vectors"],
    *,
    vectors: int,
    dimension: int,
    order: int = 3,
    density: _Number = Fraction(1, 2),
    plant: Literal["", "camouflaged", "plain"] = "",
    seed: int = 1,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> OrthogonalVectors: ...
@overload
def generate(
    family: Literal["gap-max-ip"],
    *,
    vectors: int,
    dimension: int,
    order: int = 3,
    density: _Number = Fraction(1, 2),
    plant: Literal["", "camouflaged", "plain"] = "",
    seed: int = 1,
    yes_at_least: Optional[int] = None,
    no_at_most: Optional[int] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> GapMaxIp: ...
@overload
def generate(
    family: Literal["attention"],
    *,
    rows: int,
    dimension: int,
    entry_bound: float = 1.0,
    order: int = 3,
    seed: int = 1,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Attention: ...
def read(path: _Path) -> Union[Formula, OrthogonalVectors, GapMaxIp, RealGapMaxIp, FactoredGapMaxIp, Attention, Instance]: ...
def reduce(
    source: Union[Formula, OrthogonalVectors, Instance, GapMaxIp, RealGapMaxIp, FactoredGapMaxIp],
    to: Literal["orthogonal-vectors", "gap-max-ip", "attention"] = "attention",
    *,
    order: Optional[int] = None,
    route: _Route = "direct",
    square: bool = False,
    causal: bool = False,
    centred: bool = False,
    entry_dtype: _EntryDtype = "f64",
    gadget: Literal["boxes", "characters"] = "boxes",
    form: Literal["", "explicit", "pruned", "factored"] = "",
    embedding: Literal["sharp", "paper"] = "sharp",
    mu: float = 0.0,
    message: Union[None, int, str] = None,
    field: Optional[int] = None,
    blocks: Optional[int] = None,
    block_length: Optional[int] = None,
    level: Optional[int] = None,
    delta: Optional[_Number] = None,
    expect: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Reduction: ...
def solve(
    formula: Formula,
    *,
    order: int = 3,
    route: _Route = "direct",
    advice: Union[None, int, str] = None,
    gadget: Literal["boxes", "characters"] = "boxes",
    form: Literal["", "explicit", "pruned", "factored"] = "",
    embedding: Literal["sharp", "paper"] = "sharp",
    mu: float = 0.0,
    field: Optional[int] = None,
    blocks: Optional[int] = None,
    block_length: Optional[int] = None,
    level: Optional[int] = None,
    seed: Optional[int] = None,
    count: bool = False,
    project: bool = False,
    max: bool = False,
    oracle: bool = True,
    certificate: Optional[_Path] = None,
    proof: Optional[_Path] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> Solution: ...
def count_models(
    formula: Formula,
    *,
    order: int = 3,
    project: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> int: ...
def fewest_violated(
    formula: Formula,
    *,
    order: int = 3,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> tuple[int, list[int], int]: ...
@overload
def decide(
    instance: Attention,
    *,
    method: Literal["verdict", "histogram", "balls", "gradient"] = "verdict",
    precision: Optional[int] = None,
    certificate: Optional[_Path] = None,
    checkpoint: Optional[_Path] = None,
    formula: Optional[Formula] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> Union[Verdict, GradientVerdict]: ...
@overload
def decide(
    instance: Union[OrthogonalVectors, GapMaxIp, RealGapMaxIp, FactoredGapMaxIp],
    *,
    certificate: Optional[_Path] = None,
    checkpoint: Optional[_Path] = None,
    formula: Optional[Formula] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> IntegerVerdict: ...
@overload
def decide(instance: Formula, *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> IntegerVerdict: ...
@overload
def decide(
    instance: Instance, *, max_tuples: float = 1e18, memory_limit: _Memory = None, timeout: Optional[float] = None
) -> IntegerVerdict: ...
def attend(
    attention: Attention,
    *,
    method: Literal["exact", "polynomial", "certified"] = "exact",
    dtype: Literal["f64", "f32"] = "f64",
    error: Optional[float] = None,
    most_features: Optional[int] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> Attended: ...
def gradients(
    attention: Attention,
    upstream: NDArray[Any],
    *,
    method: Literal["exact", "polynomial"] = "exact",
    dtype: Literal["f64", "f32"] = "f64",
    error: Optional[float] = None,
    most_features: Optional[int] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> Gradients: ...
@overload
def challenge(
    algorithms: Callable[..., Any],
    *,
    order: int = 2,
    rows: Optional[int] = None,
    dimension: int = 0,
    causal: bool = False,
    pad_dimension: int = 0,
    softmax_scale: Union[Literal["1/d", "1/sqrt(d)"], float] = "1/d",
    entry_dtype: _EntryDtype = "f64",
    four_axes: bool = False,
    seed: int = 1,
    ladder: Optional[Sequence[float]] = None,
    pairs: int = 4,
    independent: bool = False,
    control_pairs: int = 1,
    accurate_error: float = 0.05,
    timing_rows: Sequence[int] = [],
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
@overload
def challenge(
    algorithms: Mapping[str, Callable[..., Any]],
    *,
    order: int = 2,
    rows: Optional[int] = None,
    dimension: int = 0,
    causal: bool = False,
    pad_dimension: int = 0,
    softmax_scale: Union[Literal["1/d", "1/sqrt(d)"], float] = "1/d",
    entry_dtype: _EntryDtype = "f64",
    four_axes: bool = False,
    seed: int = 1,
    ladder: Optional[Sequence[float]] = None,
    pairs: int = 4,
    independent: bool = False,
    control_pairs: int = 1,
    accurate_error: float = 0.05,
    timing_rows: Sequence[int] = [],
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> list[dict[str, Any]]: ...
def plan(
    formula: Optional[Formula] = None,
    *,
    variables: Optional[int] = None,
    clauses: Optional[int] = None,
    order: int = 3,
    all: bool = False,
    up_to: int = 0,
    largest_field: int = 1024,
    longest: int = 1_000_000,
    delta: Optional[_Number] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def estimate(
    formula: Optional[Formula] = None,
    *,
    variables: Optional[int] = None,
    clauses: Optional[int] = None,
    order: int = 3,
    square: bool = False,
    causal: bool = False,
    centred: bool = False,
    delta: Optional[_Number] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def path(
    source: str,
    target: str,
    instance: Optional[Union[Formula, OrthogonalVectors, GapMaxIp, Instance, _Path]] = None,
    *,
    order: Optional[int] = None,
    variables: Optional[int] = None,
    clauses: Optional[int] = None,
    vectors: Optional[int] = None,
    dimension: Optional[int] = None,
    yes_at_least: Optional[int] = None,
    no_at_most: Optional[int] = None,
    delta: Optional[_Number] = None,
    all: bool = False,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def implied(
    source: str,
    target: str,
    instance: Optional[Union[Formula, OrthogonalVectors, GapMaxIp, Instance, _Path]] = None,
    *,
    order: Optional[int] = None,
    variables: Optional[int] = None,
    clauses: Optional[int] = None,
    vectors: Optional[int] = None,
    dimension: Optional[int] = None,
    yes_at_least: Optional[int] = None,
    no_at_most: Optional[int] = None,
    delta: Optional[_Number] = None,
    saving: Optional[_Number] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def extract(
    bundle: _Path,
    result: Union[Sequence[int], Mapping[str, Any], Verdict, IntegerVerdict, _Path],
    *,
    source: Optional[_Path] = None,
    target: Optional[_Path] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def trace(
    formula: Formula,
    *,
    order: int = 3,
    clause: int = 1,
    route: Optional[_Route] = None,
    field: Optional[int] = None,
    blocks: Optional[int] = None,
    block_length: Optional[int] = None,
    level: Optional[int] = None,
    seed: int = 1,
    format: Optional[Literal["text", "svg"]] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> Union[dict[str, Any], str]: ...
def fuzz(
    rule: str = "all",
    *,
    cases: int = 200,
    seed: int = 1,
    mutants: bool = False,
    exhaustive: Optional[int] = None,
    output: Optional[_Path] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def fuzz_command(
    command: str,
    *,
    to: Literal["orthogonal-vectors", "gap-max-ip", "attention"],
    order: int = 3,
    cases: int = 200,
    seed: int = 1,
    run_timeout: float = 10.0,
    output: Optional[_Path] = None,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
def replay(paths: Sequence[_Path], *, memory_limit: _Memory = None, timeout: Optional[float] = None) -> dict[str, Any]: ...
@overload
def explore(
    kind: Literal["regime"],
    *,
    orders: Sequence[int] = [2, 3],
    rows: Sequence[int] = [16, 32, 64, 128],
    dimensions: Sequence[int] = [],
    per_log: Sequence[float] = [12.0],
    per_variable: Sequence[float] = [4.26],
    embeddings: Sequence[Literal["sharp", "paper", "direct"]] = ["sharp"],
    families: Sequence[Literal["planted", "tight", "ksat"]] = ["planted"],
    seeds: Sequence[int] = [1],
    of_deciding: Optional[Sequence[float]] = None,
    of_log: Sequence[float] = [],
    gap: float = 0.25,
    delta: Optional[_Number] = None,
    exact_tuples: float = 300000000.0,
    most_features: int = 20000,
    output: Optional[_Path] = None,
    force: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> list[dict[str, Any]]: ...
@overload
def explore(
    kind: Literal["gradient"],
    *,
    orders: Sequence[int] = [2],
    rows: Sequence[int] = [16, 32, 64],
    dimensions: Sequence[int] = [],
    per_log: Sequence[float] = [12.0],
    per_variable: Sequence[float] = [4.26],
    embeddings: Sequence[Literal["sharp", "paper", "direct"]] = ["sharp"],
    families: Sequence[Literal["planted", "tight", "ksat"]] = ["planted"],
    seeds: Sequence[int] = [1],
    of_deciding: Optional[Sequence[float]] = None,
    of_log: Sequence[float] = [],
    gap: float = 0.25,
    delta: Optional[_Number] = None,
    exact_tuples: float = 300000000.0,
    most_features: int = 20000,
    output: Optional[_Path] = None,
    force: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> list[dict[str, Any]]: ...
@overload
def explore(
    kind: Literal["routes"],
    *,
    orders: Sequence[int] = [2, 3],
    log2_rows: Sequence[int] = [4, 6, 8, 10, 12, 16, 24, 32, 48, 64],
    family: Literal["planted", "ksat"] = "planted",
    per_log: float = 12.0,
    per_variable: float = 4.26,
    gap: float = 0.25,
    measured_symbols: float = 100000000.0,
    largest_field: int = 1024,
    longest: int = 1_000_000,
    delta: Optional[_Number] = None,
    seed: int = 1,
    output: Optional[_Path] = None,
    force: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> list[dict[str, Any]]: ...
@overload
def explore(
    kind: Literal["orders"],
    *,
    orders: Sequence[int] = [2, 3, 4, 5, 6],
    variables: Sequence[int] = [12, 24, 48, 96],
    embeddings: Sequence[Literal["sharp", "direct"]] = ["sharp", "direct"],
    per_variable: float = 4.26,
    gap: float = 0.25,
    measured_tuples: float = 200000000.0,
    delta: Optional[_Number] = None,
    seed: int = 1,
    output: Optional[_Path] = None,
    force: bool = False,
    max_tuples: float = 1e18,
    memory_limit: _Memory = None,
    threads: int = 0,
    timeout: Optional[float] = None,
) -> list[dict[str, Any]]: ...
@overload
def explore(
    kind: Literal["plot"],
    *,
    results: _Path,
    output: _Path,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> list[str]: ...
@overload
def explore(
    kind: Literal["report"],
    *,
    results: _Path,
    output: Optional[_Path] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> str: ...
def check_code(
    family: str,
    q: int,
    *,
    level: int = 1,
    length: int = 0,
    degree: Optional[int] = None,
    memory_limit: _Memory = None,
    timeout: Optional[float] = None,
) -> dict[str, Any]: ...
