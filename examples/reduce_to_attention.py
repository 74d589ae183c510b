# SPDX-License-Identifier: MIT
"""A reduction from CNF to attention of order 2, for `gapwright fuzz --exec` (docs/trust.md, "Check your own reduction").

reduce_to_attention.py IN.cnf OUT.safetensors [LIFT.json] [--bug NAME], numpy alone. Written from Theorems R1 and R2 of
docs/reductions.md for k = 2: the variables in two halves, a vector per assignment of a half with a 1 for every clause that it
does not satisfy. Queries are -B times the vectors of the first half, keys B times those of the second and one key of zeros, the
pad, with value 0. Two assignments satisfy the formula iff their vectors share no 1; then the key weighs e^0, as much as the pad,
and the output is at least 1/2. Otherwise all keys of the row together weigh at most 1/16 of the pad.
"""
import argparse
import json

import numpy

BUGS = {
    "gamma": "B from the number of keys alone: a row of products 1 weighs as much as the pad",
    "empty": "empty clauses are dropped",
    "no-clauses": "a formula without clauses has vectors of dimension 0",
    "order": "the lift table reads the first variable from the highest bit",
    "bound": "the stated entry_bound is twice the largest entry",
    "expected": "every formula is said to be satisfiable",
}


def read_dimacs(path):
    """The number of variables, and the clauses as lists of literals."""
    variables, clauses, clause = 0, [], []
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith("p"):
                variables = int(line.split()[2])
            elif line.startswith("%"):
                break
            elif not line.startswith("c"):
                for literal in map(int, line.split()):
                    if literal == 0:
                        clauses.append(clause)
                        clause = []
                    else:
                        clause.append(literal)
    return variables, clauses


def unsatisfied(variables, clauses):
    """One row per assignment of these variables, bit b the value of the b-th: 1 where a clause has no true literal."""
    rows = numpy.ones((2 ** len(variables), max(len(clauses), 1)))
    if not clauses:
        rows[:] = 0
    for number in range(len(rows)):
        true = {v if number >> b & 1 else -v for b, v in enumerate(variables)}
        for c, clause in enumerate(clauses):
            rows[number, c] = not true.intersection(clause)
    return rows


def write_safetensors(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        piece = numpy.ascontiguousarray(array, "<f8").tobytes()
        header[name] = {"dtype": "F64", "shape": array.shape, "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


def main():
    parser = argparse.ArgumentParser(description="CNF to attention of order 2")
    parser.add_argument("formula")
    parser.add_argument("target")
    parser.add_argument("lift", nargs="?")
    parser.add_argument("--bug", choices=BUGS, help="; ".join(f"{name}: {what}" for name, what in BUGS.items()))
    given = parser.parse_args()
    variables, clauses = read_dimacs(given.formula)
    if given.bug == "empty":
        clauses = [clause for clause in clauses if clause]
    half = (variables + 1) // 2
    groups = [list(range(1, half + 1)), list(range(half + 1, variables + 1))]
    queries, keys = (unsatisfied(group, clauses) for group in groups)
    if given.bug == "no-clauses" and not clauses:
        queries, keys = queries[:, :0], keys[:, :0]
    dimension = queries.shape[1]
    scale = 1 / dimension
    gamma = numpy.log(len(keys)) + (0 if given.bug == "gamma" else numpy.log(16))
    bound = float(numpy.sqrt(dimension * gamma))
    padded = numpy.vstack([keys, numpy.zeros((1, dimension))])
    values = numpy.vstack([numpy.ones((len(keys), 1)), [[0.0]]])
    write_safetensors(
        given.target,
        {"q": -bound * queries, "k1": bound * padded, "v1": values},
        {
            "problem": "attention",
            "order": "2",
            "softmax_scale": repr(scale),
            "entry_bound": repr(2 * bound if given.bug == "bound" else bound),
            "yes_at_least": "0.5",
            "no_at_most": "0.0625",
            **({"expected": "yes"} if given.bug == "expected" else {}),
        },
    )
    if given.lift:
        if given.bug == "order":
            groups = [group[::-1] for group in groups]
        sizes = [len(queries), len(keys)]
        steps = [
            {"rule": "orthogonal-vectors -> attention", "kind": "rows", "rows": sizes, "sizes": sizes},
            {"rule": "cnf -> orthogonal-vectors", "kind": "bits", "variables": groups},
        ]
        with open(given.lift, "w", encoding="ascii") as file:
            json.dump({"format": "gapwright-lift-1", "from": "attention", "to": "cnf", "bijection": True, "steps": steps}, file)


if __name__ == "__main__":
    main()
