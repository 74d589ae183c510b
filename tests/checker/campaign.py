#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Honest certificates of every kind must be accepted by gapwright-check, and none of their mutants.

usage: campaign.py GAPWRIGHT GAPWRIGHT_CHECK [--honest N] [--mutants N] [--seed S]

Prints how many of each kind there were. A mutant that is accepted, a checker that ends in any other way than accepting (0) or rejecting
(3, 6), or an honest certificate that is not accepted, is a failure.
"""
import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

sys.dont_write_bytecode = True
import bundles
import statements

FRACTIONS = ("entry_bound", "softmax_scale", "yes_at_least", "no_at_most", "rounding")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


# ---------------------------------------------------------------- honest certificates

def recipes():
    """(name, order, reduce options or None, answering verb and its options, give the formula too)."""
    for order in (2, 3, 4):
        yield f"formula, solve -k {order}", order, None, ["solve", "-k", str(order)], False
    yield "formula, an assignment", 3, None, ["decide"], False
    for order in (2, 3):
        yield f"attention, direct, k = {order}", order, ["--to", "attention"], ["decide"], True
    yield "attention, direct, complete counts", 3, ["--to", "attention"], ["decide", "--method", "histogram"], False
    yield "attention, square, f32", 2, ["--to", "attention", "--square", "--entry-dtype", "f32"], ["decide"], True
    yield "k-OV", 3, ["--to", "orthogonal-vectors"], ["decide"], True
    yield "Gap-k-MaxIP, bits", 2, ["--to", "gap-max-ip", "--form", "pruned"], ["decide"], True
    yield "Gap-k-MaxIP, symbols", 3, ["--to", "gap-max-ip", "--form", "factored"], ["decide"], True
    yield "Gap-k-MaxIP, real", 2, ["--to", "gap-max-ip", "--gadget", "characters"], ["decide"], False
    yield "attention, sharp", 2, ["--to", "attention", "--route", "hermitian"], ["decide"], True
    yield "attention, paper", 2, ["--to", "attention", "--route", "reed-solomon", "--embedding", "paper"], ["decide"], False
    yield "attention, real entries", 2, ["--to", "attention", "--route", "reed-solomon", "--gadget", "characters"], ["decide"], True


class Honest:
    def __init__(self, name, text, files):
        self.name, self.text, self.files = name, text, files
        self.claim = json.loads(text)["claim"]


def make_honest(gapwright, folder, number, seed):
    kinds = list(recipes())
    name, order, reduce_options, answer, with_formula = kinds[number % len(kinds)]
    size = "attention, real" in name or "Gap-k-MaxIP, real" in name or "paper" in name
    variables = (4, 5)[seed % 2] if size else (6, 7, 9, 10)[seed % 4]
    satisfiable = (number // len(kinds)) % 2 == 0
    clauses = 2 * variables if satisfiable else 9 * variables
    stem = os.path.join(folder, str(number))
    formula, instance, certificate = stem + ".cnf", stem + ".safetensors", stem + ".json"
    width = "2" if size else "3"
    made = run(gapwright, "gen", "random-ksat", "--variables", str(variables), "--clauses", str(max(4, clauses // (3 if size else 1))), "--width", width, "--seed", str(seed), "-o", formula, "--quiet")
    if made.returncode:
        sys.exit("gen failed: " + made.stderr)
    files = [formula]
    if reduce_options:
        command = [gapwright, "reduce", formula, "-k", str(order), "-o", instance, "--quiet", *reduce_options]
        if "gap-max-ip" in command or "--route" in command:
            first = run(*command)
            done = first if first.returncode == 0 else run(*command, "--advice", str(seed))
        else:
            done = run(*command)
        if done.returncode:
            sys.exit(" ".join(command) + ": " + done.stderr)
        files = [instance]
    command = [gapwright, answer[0], files[0], *answer[1:], "--certificate", certificate, "--quiet"]
    if with_formula:
        command += ["--formula", formula]
    decided = run(*command)
    if name == "formula, an assignment" and not os.path.exists(certificate):
        return None  # CryptoMiniSat's no has no certificate
    if decided.returncode:
        sys.exit(" ".join(command) + ": " + decided.stderr)
    text = open(certificate).read()
    if "formula" in json.loads(text)["claim"]:
        files.append(formula)
    return Honest(name, text, files)


# ---------------------------------------------------------------- mutants

def places(value, path=()):
    """Paths of all leaves."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path
    else:
        for key, item in items:
            yield from places(item, path + (key,))


def containers(value, kind, path=()):
    if isinstance(value, kind):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from containers(item, kind, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def put(value, path, new):
    at(value, path[:-1])[path[-1]] = new


def text_of(q):
    q = Fraction(q)
    return str(q.numerator) if q.denominator == 1 else f"{q.numerator}/{q.denominator}"


def is_fraction(value):
    return isinstance(value, str) and value and set(value) <= set("-/0123456789")


def number(rng, claim, others):
    path = rng.choice([p for p in places(claim) if isinstance(at(claim, p), int)])
    old = at(claim, path)
    put(claim, path, rng.choice([old + 1, old - 1, -old - 1, old + 64, 2 * old + 1]))


def text(rng, claim, others):
    path = rng.choice([p for p in places(claim) if isinstance(at(claim, p), str)])
    old = at(claim, path)
    i = rng.randrange(len(old))
    alphabet = "0123456789abcdef" if len(old) == 64 else "0123456789/-" if is_fraction(old) else "abcdefghijklmnopqrstuvwxyz-"
    put(claim, path, old[:i] + rng.choice(alphabet) + old[i + 1:])


def unit_in_the_last_place(rng, claim, others):
    key = rng.choice([k for k in FRACTIONS if k in claim])
    q = Fraction(claim[key])
    step = rng.choice([Fraction(1, 10**30), Fraction(1, 2**64), abs(q) / 2**53 or Fraction(1, 2**53)])
    claim[key] = text_of(q + rng.choice([-1, 1]) * step)


def enclosure_widened(rng, claim, others):
    e = claim["enclosure"]
    step = Fraction(1, 2 ** e["width"])
    if rng.random() < 0.5:
        e["lo"] = text_of(Fraction(e["lo"]) - step)
    else:
        e["hi"] = text_of(Fraction(e["hi"]) + step)


def enclosure_shifted(rng, claim, others):
    e = claim["enclosure"]
    step = Fraction(rng.choice([-1, 1]), 2 ** e["width"])
    e["lo"], e["hi"] = text_of(Fraction(e["lo"]) + step), text_of(Fraction(e["hi"]) + step)


def enclosure_of_another_width(rng, claim, others):
    e = claim["enclosure"]
    e["width"] += rng.choice([-1, 1, 64])
    if rng.random() < 0.7:
        e["hi"] = text_of(Fraction(e["lo"]) + Fraction(1, 2 ** e["width"]))


def witness_swapped(rng, claim, others):
    w = claim["witness"]
    i, j = rng.sample(range(len(w)), 2)
    w[i], w[j] = w[j], w[i]


def witness_replaced(rng, claim, others):
    w = claim["witness"]
    w[rng.randrange(1, len(w))] = rng.randrange(1 << rng.randrange(1, 40))


def row_moved(rng, claim, others):
    claim["row"] += rng.choice([-1, 1, 2])  # the row alone: another row with its own witness would be another true claim


def key_dropped(rng, claim, others):
    path = rng.choice(list(containers(claim, dict)))
    del at(claim, path)[rng.choice(list(at(claim, path)))]


def key_added(rng, claim, others):
    target = at(claim, rng.choice(list(containers(claim, dict))))
    target[rng.choice(["note", "", "Verdict", "order ", "witness", "formula", "route", "cut"])] = rng.choice([0, "", [], {}, None])


def key_renamed(rng, claim, others):
    path = rng.choice(list(containers(claim, dict)))
    target = at(claim, path)
    key = rng.choice(list(target))
    target[rng.choice([key.upper(), key + "s", "x" + key])] = target.pop(key)


def of_another_type(rng, claim, others):
    path = rng.choice(list(places(claim)))
    old = at(claim, path)
    put(claim, path, rng.choice([None, True, [], {}, [old], {"": old}, str(old) if isinstance(old, int) else 1, float(old) if isinstance(old, int) else 0.5]))


def fraction_written_otherwise(rng, claim, others):
    path = rng.choice([p for p in places(claim) if is_fraction(at(claim, p))])
    old = at(claim, path)
    q = Fraction(old)
    put(claim, path, rng.choice([f"{2 * q.numerator}/{2 * q.denominator}", "+" + old, "0" + old, old + " ", f"{-q.numerator}/{-q.denominator}", old + "/1", "0x" + old]))


def list_changed(rng, claim, others):
    path = rng.choice(list(containers(claim, list)))
    target = at(claim, path)
    action = rng.choice(["drop", "append", "reorder"])
    if action == "drop":
        del target[rng.randrange(len(target))]
    elif action == "append":
        target.insert(rng.randrange(len(target) + 1), copy.deepcopy(rng.choice(target)) if target else 0)
    else:
        i, j = rng.sample(range(len(target)), 2)
        target[i], target[j] = target[j], target[i]


def tuple_counted_elsewhere(rng, claim, others):
    counts = rng.choice([claim["counts"]] + claim["rows"]["counts"] if "rows" in claim and "counts" in claim else [claim.get("counts")] if "counts" in claim else claim["rows"]["counts"])
    source, target = rng.choice(["main", "other"]), rng.choice(["main", "other"])
    i = rng.choice([i for i, n in enumerate(counts[source]) if n > 0])
    counts[source][i] -= 1
    while counts[source] and counts[source][-1] == 0:
        counts[source].pop()
    j = rng.randrange(len(counts[target]) + 1)
    counts[target].extend([0] * (j + 1 - len(counts[target])))
    counts[target][j] += 1


def rows_assigned_otherwise(rng, claim, others):
    runs = claim["rows"]["runs"]
    i = rng.randrange(len(runs))
    action = rng.choice(["longer", "split", "border", "swap"])
    if action == "longer":
        runs[i][1] += rng.choice([-1, 1, 1 << 40])
    elif action == "split":
        runs[i:i + 1] = [[runs[i][0], 1], [runs[i][0], runs[i][1] - 1]]
    else:
        j = rng.choice([j for j in range(len(runs)) if j != i])
        if action == "border":
            runs[i][1] += 1
            runs[j][1] -= 1
        else:
            runs[i][0], runs[j][0] = runs[j][0], runs[i][0]


def verdict_turned(rng, claim, others):
    claim["verdict"] = rng.choice([v for v in ("yes", "no", "outside-promise", "undecided") if v != claim["verdict"]])
    if rng.random() < 0.5 and "witness" in claim and "rows" not in claim and claim["problem"] != "cnf":
        del claim["witness"]
        for key in ("formula", "assignment"):
            claim.pop(key, None)
        claim["rows"] = {"cut": 1, "counts": [{"main": [], "other": []}], "runs": [[0, 1]]}


def literal_flipped(rng, claim, others):
    alone = claim["problem"] == "cnf" and "route" not in claim  # two flips may lead to another model, which is another true claim
    for _ in range(1 if alone else rng.choice([1, 1, 2])):
        i = rng.randrange(len(claim["assignment"]))
        claim["assignment"][i] *= -1


def part_of_another(rng, claim, others):
    other = rng.choice([o.claim for o in others if o.claim["problem"] == claim["problem"] and o.claim["verdict"] == claim["verdict"]])
    if claim["problem"] == "cnf" and "route" not in claim:
        raise KeyError  # another formula's model may be a model of this one
    key = rng.choice([k for k in claim if k in other and other[k] != claim[k] and k != "inputs"])
    claim[key] = copy.deepcopy(other[key])


def cut_moved(rng, claim, others):
    path = rng.choice([p for p in places(claim) if p[-1] == "cut"])
    put(claim, path, rng.choice([1, 2, 0, at(claim, path) + 1, at(claim, path) - 1, 1 << 50]))


STRUCTURED = [number, text, unit_in_the_last_place, enclosure_widened, enclosure_shifted, enclosure_of_another_width, witness_swapped, witness_replaced, row_moved, key_dropped, key_added,
              key_renamed, of_another_type, fraction_written_otherwise, list_changed, tuple_counted_elsewhere, rows_assigned_otherwise, verdict_turned, literal_flipped, part_of_another,
              cut_moved]


def doubled(rng, honest):
    """A key that stands twice, with the same value or another."""
    claim = honest.claim
    path = rng.choice([p for p in containers(claim, dict)])
    key = rng.choice(list(at(claim, path)))
    marker = "@doubled@"
    changed = copy.deepcopy(claim)
    at(changed, path)[marker] = rng.choice([at(claim, path)[key], 0])
    return json.dumps({"claim": changed, "informative": {}}).replace(marker, key)


def another_frame(rng, honest):
    claim = honest.claim
    return json.dumps(rng.choice([claim, {"claim": claim}, {"claim": claim, "informative": {}, "sha256": ""}, {"claim": [claim], "informative": {}}, {"claim": claim, "informative": []},
                                  {"informative": claim, "claim": {}}, [{"claim": claim, "informative": {}}]]))


def mutant(rng, others):
    """(kind, text, files)."""
    while True:
        kind = rng.choice([m.__name__ for m in STRUCTURED] + ["key_doubled", "another_frame", "another_instance", "another_instance_with_its_hash", "a_second_instance", "statement_of_the_instance"])
        one = rng.choice(others)
        if kind == "key_doubled":
            return kind, doubled(rng, one), one.files
        if kind == "another_frame":
            return kind, another_frame(rng, one), one.files
        if kind == "a_second_instance":
            other = rng.choice(others)
            claim = copy.deepcopy(one.claim)
            claim["inputs"] = rng.choice([claim["inputs"] + other.claim["inputs"], other.claim["inputs"] + claim["inputs"]])
            files = (one.files[:1] + other.files[:1] if claim["inputs"][0] == one.claim["inputs"][0] else other.files[:1] + one.files[:1]) + one.files[1:]
            return kind, json.dumps({"claim": claim, "informative": {}}), files
        if kind == "statement_of_the_instance":
            cases = [case for case in statements.certificate_cases(one) if case[2]]
            if not cases:
                continue
            _, claim, data = rng.choice(cases)
            place = os.path.join(os.path.dirname(one.files[0]), f"stated-{claim['inputs'][0]}.safetensors")
            with open(place, "wb") as file:
                file.write(data)
            return kind, json.dumps({"claim": claim, "informative": {}}), [place] + one.files[1:]
        if kind.startswith("another_instance"):
            peers = [o for o in others if o.claim["problem"] == one.claim["problem"] and o.claim["inputs"] != one.claim["inputs"]]
            if not peers:
                continue
            peer = rng.choice(peers)
            claim = copy.deepcopy(one.claim)
            if kind == "another_instance_with_its_hash":
                claim["inputs"] = peer.claim["inputs"]
                if claim == peer.claim or "enclosure" not in claim and claim["verdict"] == "yes":
                    continue  # a tuple or an assignment may be right for another instance too
            return kind, json.dumps({"claim": claim, "informative": {}}), peer.files[:1] + one.files[1:]
        claim = copy.deepcopy(one.claim)
        try:
            dict((m.__name__, m) for m in STRUCTURED)[kind](rng, claim, others)
        except (KeyError, IndexError, ValueError, ZeroDivisionError):
            continue  # this claim has no such leaf
        if json.dumps(claim) == json.dumps(one.claim):
            continue
        return kind, json.dumps({"claim": claim, "informative": {}}), one.files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gapwright")
    parser.add_argument("checker")
    parser.add_argument("--honest", type=int, default=200)
    parser.add_argument("--mutants", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checker-prefix", default="", help="command to run the checker under, such as 'valgrind -q --error-exitcode=99'")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    checker = options.checker_prefix.split() + [options.checker, "--threads", "1"]
    failures = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        honest, number = [], 0
        while len(honest) < options.honest:
            batch = range(number, number + options.honest - len(honest))
            honest += [h for h in pool.map(lambda n: make_honest(options.gapwright, folder, n, options.seed * 1000 + n), batch) if h]
            number = batch.stop

        def check(case):
            index, kind, text, files = case
            path = os.path.join(folder, f"case-{index}.json")
            with open(path, "w") as file:
                file.write(text)
            result = run(*checker, path, *files)
            os.unlink(path)
            return kind, text, result

        accepted = Counter()
        kinds = Counter(h.name + ": " + h.claim["verdict"] for h in honest)
        for kind, text, result in pool.map(check, [(i, h.name + ": " + h.claim["verdict"], h.text, h.files) for i, h in enumerate(honest)]):
            accepted[kind] += result.returncode == 0
            if result.returncode != 0:
                failures.append(f"honest, {kind}: exit {result.returncode}: {result.stdout}{result.stderr}")
        print(f"{'honest certificates':<56}{'made':>8}{'accepted':>10}")
        for kind in sorted(kinds):
            print(f"  {kind:<54}{kinds[kind]:>8}{accepted[kind]:>10}")
        print(f"{'all':<56}{sum(kinds.values()):>8}{sum(accepted.values()):>10}")

        made, rejected = Counter(), Counter()
        cases = [(i, *mutant(rng, honest)) for i in range(options.mutants)]
        for kind, text, result in pool.map(check, cases):
            made[kind] += 1
            rejected[kind] += result.returncode in (3, 6)
            if result.returncode not in (3, 6):
                failures.append(f"mutant, {kind}: exit {result.returncode}: {result.stdout}{result.stderr}{text[:1500]}")
        print(f"{'mutants':<56}{'made':>8}{'rejected':>10}")
        for kind in sorted(made):
            print(f"  {kind.replace('_', ' '):<54}{made[kind]:>8}{rejected[kind]:>10}")
        print(f"{'all':<56}{sum(made.values()):>8}{sum(rejected.values()):>10}")
        failures += bundles.campaign(options.gapwright, checker, folder, max(7, options.honest // 5), options.mutants // 10, options.seed)
    for failure in failures[:10]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
