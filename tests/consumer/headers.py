#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The installed headers are whole: each includes the standard library, the libraries of the package, and installed headers by
their names in gapwright/; and each compiles with what is installed alone, a few of them in one file.

usage: headers.py BUILD COMPILER"""
import os
import re
import subprocess
import sys
import tempfile

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]", re.M)
OF_THE_PACKAGE = re.compile(r"(gmp|gmpxx|mpfr|arb|arf|acb)\.h$|flint/|(stdint|sys/types)\.h$|[a-z_]+$")  # a name without a dot: of C++
MUST_BE_THERE = ("gapwright/challenge.h", "gapwright/codes/field.hpp", "gapwright/instances/files/dimacs.hpp", "gapwright/reductions/reduction.hpp",
                 "gapwright/explore/challenge/challenge.hpp", "gapwright/explore/fuzz/conformance.hpp")
MUST_NOT_BE_THERE = re.compile(r"kernel|-inl|\.cpp$|^gapwright/(cli|python|checker|manual|tests|bench|include)/")
COMPILED = 4  # files, each with every fourth header: neighbours, which include each other, stand apart


def fault_of(files, quote, header):
    if header in files:
        return None if header.startswith("gapwright/") else f"{header} lacks the prefix gapwright/"
    if quote == '"':
        return f"{header} is not installed; is it an inner header (cmake/install.cmake)?"
    if OF_THE_PACKAGE.match(header):
        return None
    return f"{header} is of a library that the package does not bring: this header must be an inner one (cmake/install.cmake)"


def find(files):
    """[(path, what is wrong)], of {path below include/: text}."""
    findings = [(path, "is not installed") for path in MUST_BE_THERE if path not in files]
    for path, text in files.items():
        if MUST_NOT_BE_THERE.search(path):
            findings.append((path, "is an inner file, and installed"))
        faults = [fault_of(files, *match.groups()) for match in INCLUDE.finditer(text)]
        findings += [(path, fault) for fault in faults if fault]
    return findings


def flags_of_package(prefix):
    folder = next(folder for folder, _, names in os.walk(prefix) if "gapwright.pc" in names)
    found = subprocess.run(["pkg-config", "--cflags", "gapwright"], env=os.environ | {"PKG_CONFIG_PATH": folder}, check=True, capture_output=True, text=True)
    return found.stdout.split()


def compile_error(compiler, flags, headers):
    """What the compiler says of a file that includes these; empty when it compiles."""
    source = "".join(f"#include <{header}>\n" for header in headers)
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *flags, "-x", "c++", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True).stderr


def write(include, files):
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(include, path)), exist_ok=True)
        with open(os.path.join(include, path), "w", encoding="utf-8") as file:
            file.write(text)


def read(include):
    files = {}
    for folder, _, names in os.walk(include):
        for name in names:
            path = os.path.join(folder, name)
            files[os.path.relpath(path, include)] = open(path, encoding="utf-8").read()
    return files


BASE = dict.fromkeys(MUST_BE_THERE, "#pragma once\n")


def with_line(line):
    return BASE | {"gapwright/verify/x.hpp": f"#pragma once\n#include <vector>\n{line}\n"}


CORRECT = {
    "an installed header": with_line('#include "gapwright/codes/field.hpp"'),
    "in angles": with_line("#include <gapwright/codes/field.hpp>"),
    "libraries of the package": with_line("#include <gmpxx.h>\n#include <flint/arb.h>"),
    "a comment": with_line('// #include "codes/field.hpp"'),
}
FAULTS = {
    "without the prefix": with_line('#include "codes/field.hpp"'),
    "the prefix of a part": with_line(' # include "verify/x.hpp"'),
    "without the prefix, and installed so": with_line('#include "codes/field.hpp"') | {"codes/field.hpp": ""},
    "an inner header": with_line('#include "gapwright/verify/scoring_inner.hpp"'),
    "another library": with_line("#include <nlohmann/json.hpp>"),
    "another library in quotes": with_line('#include "hwy/highway.h"'),
    "a public header that is missing": {path: text for path, text in BASE.items() if "conformance" not in path},
    "a kernel": BASE | {"gapwright/verify/scoring_kernels.hpp": ""},
    "a room of the programs": BASE | {"gapwright/cli/paths.hpp": ""},
    "the C interface twice": BASE | {"gapwright/include/gapwright/challenge.h": ""},
}
NEEDS_MORE = {"gapwright/a.hpp": "#pragma once\ninline std::vector<int> a() { return {}; }\n"}
WHOLE = {"gapwright/a.hpp": "#pragma once\n#include <vector>\ninline std::vector<int> a() { return {}; }\n", "gapwright/b.hpp": '#pragma once\n#include "gapwright/a.hpp"\n'}


def try_on_faults(compiler):
    for name, files in CORRECT.items():
        if find(files):
            sys.exit(f"self-check: {name} is correct, but: {find(files)}")
    for name, files in FAULTS.items():
        if not find(files):
            sys.exit(f"self-check: the planted fault '{name}' was not found")
    for files, compiles in ((NEEDS_MORE, False), (WHOLE, True)):
        with tempfile.TemporaryDirectory() as include:
            write(include, files)
            if (compile_error(compiler, [f"-I{include}"], sorted(files)) == "") != compiles:
                sys.exit(f"self-check: {files} is {'whole' if compiles else 'not whole'}")


def main(build, compiler):
    try_on_faults(compiler)
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run(["cmake", "--install", build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        include = os.path.join(prefix, "include")
        files = read(include)
        findings = find(files)
        headers, flags = sorted(files), flags_of_package(prefix)
        for first in range(COMPILED):
            error = compile_error(compiler, flags, headers[first::COMPILED])
            findings += [("include", error)] if error else []
    for path, fault in findings:
        print(f"{path}: {fault}")
    print(f"{len(FAULTS) + 1} planted faults found, {len(files)} headers installed, {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
