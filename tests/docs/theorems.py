#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every theorem that a comment, a string or a page names by number exists: "Theorem R4" is stated on a page, under the
heading "### Theorem R4 (its name)" or behind **Theorem R4**.

One numbering runs over all pages: R in docs/reductions.md, C in docs/codes.md, A in docs/attention.md, E on the other pages. A number without its letter is
nobody's, unless it is another author's: [Hoe63, Theorem 1], or with a dot: Theorem 4.5.

usage: theorems.py ROOT"""
import re

from pages import line_of, run

HOME = {"R": "docs/reductions.md", "C": "docs/codes.md", "A": "docs/attention.md"}
BREAK = r"(?:[ \t]|\n[ \t]*(?:///?<?|#|\*)?[ \t]*)+"  # a blank, or the end of a line of a comment and the beginning of the next
NUMBER = r"(?:[RCAE]?\d+[a-z]{0,2}\b(?![.]\d))"
KIND = r"(Theorem|Lemma|Proposition|Corollary)"
STATED = re.compile(r"^(?:#{2,6} |\*\*)" + KIND + r" ([RCAE]\d+[a-z]{0,2})\b", re.M)
NAMED = re.compile(r"\b(Theorem|Lemma|Proposition|Corollary|Theorems|Lemmas|Lemmata|Propositions|Corollaries)" + BREAK +
                   r"(" + NUMBER + r"(?:(?:, | and | or | to |, and )" + NUMBER + r")*)")
ANOTHER_AUTHOR = re.compile(r"\[[A-Z][A-Za-z]{0,6}\d\d[a-z]?\]?,? ?$")
SINGULAR = {"Theorems": "Theorem", "Lemmas": "Lemma", "Lemmata": "Lemma", "Propositions": "Proposition", "Corollaries": "Corollary"}
ON_PAGE = re.compile(r"\b([a-z_]+\.md)[\])]*(?:\([^)]*\))?,?" + BREAK + r"$")
OF_PAGE = re.compile(BREAK + r"of" + BREAK + r"(?:\[)?(?:docs/)?([a-z_]+\.md)")


def statements(files):
    """Every statement: number -> [(page, line, kind)]."""
    stated = {}
    for path, text in files.items():
        if path.startswith("docs/") and path.endswith(".md"):
            for match in STATED.finditer(text):
                stated.setdefault(match.group(2), []).append((path, line_of(text, match.start()), match.group(1)))
    return stated


def faults_of_statements(stated):
    for number, places in stated.items():
        page, line, _ = places[0]
        home = HOME.get(number[0])
        if (page != home) if home else page in HOME.values():
            yield page, line, f"{number} does not belong on this page"
        for again in places[1:]:
            yield again[0], again[1], f"{number} is stated twice, before in {page}"


def page_named_with(text, match):
    """The page that stands before ("docs/x.md, Theorem R1") or after ("Theorem R1 of x.md") a number, or None."""
    before, after = ON_PAGE.search(text[max(0, match.start() - 80):match.start()]), OF_PAGE.match(text[match.end():match.end() + 60])
    name = before.group(1) if before else after.group(1) if after else None
    return name and "docs/" + name


def fault_of(stated, kind, number, page):
    if not number[0].isalpha():
        return f"{kind} {number} has no letter: R, C, A or E"
    if number not in stated:
        return f"{kind} {number} is stated nowhere"
    if stated[number][0][2] != kind:
        return f"{number} is a {stated[number][0][2]}, not a {kind}"
    if page and stated[number][0][0] != page:
        return f"{number} is stated in {stated[number][0][0]}, not in {page}"
    return None


def find(files):
    stated = statements(files)
    findings = list(faults_of_statements(stated))
    for path, text in files.items():
        for match in NAMED.finditer(text):
            if ANOTHER_AUTHOR.search(text[max(0, match.start() - 20):match.start()]):
                continue
            kind = SINGULAR.get(match.group(1), match.group(1))
            faults = [fault_of(stated, kind, number, page_named_with(text, match)) for number in re.findall(NUMBER, match.group(2))]
            findings += [(path, line_of(text, match.start()), fault) for fault in faults if fault]
    return findings


R, E = "docs/reductions.md", "docs/explore.md"
PAGE = "### Theorem R1 (name)\n\nA.\n\n**Lemma R2 (name).** B, by Theorem R1.\n"
CORRECT = {
    "named in every way": {R: PAGE, E: "**Theorem E1.** C.\n", "a.cpp": "// Theorem R1, Theorems R1 and E1 (docs/reductions.md, Lemma R2); Theorem R1 of\n// docs/reductions.md\n",
                           "b.hpp": "/// docs/reductions.md, Theorem\n/// R1\n"},
    "theorems of others": {"a.cpp": "// [Hoe63, Theorem 1], [Hoe63], Theorem 2, Theorem 4.5\n"},
    "words that are no number": {"a.cpp": "// Theorem (docs/x.md): ... the theorem 2 lines below\n"},
}
FAULTS = {
    "stated nowhere": {R: PAGE, "a.cpp": "// Theorem R3\n"},
    "the second of two": {R: PAGE, "a.cpp": "// Theorems R1 and R3\n"},
    "over the end of a line": {R: PAGE, "a.hpp": "/// Theorem\n/// R3\n"},
    "without a letter": {R: PAGE, "a.cpp": "// Theorem 1\n"},
    "a lemma that is called a theorem": {R: PAGE, "a.cpp": "// Theorem R2\n"},
    "stated twice": {R: PAGE + "\n### Theorem R1\n"},
    "on a page of another letter": {R: PAGE + "\n**Theorem E1.** Here.\n"},
    "a letter away from its page": {E: "**Theorem R1.** Here.\n"},
    "named with another page": {R: PAGE, E: "**Theorem E1.** C.\n", "a.cpp": "// docs/explore.md, Theorem R1\n"},
    "of another page": {R: PAGE, E: "**Theorem E1.** C.\n", "a.cpp": "// Theorem R1 of docs/explore.md\n"},
    "in a string": {R: PAGE, "a.cpp": 'f("those of Theorem R11");\n'},
}
if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
