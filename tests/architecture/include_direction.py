#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The include direction is the architecture: every #include line of every room is an arrow that the law below allows, and a library that has one place
is included there alone.

usage: include_direction.py ROOT"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "docs"))
from pages import run

PROBLEMS = "support instances instances/files instances/generators"
LIBRARY = PROBLEMS + " codes reductions attention verify atlas"
EXPLORE = "explore/plan explore/regime explore/trace explore/challenge explore/audit explore/fuzz"
ALL = f"{LIBRARY} {EXPLORE} cli python checker checker/bundle manual include docs"

# Each room, and what it may include besides itself. The folder of the longest name counts: instances/files/x.hpp is in instances/files alone.
LAW = {
    "support": "",
    "instances": "support",
    "instances/files": "support instances",
    "instances/generators": "support instances",
    "codes": "support",
    "reductions": "support instances codes",
    "attention": "support instances",
    "verify": "support instances",  # what checks shares no code with what it checks
    "atlas": LIBRARY,
    "explore/plan": LIBRARY,
    "explore/regime": LIBRARY + " explore/plan",
    "explore/trace": LIBRARY,
    "explore/challenge": LIBRARY + " include",
    "explore/audit": LIBRARY + " explore/challenge",
    "explore/fuzz": LIBRARY,
    "cli": f"{LIBRARY} {EXPLORE}",
    "python": f"{LIBRARY} {EXPLORE}",
    "checker": "",
    "checker/bundle": "checker",
    "manual": "support cli checker",
    "include": "",  # the C interface, include/gapwright/challenge.h
    "bench": ALL,
    "examples": "include",
    "docs": LIBRARY,
    "tests": ALL,
    "tests/libraries": "include",
    "tests/consumer": "installed include",  # a program of somebody else: it sees <gapwright/...> and what lies in its own folder
}
EXCEPTIONS = {("checker/main.cpp", "checker/bundle")}  # one program for both

# A library, the headers that this is about, and the only files that may include them. The tests may: they compare with these libraries.
LIBRARIES = [
    ("finite fields of FLINT", r"flint/(fq|nmod|fmpz\.|ulong)|fq_", r"codes/field\."),
    ("Arb", r"(flint/)?(arb|arf|acb|fmpq\.)", r"verify/ball\."),
    ("CryptoMiniSat", r"cryptominisat5/", r"verify/sat_oracle\."),
    ("CaDiCaL", r"cadical", r"verify/unsat_proof\."),
    ("Boost.Graph", r"boost/", r"atlas/graph\."),
    ("MPFI", r"mpfi", r"checker/"),
]
# Where two mistakes could be the same one, the checker uses another library than what it checks. A name without a dot is the standard library's.
OF_CHECKER = re.compile(r"(mpfi|mpfr|gmp|gmpxx|fcntl|unistd)\.h$|(openssl|nlohmann|sys)/|[^./]+$")

SOURCE = re.compile(r"\.(cpp|hpp|c|h|cc|hh|cxx|hxx|ipp|inc)$")
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b[ \t]*(.*)$", re.M)
NAMED = re.compile(r"([<\"])([^>\"]+)[>\"]")
ROOTS = {room.split("/")[0] for room in LAW}


def room_of(path):
    """The room of a file, None where no law speaks of its folder."""
    folders = path.split("/")[:-1]
    names = ("/".join(folders[:n]) for n in range(len(folders), 0, -1))
    return next((name for name in names if name in LAW), None)


def room_of_header(quote, header):
    """The room of what is included; "" for an outside library, None for what is in no room."""
    if header == "gapwright/challenge.h":
        return "include"
    if header.startswith("gapwright/"):
        return "installed"
    if quote == "<" and header.split("/")[0] not in ROOTS:
        return ""
    return room_of(header)


def library_fault(path, header):
    for library, headers, place in LIBRARIES:
        if re.match(headers, header) and not re.match(place, path):
            return f"only {place.replace(chr(92), '')}* may include {library}"
    if path.startswith("checker/") and not OF_CHECKER.match(header):
        return "the checker uses MPFI, MPFR, GMP, OpenSSL and nlohmann-json only"
    return None


def arrow_fault(path, target):
    room = room_of(path)
    if target is None:
        return "a path from the root of the sources is wanted, of a file in a room"
    if target == room or target in LAW[room].split() or (path, target) in EXCEPTIONS:
        return None
    return f"{room}/ may not include {target}/"


def fault_of(path, text):
    named = NAMED.match(text)
    if not named:
        return "names no file"
    quote, header = named.groups()
    if {".", ".."} & set(header.split("/")):
        return "a path without . and .. is wanted"
    if room_of(path) == "tests/consumer" and quote == '"':
        return None
    target = room_of_header(quote, header)
    if target == "":
        return None if room_of(path).startswith("tests") else library_fault(path, header)
    return arrow_fault(path, target)


def find(files):
    findings = []
    for path, text in files.items():
        if not SOURCE.search(path):
            continue
        if room_of(path) is None:
            findings.append((path, 1, "in no room: tests/architecture/include_direction.py has the table of rooms"))
            continue
        for match in INCLUDE.finditer(text):
            fault = fault_of(path, match.group(1))
            if fault:
                findings.append((path, text.count("\n", 0, match.start()) + 1, f"{fault}: {match.group(0).strip()}"))
    return findings


# Written out and not made from the law, so that a law that was loosened by mistake is found.
WRONG_ARROWS = """
support -> instances, codes, cli
instances -> instances/files, instances/generators, codes, reductions, verify, atlas
instances/files -> instances/generators, reductions, verify
instances/generators -> instances/files, codes, reductions, verify
codes -> instances, reductions, verify
reductions -> attention, verify, atlas, explore/plan, instances/files, instances/generators
attention -> codes, reductions, verify, atlas, instances/files
verify -> instances/generators, instances/files, codes, reductions, attention, atlas
atlas -> explore/plan, explore/fuzz, cli, python, checker
explore/plan -> explore/regime, explore/trace, explore/challenge, explore/fuzz, cli
explore/regime -> explore/trace, explore/challenge, explore/fuzz, python
explore/trace -> explore/plan, explore/regime, explore/challenge, explore/fuzz, cli
explore/challenge -> explore/plan, explore/regime, explore/trace, explore/fuzz, cli
explore/audit -> explore/plan, explore/regime, explore/trace, explore/fuzz, cli, include
explore/fuzz -> explore/plan, explore/regime, explore/trace, explore/challenge, explore/audit, cli
cli -> python, checker, tests
python -> cli, checker, tests
checker -> checker/bundle, support, instances, codes, verify, atlas, cli, tests
checker/bundle -> support, instances, reductions, explore/fuzz, python
manual -> atlas, python, tests
include -> support, instances
bench -> tests, examples
examples -> support, attention, codes
docs -> cli, explore/plan, tests
tests -> bench, examples
tests/libraries -> support, attention
"""
RIGHT_ARROWS = """
instances -> support
instances/files -> instances
instances/generators -> instances
codes -> support
reductions -> codes
attention -> instances
verify -> instances
atlas -> verify, instances/files, instances/generators
explore/plan -> atlas
explore/regime -> explore/plan
explore/trace -> verify
explore/challenge -> include
explore/audit -> explore/challenge
explore/fuzz -> verify
cli -> explore/fuzz, atlas
python -> explore/fuzz, atlas
checker/bundle -> checker
manual -> cli
bench -> attention, cli
examples -> include
docs -> reductions
tests -> cli, checker/bundle
tests/libraries -> include
"""


def arrows(text):
    return [(room, target) for line in text.strip().splitlines() for room, targets in [line.split(" -> ")] for target in targets.split(", ")]


def line_to(target, quotes='""'):
    header = "<gapwright/challenge.h>" if target == "include" else f"{quotes[0]}{target}/x.hpp{quotes[1]}"
    return "#pragma once\n#include " + header + "\n"


def one_file(path, line):
    return {path: line + "\n"}


CORRECT = {f"{room} -> {target}": {f"{room}/planted.cpp": line_to(target)} for room, target in arrows(RIGHT_ARROWS)}
CORRECT |= {f"{room} -> {room}": {f"{room}/planted.cpp": line_to(room)} for room in LAW if room != "include"}
CORRECT |= {
    "a folder within a room": one_file("atlas/problems/x.cpp", '#include "atlas/problems/x.hpp"'),
    "both parts of the checker in one program": one_file("checker/main.cpp", '#include "checker/bundle/bundle.hpp"'),
    "an outside library": one_file("instances/x.cpp", "#include <fmt/format.h>\n#include <vector>"),
    "a library in its place": one_file("codes/field.cpp", "#include <flint/fq_nmod.h>"),
    "a library in a test": one_file("tests/codes/x.cpp", "#include <flint/fq_nmod.h>"),
    "a line in a comment": one_file("support/x.cpp", '// #include "cli/x.hpp"'),
    "no C++": one_file("cmake/x.cmake", '#include "cli/x.hpp"'),
    "somebody else's header": one_file("tests/consumer/main.cpp", '#include "codes/field.hpp"\n#include <gapwright/codes/field.hpp>'),
}
FAULTS = {f"{room} -> {target}": {f"{room}/planted.cpp": line_to(target)} for room, target in arrows(WRONG_ARROWS)}
FAULTS |= {f"{room} -> <{target}>": {f"{room}/planted.hpp": line_to(target, "<>")} for room, target in arrows(WRONG_ARROWS)}
FAULTS |= {
    "blanks": one_file("verify/x.cpp", ' #  include  "codes/x.hpp"'),
    "the last line of many": one_file("verify/x.cpp", '#include <vector>\n#include "verify/x.hpp"\n\nint x;\n#include "codes/x.hpp"'),
    "from the folder of the file": one_file("verify/x.cpp", '#include "x.hpp"'),
    "over a folder above": one_file("verify/x.cpp", '#include "../codes/x.hpp"'),
    "over a folder above, later": one_file("verify/x.cpp", '#include "verify/../codes/x.hpp"'),
    "a macro": one_file("verify/x.cpp", "#include HEADER"),
    "explore as a whole": one_file("cli/x.cpp", '#include "explore/x.hpp"'),
    "a file of explore in no part": one_file("explore/x.cpp", "int x;"),
    "a new room without a law": one_file("extra/x.cpp", "int x;"),
    "installed headers in a room": one_file("cli/x.cpp", "#include <gapwright/codes/field.hpp>"),
    "the tree in a program that knows what is installed": one_file("tests/consumer/main.cpp", "#include <codes/field.hpp>"),
    "another file of the checker": one_file("checker/claim.cpp", '#include "checker/bundle/bundle.hpp"'),
    "FLINT away from its place": one_file("codes/tower.cpp", "#include <flint/fq_nmod.h>"),
    "FLINT in a face": one_file("python/codes.cpp", "#include <flint/nmod_poly.h>"),
    "Arb away from its place": one_file("verify/histogram.cpp", "#include <arb.h>"),
    "Arb of FLINT 3 away from its place": one_file("cli/x.cpp", "#include <flint/arb.h>"),
    "CryptoMiniSat away from its place": one_file("verify/x.cpp", "#include <cryptominisat5/cryptominisat.h>"),
    "CaDiCaL away from its place": one_file("verify/sat_oracle.cpp", "#include <cadical.hpp>"),
    "Boost away from its place": one_file("atlas/rules.cpp", "#include <boost/graph/graphviz.hpp>"),
    "MPFI in the library": one_file("verify/ball.cpp", "#include <mpfi.h>"),
    "Arb in the checker": one_file("checker/interval.hpp", "#include <arb.h>"),
    "Highway in the checker": one_file("checker/x.cpp", "#include <hwy/highway.h>"),
    "the program's formatter in the checker": one_file("checker/bundle/x.cpp", "#include <fmt/format.h>"),
}
if __name__ == "__main__":
    without = LAW.keys() - {room_of(path) for files in FAULTS.values() for path in files}
    if without:
        sys.exit(f"self-check: no wrong arrow is planted in {', '.join(sorted(without))}")
    run(find, CORRECT, FAULTS)
