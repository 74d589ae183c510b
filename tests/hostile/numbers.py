#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every option that takes a value, of every verb, as --help lists them, with numbers at which sizes wrap.

usage: numbers.py GAPWRIGHT [--seconds S | --runs N] [--seed S] [--only WORD]

Each run is under --timeout 2 and --memory-limit 256M. A finding is an exit code other than 0, 2, 3, 4, 5, 6 (10 and 20 of solve --format sat do not
occur here), anything but one line for an error, more time or memory than the limits allow. With --seconds only as many runs, in drawn order, as fit.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter

sys.dont_write_bytecode = True
import campaign

NUMBERS = ("0", "1", "65", str(2**31), str(2**32), str(2**63 - 1), str(2**64 - 1), "-1", "0.5", "1e308", "nan")
LISTS = tuple(f"2,{n}" for n in (2**32, 2**64 - 1)) + (f"2..{2**64 - 1}", f"0..{2**63}")
LIMITS = {"--timeout": "2", "--memory-limit": "256M"}


def verbs(gapwright, data):
    """Words of a small run of every verb; options that are tried stand in their long form."""
    formula, bundle = os.path.join(data, "yes", "six-variables.cnf"), "bundle"
    tensors = ("ov.safetensors", "direct.safetensors", "factored.safetensors", "real.safetensors")
    code = ["--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2", "--advice", "3", "--order", "2"]
    yield ["solve", formula]
    yield ["solve", formula, *code]
    for to in ("orthogonal-vectors", "attention"):
        yield ["reduce", formula, "--to", to]
    for to in ("gap-max-ip", "attention"):
        yield ["reduce", formula, "--to", to, *code]
    yield ["reduce", "factored.safetensors", "--to", "attention", "--gadget", "boxes"]
    yield ["extract", bundle, "--result", "answer.json"]
    for t in tensors:
        yield ["decide", t]
    yield ["decide", "direct.safetensors", "--method", "balls"]
    for method in ("exact", "polynomial", "certified"):
        yield ["attend", "random.safetensors", "--method", method]
    yield ["attend", "random.safetensors", "--gradient", "out.safetensors"]
    yield ["code", "list"]
    for family in (entry["family"] for entry in json.loads(campaign.run_quiet(gapwright, "code", "list", "--json"))):
        for verb in ("show", "matrix", "check"):
            yield ["code", verb, family, "--field", "4", "--degree", "2"]
    yield ["code", "encode", "reed-solomon", "messages.txt", "--field", "5", "--degree", "2"]
    yield ["challenge", "--rows", "16", "--pairs", "1", "--ladder", "1", "--timing-rows", "8", "--exec", "/bin/true {in} {out}"]
    yield ["challenge", "--rows", "16", "--pairs", "1", "--ladder", "1", "--timing-rows", "8", "--write", "inputs"]
    yield ["audit", "--rows", "16", "--dimension", "16", "--columns", "2", "--factor", "4", "--exec", "/bin/true {in} {out}", "--only", "plain"]
    yield ["gen", "random-ksat", "--variables", "6", "--clauses", "9"]
    yield ["gen", "random-ksat", "--variables", "6", "--clauses", "9", "--plant=quiet"]
    for name, options in (("pigeonhole", ["--pigeons", "3", "--holes", "2"]), ("parity", ["--points", "4"]), ("ordering", ["--elements", "3"]),
                          ("ramsey", ["--independent", "3", "--clique", "3", "--vertices", "4"]), ("van-der-waerden", ["--numbers", "5", "--first", "3", "--second", "3"]),
                          ("orthogonal-vectors", ["--vectors", "4", "--dimension", "6"]), ("gap-max-ip", ["--vectors", "4", "--dimension", "6"]),
                          ("attention", ["--rows", "4", "--dimension", "3"]), ("suite-2026", []), ("formula", [formula, "-T", "shuffle"])):
        yield ["gen", name, *options]
    for name in ("orthogonal-vectors", "gap-max-ip"):
        yield ["gen", name, "--vectors", "4", "--dimension", "6", "--plant"]
    yield ["explore", "regime", "--orders", "2", "--rows", "16", "--of-deciding", "1"]
    yield ["explore", "regime", "--orders", "2", "--rows", "16", "--of-deciding", "1", "--families", "ksat"]
    yield ["explore", "gradient", "--orders", "2", "--rows", "16", "--of-deciding", "1"]
    yield ["explore", "routes", "--orders", "2", "--log2-rows", "4"]
    yield ["explore", "orders", "--variables", "12"]
    yield ["explore", "plot", "results.jsonl"]
    yield ["explore", "report", "results.jsonl"]
    yield ["trace", formula]
    yield ["list"]
    yield ["show", "attention"]
    for verb in ("path", "implied"):
        yield [verb, "cnf", "attention"]
        yield [verb, "cnf", "attention", formula]
    yield ["graph"]
    yield ["estimate", formula]
    yield ["plan", "--variables", "6", "--clauses", "9"]
    yield ["fuzz", "sat_to_orthogonal_vectors", "--cases", "2"]
    yield ["fuzz", "sat_to_orthogonal_vectors", "--exhaustive", "1"]
    yield ["fuzz", "--exec", "/bin/true {in} {out}", "--to", "attention", "--cases", "2"]
    yield ["version"]


def help_of(gapwright, words):
    return subprocess.run([gapwright, *words, "--help"], capture_output=True, text=True, timeout=60).stdout


def value_options(text):
    """Long names of the options that take a value."""
    return re.findall(r"^  (?:-\w,)?(--[\w-]+)\s+(?:UINT|INT|FLOAT|TEXT)", text, re.MULTILINE)


def verb_of(gapwright, words, texts):
    """The verb, with its second word when that is one too."""
    for size in (2, 1):
        key = tuple(words[:size])
        if len(key) == size and key not in texts:
            texts[key] = help_of(gapwright, key)
    known = re.findall(r"^Subcommands:\n((?:  .*\n)+)", texts[tuple(words[:1])], re.MULTILINE)
    return tuple(words[:2]) if known and any(line.split()[0] == words[1] for line in known[0].splitlines() if line[2:3] != " ") else tuple(words[:1])


def with_option(words, option, value):
    """The words with this option; one that is there already changes its value."""
    words = list(words)
    if option in words:
        at = words.index(option)
        del words[at:at + 2]
    return [*words, f"{option}={value}"]


def cases(gapwright, data):
    texts = {}
    shared = value_options(help_of(gapwright, []))
    for words in verbs(gapwright, data):
        own = value_options(texts[verb] if (verb := verb_of(gapwright, words, texts)) in texts else "")
        if not own and verb != ("list",):
            own = []
        for option in dict.fromkeys(own + shared):
            kinds = NUMBERS + (LISTS if re.search(rf"{option} TEXT", texts[verb]) else ())
            for value in kinds:
                yield with_option(words, option, value)


def made_files(gapwright, data, folder):
    at = lambda name: os.path.join(folder, name)
    f, no = os.path.join(data, "yes", "six-variables.cnf"), os.path.join(data, "no", "all-signs.cnf")
    code = ["-k", "2", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2", "--advice", "3"]
    campaign.run_quiet(gapwright, "reduce", f, "--to", "orthogonal-vectors", "-o", at("ov.safetensors"))
    campaign.run_quiet(gapwright, "reduce", f, "-k", "2", "--to", "attention", "-o", at("direct.safetensors"))
    campaign.run_quiet(gapwright, "reduce", no, *code, "--to", "gap-max-ip", "--form", "factored", "-o", at("factored.safetensors"))
    campaign.run_quiet(gapwright, "reduce", no, *code, "--to", "gap-max-ip", "--gadget", "characters", "-o", at("real.safetensors"))
    campaign.run_quiet(gapwright, "reduce", f, "-k", "2", "--to", "attention", "-o", at("bundle") + "/")
    campaign.run_quiet(gapwright, "gen", "attention", "--rows", "6", "--dimension", "3", "-k", "2", "-o", at("random.safetensors"))
    campaign.run_quiet(gapwright, "attend", at("random.safetensors"), "-o", at("out.safetensors"))
    campaign.run_quiet(gapwright, "explore", "regime", "--orders", "2", "--rows", "16", "--of-deciding", "0.5,1", "-o", at("results.jsonl"))
    with open(at("answer.json"), "w") as file:
        file.write(campaign.run_quiet(gapwright, "decide", at("bundle/target.safetensors"), "--json"))
    with open(at("messages.txt"), "w") as file:
        file.write("1 2 3\n0 4 1\n")


def faults(gapwright, words, folder):
    command = [gapwright, *words]
    for option, value in LIMITS.items():
        if not any(w.startswith(option) for w in words):
            command += [option, value]
    if not any(w.startswith("--threads") for w in words):
        command += ["-j", "2"]
    code, text, seconds, resident, stayed, _ = campaign.watched(command, folder)
    found = []
    if code not in (0, 2, 3, 4, 5, 6):
        found.append(f"exit code {code}")
    if code in (2, 5, 6) and (len(re.findall(rb"^gapwright: error: ", text, re.MULTILINE)) != 1 or b"gapwright: error: " not in text.rstrip(b"\n").rsplit(b"\n", 1)[-1]):
        found.append("not one line of error")
    if fault := campaign.fault_of_message(text):
        found.append(fault)
    if seconds > campaign.TIMEOUT + campaign.LATE and not any(w.startswith("--timeout") for w in words):
        found.append(f"{seconds:.1f} s")
    if resident > campaign.FAT and not any(w.startswith("--memory-limit") for w in words):
        found.append(f"{resident >> 20} MB")
    if stayed:
        found.append("a process that stayed")
    return found, code, text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gapwright")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--runs", type=int, help="so many commands, in drawn order")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only commands with this word")
    arguments = parser.parse_args()
    gapwright = os.path.abspath(arguments.gapwright)
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
    everything = [words for words in cases(gapwright, os.path.abspath(data)) if arguments.only in " ".join(words)]
    random.Random(arguments.seed).shuffle(everything)
    codes, findings, start = Counter(), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        honest, folder = os.path.join(scratch, "honest"), os.path.join(scratch, "case")
        os.mkdir(honest)
        made_files(gapwright, os.path.abspath(data), honest)
        for words in everything[:arguments.runs]:
            if arguments.seconds and time.monotonic() - start > arguments.seconds:
                break
            shutil.copytree(honest, folder)
            found, code, text = faults(gapwright, words, folder)
            shutil.rmtree(folder)
            codes[code] += 1
            if found:
                findings += 1
                print(f"FINDING {' '.join(words)}: {'; '.join(found)}\n    {text[:300]!r}", flush=True)
    print(f"{sum(codes.values())} of {len(everything)} runs; exit codes " + ", ".join(f"{c}: {n}" for c, n in sorted(codes.items())) + f"; {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
