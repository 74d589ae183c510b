#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A header's code lives in the file of its name: every .cpp has the header of its name beside it and includes it, but for programs, and for rows of
tables, which the table's header declares.

usage: own_headers.py ROOT"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "docs"))
from pages import run

ROOMS = re.compile(r"(support|instances|codes|reductions|attention|verify|atlas|explore|cli|python|checker|manual)/.*\.cpp$")
# Folders of tables and their rows: each is a file that defines what one of these declares.
ROWS = {
    "atlas": ["atlas/problem.hpp", "atlas/rule.hpp"],
    "atlas/problems": ["atlas/problems.cpp"],
    "atlas/rules": ["atlas/rules.cpp"],
    "codes": ["codes/families.hpp", "codes/families.cpp"],
    "explore/fuzz": ["explore/fuzz/rules.hpp", "explore/fuzz/rules.cpp"],
    "cli": ["cli/commands.hpp", "cli/gen.hpp", "cli/explore.hpp"],
    "python": ["python/instances.hpp"],
    "checker": ["checker/check.hpp"],
    "checker/bundle": ["checker/bundle/parts.hpp"],
    "manual": ["manual/tables.hpp"],
}
PROGRAM = re.compile(r"^(int main\(|PYBIND11_MODULE\()", re.M)
DECLARED = re.compile(r"^(?!using|//|#|return|namespace|static|typedef)[\w:<>,&* ]+[ &*](\w+)\([^{}]*?\);", re.M)


def defines(text, name):
    """At the beginning of a line, as functions of a namespace stand: with a body, and not only named."""
    return re.search(rf"^(?!using|//|#|return\b)[\w:<>,&* ]*[ &*]{name}\([^;{{}}]*\)[^;{{}}]*\{{", text, re.M) is not None


def is_row(files, path, text):
    headers = ROWS.get(os.path.dirname(path), [])
    return any(defines(text, name) for header in headers for name in DECLARED.findall(files.get(header, "")))


def fault_of(files, path, text):
    header = path[: -len(".cpp")] + ".hpp"
    if header in files:
        return None if f'#include "{header}"' in text else f"does not include {header}"
    if PROGRAM.search(text) or is_row(files, path, text):
        return None
    return f"has no {os.path.basename(header)}: what it defines is declared in the header of its name"


def find(files):
    faults = ((path, fault_of(files, path, text)) for path, text in files.items() if ROOMS.match(path))
    return [(path, 1, fault) for path, fault in faults if fault]


FAMILIES = {"codes/families.hpp": "#pragma once\nCodeFamily suzuki_family();\nstd::vector<int> numbers_of(\n    int a,\n    int b);\n"}
ROW = "CodeFamily suzuki_family() { return {}; }\n"
CORRECT = {
    "a file and its header": {"verify/x.hpp": "int x();\n", "verify/x.cpp": '#include "verify/x.hpp"\nint x() { return 1; }\n'},
    "a header alone": {"support/x.hpp": "inline int x() { return 1; }\n"},
    "a program": {"cli/main.cpp": "int main(int argc, char** argv) {\n}\n"},
    "the module": {"python/module.cpp": "PYBIND11_MODULE(_x, module) {\n}\n"},
    "a row": FAMILIES | {"codes/suzuki.cpp": '#include "codes/families.hpp"\n' + ROW},
    "a row of a long declaration": FAMILIES | {"codes/suzuki.cpp": "std::vector<int> numbers_of(int a,\n                            int b) {\n}\n"},
    "a row that its table declares": {"atlas/problems.cpp": "Problem cnf_problem();\nconst std::vector<Problem>& problems() {\n}\n",
                                      "atlas/problem.hpp": "const std::vector<Problem>& problems();\n",
                                      "atlas/problems/cnf.cpp": "Problem cnf_problem() {\n}\n"},
    "a test": {"tests/verify/x.cpp": "int x() { return 1; }\n"},
}
FAULTS = {
    "no header": {"verify/x.cpp": "int x() { return 1; }\n"},
    "a header in another room": {"verify/x.cpp": '#include "support/x.hpp"\nint x() { return 1; }\n', "support/x.hpp": "int x();\n"},
    "declared in another header": {"verify/x.cpp": '#include "verify/y.hpp"\nint x() { return 1; }\n', "verify/y.hpp": "int x();\n"},
    "the header is not included": {"verify/x.hpp": "int x();\n", "verify/x.cpp": "int x() { return 1; }\n"},
    "no row, in a folder of rows": FAMILIES | {"codes/multiply.cpp": '#include "codes/families.hpp"\nint product() { return 1; }\n'},
    "a row that is called and not defined": FAMILIES | {"codes/y.cpp": "int y() {\n  return suzuki_family();\n}\n"},
    "a row that is declared again": FAMILIES | {"codes/y.cpp": "CodeFamily suzuki_family();\nint y() { return 1; }\n"},
    "no row, in a folder of the atlas": {"atlas/problems.cpp": "int main() {\n}\nProblem cnf_problem();\n", "atlas/problems/x.cpp": "int x() { return 1; }\n"},
    "a row in another folder": FAMILIES | {"reductions/suzuki.cpp": ROW},
    "a part of explore": {"explore/trace/x.cpp": "int x() { return 1; }\n"},
    "a file of a program without main": {"manual/x.cpp": "int x() { return 1; }\n"},
}
if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
