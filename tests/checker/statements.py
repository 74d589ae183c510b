#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every statement of every kind of certificate and bundle, changed by itself, must be rejected or named as not checked.

usage: statements.py GAPWRIGHT GAPWRIGHT_CHECK [--share S] [--seed N]

A certificate states the members of its claim, and its instance what the metadata say; a bundle states its manifest, its lift table and
the metadata of its target and source. For each leaf the table CHANGES says by its type what else is written there; hashes and sizes that
cover it are made right again, so that only the statement itself is wrong. The checker must end with 3, or with 4 and a line "not
checked:" that has the statement's name. Members dropped and added are changes too. Prints how many statements of each kind there were.
"""
import argparse
import copy
import hashlib
import json
import os
import random
import re
import shutil
import struct
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

sys.dont_write_bytecode = True
import campaign

ORIGIN = {"provenance", "embedding"}  # of an instance: remarks on where it comes from, which no certificate speaks of; bundles do
DOUBLES = {"softmax_scale", "entry_bound"}  # 17 digits name a double, and so do other digits near them
METADATA = {"problem": ["attention", "gap-max-ip", "orthogonal-vectors", "closest-pair"], "order": ["2", "3", "17"], "form": ["explicit", "characters", "factored"], "expected": ["yes", "no", "maybe"],
            "format": ["gapwright-2"], "causal": ["true", "True", "1", ""], "embedding": ["direct", "sharp", "paper", "direct-centred", "sharp-centred", "none"]}


# ---------------------------------------------------------------- files

def read_tensors(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length]), data[8 + length:]


def sealed(header, body, own=True):
    """The bytes of a safetensors file, its own SHA-256 right unless `own` is false."""
    def raw(text):
        return struct.pack("<Q", len(text)) + text + body
    text = json.dumps(header, separators=(",", ":")).encode()
    stated = header.get("__metadata__", {}).get("sha256")
    if not own or not stated:
        return raw(text)
    blank = text.replace(b'"' + stated.encode() + b'"', b'"' + b"0" * 64 + b'"')
    return raw(text.replace(stated.encode(), hashlib.sha256(raw(blank)).hexdigest().encode()))


def metadata_changes(metadata, keys):
    """(key, metadata with this key otherwise, whether the own hash is made right)."""
    for key in sorted(keys | set(metadata)):
        old = metadata.get(key)
        if key == "sha256":
            yield key, {**metadata, key: ("0" if old[0] != "0" else "1") + old[1:]}, False
            continue
        if old is not None and key not in ("provenance", "rounding"):
            yield key, {k: v for k, v in metadata.items() if k != key}, True
        for new in METADATA.get(key, numbers_beside(old) if old else []):
            if new != old and not (key in DOUBLES and float(new) == float(old)):
                yield key, {**metadata, key: new}, True


def numbers_beside(text):
    """Other decimals: a unit in the last place more and less, and half as much."""
    match = re.fullmatch(r"(-?)(\d+)(\.\d+)?(e[+-]?\d+)?", text)
    if not match:
        return []
    sign, whole, fraction, exponent = match.groups(default="")
    digits = whole + fraction[1:]
    places = len(fraction) - 1 if fraction else 0
    texts = []
    for number in (int(digits) + 1, max(0, int(digits) - 1), int(digits) // 2, 2 * int(digits) + 3):
        padded = str(number).rjust(places + 1, "0")
        texts.append(sign + (padded[:-places] + "." + padded[-places:] if places else padded) + exponent)
    return texts


# ---------------------------------------------------------------- changes of one leaf

def leaves(value, path=()):
    """All of a value, but of a long list the first two and the last entries."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, path + (key,))
    elif isinstance(value, list) and value:
        for index in sorted({0, 1, len(value) - 1} & set(range(len(value)))):
            yield from leaves(value[index], path + (index,))
    else:
        yield path


def changes(leaf):
    if isinstance(leaf, bool) or leaf is None:
        return [0, "x"]
    if isinstance(leaf, int):
        return [leaf + 1, leaf + 2, max(0, leaf - 1) if leaf else 7, str(leaf)]
    if isinstance(leaf, list):
        return [[0], None]
    if isinstance(leaf, dict):
        return [{"x": 0}]
    if re.fullmatch(r"[0-9a-f]{64}", leaf):
        return [("0" if leaf[0] != "0" else "1") + leaf[1:]]
    if re.fullmatch(r"-?\d+(/\d+)?", leaf):
        q = Fraction(leaf)
        return [campaign.text_of(q + Fraction(1, q.denominator)), campaign.text_of(q - Fraction(1, q.denominator)), campaign.text_of(2 * q + 1)]
    return numbers_beside(leaf) or [leaf + "x", leaf[:-1], {"yes": "no", "no": "yes", "direct": "sharp"}.get(leaf, "none")]


def changed(value, path, new):
    value = copy.deepcopy(value)
    campaign.put(value, path, new)
    return value


def members(value, path=()):
    """Claims with a member dropped or added anywhere."""
    for place in campaign.containers(value, dict):
        for key in list(campaign.at(value, place)):
            other = copy.deepcopy(value)
            del campaign.at(other, place)[key]
            yield place + (key,), other
        other = copy.deepcopy(value)
        campaign.at(other, place)["remark"] = 0
        yield place + ("remark",), other


# ---------------------------------------------------------------- certificates

def certificate_cases(honest):
    """(statement, certificate, instance bytes or None)."""
    for path in leaves(honest.claim):
        for new in changes(campaign.at(honest.claim, path)):
            if new != campaign.at(honest.claim, path):
                yield ".".join(map(str, path)), changed(honest.claim, path, new), None
    for path, other in members(honest.claim):
        yield ".".join(map(str, path)) + " (member)", other, None
    if not honest.files[0].endswith(".safetensors"):
        return
    header, body = read_tensors(honest.files[0])
    keys = {"problem", "order", "causal", "expected"} | ({"form"} if honest.claim["problem"] == "gap-max-ip" else set())
    for key, metadata, own in metadata_changes(header["__metadata__"], keys):
        if key in ORIGIN or key == "expected" and metadata.get(key, honest.claim["verdict"]) == honest.claim["verdict"]:
            continue
        if key in ("form", "order", "problem") and metadata.get(key) is None and not (key == "problem" and honest.claim["problem"] == "gap-max-ip"):
            continue  # left out is not wrong
        if key == "form" and {metadata[key], header["__metadata__"].get(key)} == {"explicit", "pruned"}:
            continue  # both are bits
        if key == "entry_bound" and metadata.get(key) is None:
            continue  # then it is the largest entry
        data = sealed({**header, "__metadata__": metadata}, body, own)
        yield "instance: " + key, {**honest.claim, "inputs": [hashlib.sha256(data).hexdigest()]}, data


def corner_certificates(gapwright, folder):
    """Kinds that campaign.py does not make: .npy arrays, empty sets, dimension 0, thresholds met exactly, real outside the promise."""
    def tensors(name, dtype, shapes, metadata, entries=None):
        header, offset, body = {"__metadata__": metadata}, 0, b""
        for index, shape in enumerate(shapes):
            count = shape[0] * shape[1]
            data = struct.pack(f"<{count}{'B' if dtype == 'U8' else 'd'}", *(entries[index] if entries else [1] * count))
            header[f"x{index}"] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
            offset, body = offset + len(data), body + data
        path = os.path.join(folder, name + ".safetensors")
        open(path, "wb").write(sealed(header, body))
        return [path]

    def arrays(name, shapes):
        paths = []
        for index, shape in enumerate(shapes):
            text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape[0]}, {shape[1]}), }}\n".encode()
            path = os.path.join(folder, f"{name}-{index}.npy")
            open(path, "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(shape[0] * shape[1]))
            paths.append(path)
        return paths

    gap = {"problem": "gap-max-ip", "order": "2", "yes_at_least": "2", "no_at_most": "1", "form": "explicit"}
    real = {**gap, "form": "characters"}
    made = {"arrays": arrays("arrays", [(2, 3), (4, 3)]), "arrays, an empty set": arrays("empty", [(2, 3), (0, 3)]), "arrays, dimension 0": arrays("flat", [(2, 0), (3, 0)]),
            "k-OV, an empty set": tensors("ov", "U8", [(0, 3), (2, 3)], {"problem": "orthogonal-vectors", "order": "2"}), "Gap-k-MaxIP, an empty set": tensors("gap", "U8", [(2, 3), (0, 3)], gap),
            "Gap-k-MaxIP, dimension 0": tensors("flat", "U8", [(2, 0), (3, 0)], gap), "Gap-k-MaxIP, outside the promise": tensors("outside", "U8", [(1, 3), (2, 3)], {**gap, "yes_at_least": "4"}),
            "real, an empty set": tensors("real", "F64", [(0, 3), (2, 3)], real), "real, s_no met exactly": tensors("exact", "F64", [(2, 1), (3, 1)], real),
            "real, outside the promise": tensors("real-outside", "F64", [(1, 1), (2, 1)], {**real, "yes_at_least": "3", "rounding": "0.25"}, [[1.5], [1.0, 1.25]])}
    for name, files in made.items():
        certificate = os.path.join(folder, name.replace(" ", "-") + ".json")
        done = campaign.run(gapwright, "decide", *files, "--certificate", certificate, "--quiet")
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        yield campaign.Honest(name, open(certificate).read(), files)


def check_certificates(gapwright, checker, folder, pool, failures, table, rng, share):
    numbers = [n for n in range(2 * len(list(campaign.recipes()))) if rng.random() < max(share, 0.3)]
    honest = [h for h in pool.map(lambda n: campaign.make_honest(gapwright, folder, n, 7000 + n), numbers) if h] + list(corner_certificates(gapwright, folder))

    def check(case):
        number, one, statement, claim, data = case
        path, files = os.path.join(folder, f"case-{number}.json"), list(one.files)
        with open(path, "w") as file:
            json.dump({"claim": claim, "informative": {}}, file)
        if data:
            files[0] = path + ".safetensors"
            open(files[0], "wb").write(data)
        result = campaign.run(checker, "--threads", "1", path, *files)
        os.unlink(path)
        if data:
            os.unlink(files[0])
        return one, statement, claim, result

    cases = []
    for one in honest:
        cases.append((len(cases), one, "", one.claim, None))
        for statement, claim, data in certificate_cases(one):
            if rng.random() < share:
                cases.append((len(cases), one, statement, claim, data))
    for one, statement, claim, result in pool.map(check, cases):
        table["certificate: " + one.name] += statement != ""
        if result.returncode != (3 if statement else 0):
            failures.append(f"{one.name}: {statement or 'honest'}: exit {result.returncode}: {result.stdout.strip()}{result.stderr.strip()} {json.dumps(claim)[:600]}")


# ---------------------------------------------------------------- bundles

VECTORS = ["-k", "2", "--to", "orthogonal-vectors"]
CODE = ["-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--expect"]
KINDS = [(None, ["-k", "2", "--to", "attention", "--expect"]), (None, ["-k", "3", "--to", "attention", "--square", "--entry-dtype", "bf16"]), (None, ["-k", "2", "--to", "attention", "--causal"]),
         (None, ["-k", "2", "--to", "attention", "--centred", "--delta", "1/20"]), (None, ["-k", "3", "--to", "orthogonal-vectors", "--expect"]), (VECTORS, ["--to", "attention", "--expect"]),
         (None, [*CODE, "--form", "factored"]), (None, [*CODE, "--form", "pruned", "--advice", "3"]), (None, [*CODE, "--gadget", "characters"]), (VECTORS, ["--to", "gap-max-ip", "--route", "reed-solomon", "--form", "factored"]),
         (None, ["-k", "2", "--to", "attention", "--route", "tower"]), (None, ["-k", "2", "--to", "attention", "--route", "hermitian", "--embedding", "paper", "--centred"]),
         (None, ["-k", "2", "--to", "attention", "--route", "reed-solomon", "--gadget", "characters"]), ([*CODE, "--form", "pruned"], ["--to", "attention"]),
         ([*CODE, "--form", "factored"], ["--to", "attention", "--embedding", "paper"]), ([*CODE, "--gadget", "characters"], ["--to", "attention"])]


class Bundle:
    """The parts of a bundle in memory; write() makes sizes and hashes right again."""

    def __init__(self, folder):
        self.manifest = json.load(open(os.path.join(folder, "manifest.json")))
        self.lift = json.load(open(os.path.join(folder, "lift.json")))
        self.target = read_tensors(os.path.join(folder, "target.safetensors"))
        self.source_file = self.manifest["source"][0]["file"]
        path = os.path.join(folder, self.source_file)
        self.source = read_tensors(path) if path.endswith(".safetensors") else open(path, "rb").read()

    def write(self, folder, own_hash=True, seal=True):
        os.mkdir(folder)
        source = self.source if isinstance(self.source, bytes) else sealed(*self.source, own_hash)
        lift = json.dumps(self.lift).encode()
        if seal:
            described = self.manifest["source"][0]
            described["bytes"], described["sha256"] = len(source), hashlib.sha256(source).hexdigest()
            if self.manifest["provenance"].get("sources"):
                self.manifest["provenance"]["sources"][0]["sha256"] = described["sha256"]
            self.target[0]["__metadata__"]["provenance"] = json.dumps(self.manifest["provenance"], separators=(",", ":"))
        target = sealed(*self.target, own_hash)
        if seal:
            for key, data in (("target", target), ("lift", lift)):
                self.manifest[key]["bytes"], self.manifest[key]["sha256"] = len(data), hashlib.sha256(data).hexdigest()
        for name, data in ((self.source_file, source), ("lift.json", lift), ("target.safetensors", target), ("manifest.json", json.dumps(self.manifest).encode())):
            open(os.path.join(folder, name), "wb").write(data)


def bundle_cases(honest):
    """(statement, bundle, whether own hashes are made right, whether the manifest's sizes and hashes are)."""
    for path in leaves(honest.manifest):
        covered = path[-1] in ("bytes", "sha256")
        for new in changes(campaign.at(honest.manifest, path)):
            other = copy.deepcopy(honest)
            campaign.put(other.manifest, path, new)
            yield "manifest." + ".".join(map(str, path)), other, True, not covered
    for path, manifest in members(honest.manifest):
        other = copy.deepcopy(honest)
        other.manifest = manifest
        if path[0] in manifest and path[-1] not in ("bytes", "sha256", "sources") and all(key in manifest for key in ("source", "target", "lift", "provenance")):
            yield "manifest." + ".".join(map(str, path)) + " (member)", other, True, True
    for path in leaves(honest.lift):
        for new in changes(campaign.at(honest.lift, path)):
            other = copy.deepcopy(honest)
            campaign.put(other.lift, path, new)
            yield "lift." + ".".join(map(str, path)), other, True, True
    for path, lift in members(honest.lift):
        other = copy.deepcopy(honest)
        other.lift = lift
        yield "lift." + ".".join(map(str, path)) + " (member)", other, True, True
    parts = {"target": honest.target[0]["__metadata__"]}
    if not isinstance(honest.source, bytes):
        parts["source"] = honest.source[0]["__metadata__"]
    for part, metadata in parts.items():
        for key, other_metadata, own in [*metadata_changes(metadata, {"causal", "expected"}), ("remark", {**metadata, "remark": ""}, True)]:
            if part == "target" and key == "expected" and key in metadata and key not in other_metadata:
                continue  # not to say what Merlin's message proves is no false statement, and to say it is no other
            if part == "source" and (key in ("provenance", "remark", "form", "order", "problem") and other_metadata.get(key, "") in ("", "explicit") or key == "rounding"):
                continue  # remarks; and what may be left out of an instance
            if part == "source" and key == "expected" and key not in metadata and other_metadata[key] == "yes":
                continue  # which is true
            other = copy.deepcopy(honest)
            getattr(other, part)[0]["__metadata__"] = other_metadata
            yield f"{part}: {key}", other, own, True


def with_an_empty_set(honest):
    """The bundle with the last set of its source emptied; None when that is no file of tensors."""
    if isinstance(honest.source, bytes):
        return None
    other = copy.deepcopy(honest)
    header, body = other.source
    name = max((n for n in header if re.fullmatch(r"x\d+", n)), key=lambda n: header[n]["data_offsets"][0])
    start, end = header[name]["data_offsets"]
    for tensor in header.values():
        if "data_offsets" in tensor:
            tensor["data_offsets"] = [place - (end - start) if place >= end else place for place in tensor["data_offsets"]]
    header[name]["shape"][0] = 0
    other.source = header, body[:start] + body[end:]
    return other


def make_bundles(gapwright, folder):
    formula = os.path.join(folder, "bundle.cnf")
    campaign.run(gapwright, "gen", "random-ksat", "--variables", "6", "--clauses", "8", "--seed", "5", "-o", formula, "--quiet")
    for number, (first, options) in enumerate(KINDS):
        source, place = formula, os.path.join(folder, f"bundle-{number}")
        commands = [["reduce", source, *options, "-o", place + "/", "--quiet"]]
        if first:
            source = place + ".safetensors"
            commands = [["reduce", formula, *first, "-o", source, "--quiet"], ["reduce", source, *options, "-o", place + "/", "--quiet"]]
        for command in commands:
            done = campaign.run(gapwright, *command)
            if done.returncode:
                sys.exit(" ".join(command) + ": " + done.stderr)
        yield "bundle: " + (" ".join(first) + " | " if first else "") + " ".join(options), place


def names(result, statement):
    """Does the checker end with 4 and say that this statement is not checked?"""
    word = re.split(r"[.: ]+", statement.replace(" (member)", ""))[-1]
    lines = [line for line in result.stdout.splitlines() if line.startswith("not checked: ")]
    return result.returncode == 4 and any(re.search(rf"\b{re.escape(word)}\b", line) for line in lines)


def check_bundles(gapwright, checker, folder, pool, failures, table, rng, share):
    def check(case):
        number, name, honest_code, statement, bundle, own, seal = case
        place = os.path.join(folder, f"changed-{number}")
        bundle.write(place, own, seal)
        result = campaign.run(checker, "--bundle", place)
        shutil.rmtree(place)
        return name, honest_code, statement, result

    cases = []
    for name, place in make_bundles(gapwright, folder):
        result = campaign.run(checker, "--bundle", place)
        if result.returncode not in (0, 4) or result.returncode == 4 and "not checked: " not in result.stdout:
            failures.append(f"{name}: honest: exit {result.returncode}: {result.stdout}")
        honest = Bundle(place)
        cases.append((len(cases), name, result.returncode, "", copy.deepcopy(honest), True, True))
        if empty := with_an_empty_set(honest):
            cases.append((len(cases), name, result.returncode, "source: an empty set", empty, True, True))
        for statement, bundle, own, seal in bundle_cases(honest):
            if rng.random() < share:
                cases.append((len(cases), name, result.returncode, statement, bundle, own, seal))
    for name, honest_code, statement, result in pool.map(check, cases):
        table[name] += statement != ""
        good = result.returncode == honest_code if not statement else result.returncode == 3 or names(result, statement)
        if not good:
            failures.append(f"{name}: {statement or 'written again'}: exit {result.returncode}: {result.stdout.strip()}{result.stderr.strip()}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gapwright")
    parser.add_argument("checker")
    parser.add_argument("--share", type=float, default=1, help="of the changes, at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng, share = random.Random(options.seed), options.share
    failures, table = [], Counter()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        check_certificates(options.gapwright, options.checker, folder, pool, failures, table, rng, share)
        check_bundles(options.gapwright, options.checker, folder, pool, failures, table, rng, share)
    for name, count in table.items():
        print(f"{name:<100}{count:>6}")
    print(f"{'statements changed by themselves':<100}{sum(table.values()):>6}, accepted without a word: {len(failures)}")
    for failure in failures[:int(os.environ.get("SHOWN", "20"))]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
