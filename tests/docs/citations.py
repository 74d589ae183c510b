#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every key such as [Wil05] in a comment, a string or a page stands once in docs/references.md, with an author, a title and a year; and every key
there is used somewhere.

usage: citations.py ROOT"""
import re

from pages import line_of, run

REFERENCES = "docs/references.md"
KEY = r"[A-Z][A-Za-z]{0,6}\d\d[a-z]?"
BRACKET = re.compile(r"(?<![\w\])])\[(" + KEY + r"(?:[,;][^\[\]\n]*|(?: [^\[\]\n]*)?)?)\]")
ENTRY = re.compile(r"^- \*\*\[(" + KEY + r")\]\*\*(.*)$", re.M)


def keys_of(text):
    """(position, key) of every citation: [AS24], [AS24, Rub18], [LSSZ24; AS24b for k = 2], [Hoe63, Theorem 1]."""
    for match in BRACKET.finditer(text):
        for part in re.split(r"[,;]", match.group(1)):
            key = re.match(r"\s*(" + KEY + r")\b", part)
            if key:
                yield match.start(), key.group(1)


def entries_of(text):
    return [(line_of(text, match.start()), match.group(1), match.group(2)) for match in ENTRY.finditer(text)]


def faults_of_entries(entries):
    seen = set()
    for line, key, text in entries:
        if key in seen:
            yield REFERENCES, line, f"[{key}] stands here twice"
        if not re.search(r"\b(18|19|20)\d\d\b", text) or '"' not in text:
            yield REFERENCES, line, f"[{key}] lacks a title in quotation marks or a year"
        seen.add(key)


def find(files):
    entries = entries_of(files.get(REFERENCES, ""))
    known, used = {key for _, key, _ in entries}, set()
    findings = list(faults_of_entries(entries))
    for path, text in files.items():
        if path == REFERENCES:
            continue
        for position, key in keys_of(text):
            used.add(key)
            if key not in known:
                findings.append((path, line_of(text, position), f"[{key}] does not stand in {REFERENCES}"))
    findings += [(REFERENCES, line, f"[{key}] is cited nowhere") for line, key, _ in entries if key not in used]
    return findings


LIST = '# References\n\n- **[Abc05]** A. Bc, "Title", Journal 1, 2005.\n- **[XY24b]** X. Y, "Other", 2024, arXiv 1.\n'
CORRECT = {
    "keys alone, together and with a place": {REFERENCES: LIST, "a.cpp": "// [Abc05] and [Abc05, XY24b] and [XY24b; Abc05 for k = 2] [Abc05, Theorem 1]\n"},
    "brackets that cite nothing": {REFERENCES: LIST, "a.cpp": "// [Abc05, XY24b]\nx[P64] = f(a)[K16]; int y[3]; // [0, 1] [H] [A, B]\n"},
}
FAULTS = {
    "a key that is not in the list": {REFERENCES: LIST, "a.cpp": "// [Abc05] [XY24b] [Zz99]\n"},
    "a second key that is not in the list": {REFERENCES: LIST, "a.md": "[Abc05] [XY24b, Zz99]\n"},
    "a key after a semicolon": {REFERENCES: LIST, "a.md": "[XY24b] [Abc05; Zz99 for k = 2]\n"},
    "a key that nothing cites": {REFERENCES: LIST, "a.cpp": "// [Abc05]\n"},
    "a key twice": {REFERENCES: LIST + '- **[Abc05]** A, "B", 2005.\n', "a.cpp": "// [Abc05, XY24b]\n"},
    "an entry without a year": {REFERENCES: '- **[Abc05]** A, "B", Journal.\n', "a.cpp": "// [Abc05]\n"},
    "an entry without a title": {REFERENCES: "- **[Abc05]** A, Journal 2005.\n", "a.cpp": "// [Abc05]\n"},
    "no list at all": {"a.cpp": "// [Abc05]\n"},
}
if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
