# SPDX-License-Identifier: MIT
"""What the tests of the pages share: which files there are, and Markdown without its code.

Every test is a function that takes files ({path from the root: text}) and returns findings ([(path, line, message)]). So a test is tried on planted
faults, which it must find, and on correct variants, in which it must find nothing, before it looks at the repository."""
import os
import re
import sys

SOURCES = (".cpp", ".hpp", ".h", ".py", ".sh", ".txt", ".cmake", ".cff", ".pyi", ".in", ".md")
WITHOUT = {"build", "dist", "__pycache__", "node_modules"}  # folders of results
CASES = re.compile(r"^tests/(data|regressions|mutants|docs/\w+\.py$|readme/faults\.py$)")  # they are there, and what they say is no comment of ours


def is_ours(folder, name):
    path = os.path.join(folder, name)
    return not name.startswith(".") and name not in WITHOUT and not os.path.exists(os.path.join(path, "pyvenv.cfg"))


def read_repository(root):
    """Texts of all pages and sources, by path from the root; of every other file the path alone."""
    files = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if is_ours(folder, name)]
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root)
            is_text = (name.endswith(SOURCES) or name == "dev") and not CASES.match(path)
            files[path] = open(os.path.join(root, path), encoding="utf-8").read() if is_text else ""
    return files


def pages_of(files):
    return {path: text for path, text in files.items() if path.endswith(".md")}


def blank(match):
    """The same number of lines and characters, and nothing in them."""
    return re.sub(r"[^\n]", " ", match.group(0))


def without_fences(text):
    return re.sub(r"^ *(```|~~~).*?^ *\1[^\n]*$", blank, text, flags=re.M | re.S)


def without_code(text):
    """Fenced blocks and code spans blanked, so that columns and line numbers stay."""
    return re.sub(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", blank, without_fences(text))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def try_on_faults(find, correct, faults):
    """Ends the test when `find` misses a planted fault or objects to something correct."""
    for name, files in correct.items():
        if find(files):
            sys.exit(f"self-check: {name} is correct, but: {find(files)}")
    for name, files in faults.items():
        if not find(files):
            sys.exit(f"self-check: the planted fault '{name}' was not found")


def run(find, correct, faults):
    """usage: TEST.py ROOT. Prints every finding; exit status 1 when there is one."""
    try_on_faults(find, correct, faults)
    findings = find(read_repository(sys.argv[1]))
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    print(f"{len(faults)} planted faults found, {len(findings)} findings in the repository")
    sys.exit(1 if findings else 0)
