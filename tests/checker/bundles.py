# SPDX-License-Identifier: MIT
"""Honest bundles, which gapwright-check --bundle must accept (in part through codes), and mutants of them, which it must refuse."""
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter

sys.dont_write_bytecode = True
import statements

DIRECT = [["-k", "2", "--to", "attention"], ["-k", "3", "--to", "attention", "--square", "--entry-dtype", "bf16"], ["-k", "2", "--to", "attention", "--causal", "--expect"],
          ["-k", "2", "--to", "attention", "--centred"], ["-k", "3", "--to", "orthogonal-vectors"]]
CODES = [["-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--form", "factored"], ["-k", "2", "--to", "attention", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2"]]
GAPS = ["pruned", "factored"]  # from a Gap-k-MaxIP file of this form to attention


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600)


def leaves(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None or not value:
        yield path
    else:
        for key, item in items:
            yield from leaves(item, path + (key,))


def put(value, path, new):
    for key in path[:-1]:
        value = value[key]
    old = value[path[-1]]
    value[path[-1]] = new(old)
    return old != value[path[-1]]


def leaf_at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(rng, leaf):
    if isinstance(leaf, int):
        return rng.choice([leaf + 1, max(leaf - 1, 0), leaf + 256, str(leaf)])
    if isinstance(leaf, str) and leaf:
        at = rng.randrange(len(leaf))
        return rng.choice([leaf[:at] + rng.choice("0123456789abcdef") + leaf[at + 1:], leaf[:at] + leaf[at + 1:], leaf + "0"])
    return rng.choice([0, "", "x", True])


def write(path, text, mode="w"):
    with open(path, mode) as file:
        file.write(text)


def read(path, mode="r"):
    with open(path, mode) as file:
        return file.read()


def mutate(rng, folder, bundles):
    """Changes the bundle in `folder`; the kind of change, or None when nothing changed."""
    kind = rng.choice(["manifest leaf", "manifest leaf", "manifest leaf", "key dropped", "bit of the target", "lift leaf", "files swapped", "file of another bundle"])
    manifest, target, lift = (os.path.join(folder, name) for name in ("manifest.json", "target.safetensors", "lift.json"))
    if kind in ("manifest leaf", "lift leaf", "key dropped"):
        path = lift if kind == "lift leaf" else manifest
        json_text = json.loads(read(path))
        place = rng.choice(list(leaves(json_text)))
        if kind == "key dropped":
            inner = json_text
            for key in place[:-1]:
                inner = inner[key]
            if not isinstance(inner, dict):
                return None
            del inner[place[-1]]
        elif not put(json_text, place, lambda leaf: changed(rng, leaf)):
            return None
        elif place[-1] == "entry_dtype" and leaf_at(json_text, place) in ("f64", "f32", "f16", "bf16"):
            return None  # the least B of two types can be one number, and then both claims are true
        write(path, json.dumps(json_text))
    elif kind == "bit of the target":
        data = bytearray(read(target, "rb"))
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        write(target, bytes(data), "wb")
    elif kind == "files swapped":
        one, two = rng.sample([manifest, target, lift], 2)
        first, second = read(one, "rb"), read(two, "rb")
        write(one, second, "wb")
        write(two, first, "wb")
    else:
        other = os.path.join(rng.choice(bundles), rng.choice(["manifest.json", "target.safetensors", "lift.json"]))
        name = os.path.join(folder, os.path.basename(other))
        if read(name, "rb") == read(other, "rb"):
            return None
        shutil.copy(other, name)
    return kind


def one_statement(rng, checker, bundle, folder):
    """One statement changed by itself, hashes right; the third is whether the checker names it as not checked."""
    statement, other, own, seal = rng.choice(list(statements.bundle_cases(statements.Bundle(bundle))))
    other.write(folder, own, seal)
    result = run(*checker, "--bundle", folder)
    return "one statement, hashes right", result, statements.names(result, statement)


def campaign(gapwright, checker, folder, count, mutants, seed):
    """Prints both tables; the failures as lines."""
    rng = random.Random(seed)
    failures, bundles = [], []
    accepted, refused, made = Counter(), Counter(), Counter()
    for number in range(count):
        options = (DIRECT + CODES + GAPS)[number % len(DIRECT + CODES + GAPS)]
        formula, bundle = os.path.join(folder, f"bundle-{number}.cnf"), os.path.join(folder, f"bundle-{number}")
        done = run(gapwright, "gen", "random-ksat", "--variables", "6", "--clauses", str(8 if options in CODES + GAPS else 8 + 5 * (number % 5)), "--seed", str(seed + number), "-o", formula, "--quiet")
        if options in GAPS:
            source = bundle + ".safetensors"
            done = done if done.returncode else run(gapwright, "reduce", formula, "-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--form", options, "--advice", "1", "-o", source, "--quiet")
            done = done if done.returncode else run(gapwright, "reduce", source, "--to", "attention", "-o", bundle + "/", "--quiet")
        else:
            done = done if done.returncode else run(gapwright, "reduce", formula, *options, *(["--advice", "1"] if options in CODES else []), "-o", bundle + "/", "--quiet")
        if done.returncode:
            return [f"bundle {options}: {done.stderr}"]
        result = run(*checker, "--bundle", bundle)
        right = 4 if options in CODES or options == "factored" else 0
        accepted["through a code, in part" if right else "direct"] += result.returncode == right
        if result.returncode != right:
            failures.append(f"honest bundle, {options}: exit {result.returncode}: {result.stdout}{result.stderr}")
        bundles.append(bundle)
    mutated = os.path.join(folder, "mutated")
    while sum(made.values()) < mutants:
        if rng.random() < 0.5:
            kind, result, named = one_statement(rng, checker, rng.choice(bundles), mutated)
            made[kind] += 1
            refused[kind] += result.returncode in (3, 6) or named
            if result.returncode not in (3, 6) and not named:
                failures.append(f"mutant of a bundle, {kind}: exit {result.returncode}: {result.stdout}{result.stderr}")
            shutil.rmtree(mutated)
            continue
        shutil.copytree(rng.choice(bundles), mutated)
        kind = mutate(rng, mutated, bundles)
        if kind:
            result = run(*checker, "--bundle", mutated)
            made[kind] += 1
            refused[kind] += result.returncode in (3, 6)
            if result.returncode not in (3, 6):
                failures.append(f"mutant of a bundle, {kind}: exit {result.returncode}: {result.stdout}{result.stderr}")
        shutil.rmtree(mutated)
    print(f"{'honest bundles':<56}{'made':>8}{'accepted':>10}")
    print(f"{'all':<56}{count:>8}{sum(accepted.values()):>10}")
    print(f"{'mutants of bundles':<56}{'made':>8}{'refused':>10}")
    for kind in sorted(made):
        print(f"  {kind:<54}{made[kind]:>8}{refused[kind]:>10}")
    print(f"{'all':<56}{sum(made.values()):>8}{sum(refused.values()):>10}")
    return failures
