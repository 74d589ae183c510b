#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No formula of a size, a threshold or an error stands in atlas/: it joins what the rooms below compute. Found are products, quotients, powers, shifts,
roots, logarithms and exponentials, and sums of products, outside strings and comments.

usage: atlas_joins_only.py ROOT"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs"))
from pages import line_of, run  # noqa: E402

QUIET = re.compile(r"//[^\n]*|/\*.*?\*/|R\"\(.*?\)\"|\"(?:[^\"\\\n]|\\.)*\"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'|#include[^\n]*", re.S)
FORMULA = re.compile(
    r"[\w\])] (?:\*|/|%) [\w(]"                          # a * b, and not `const T* p`
    r"|(?:\*|/|%|<<|>>)= "
    r"|\b\d+U? << "                                      # a shift
    r"|\b(?:pow|power|exp2?|expm1|log2?|log1p|sqrt|cbrt|ldexp|mpz_ui_pow_ui|root_rounded_up)\(")
ALLOWED = {"atlas/graph.cpp"}  # which draws: widths of boxes in points


def find(files):
    findings = []
    for path, text in files.items():
        if not path.startswith("atlas/") or not path.endswith((".cpp", ".hpp")) or path in ALLOWED:
            continue
        code = QUIET.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)
        for match in FORMULA.finditer(code):
            findings.append((path, line_of(code, match.start()), "a formula: " + code.split("\n")[line_of(code, match.start()) - 1].strip()))
    return findings


FAULTS = {
    "a product": {"atlas/a.cpp": "mpz_class f() { return rows * columns; }\n"},
    "of calls": {"atlas/a.cpp": "auto b = size_of(x) * 8;\n"},
    "a quotient": {"atlas/problems/a.cpp": "bytes = bits / 8;\n"},
    "a remainder": {"atlas/a.hpp": "inline int f(int a) { return a % 2; }\n"},
    "a power": {"atlas/rules/a.cpp": "dimension = power(2, k);\n"},
    "a shift": {"atlas/a.cpp": "const auto n = 1 << k;\n"},
    "a logarithm": {"atlas/a.cpp": "gamma = std::log(n);\n"},
    "a root": {"atlas/a.cpp": "x = std::sqrt(y);\n"},
    "in place": {"atlas/a.cpp": "bytes *= rows;\n"},
    "behind a comment": {"atlas/a.cpp": "/* why */ auto t = a[i] * b;\n"},
}
CORRECT = {
    "pointers": {"atlas/a.cpp": "const Problem* row = find(x);\nconst auto& y = *row;\nreturn *static_cast<const T*>(p);\n"},
    "words": {"atlas/a.cpp": 'text = "d\' = 2 * d, n / 2, log n";  // n * m\n'},
    "streams": {"atlas/a.cpp": 'out << "a" << name << number;\n'},
    "sums and comparisons": {"atlas/a.cpp": "index + 1 < count;\n"},
    "elsewhere": {"reductions/a.cpp": "bytes = bits / 8;\n"},
    "functions of the rooms": {"atlas/a.cpp": "check_memory(limits, what, decision_bytes(x));\n"},
}

if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
