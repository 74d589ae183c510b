#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Formulas in $...$ and $$...$$ are written so that Markdown hands them on unchanged: GitHub shows anything else as text, or as another formula.

Before it looks at the pages the test finds the faults that are planted in it, and finds nothing in what is correct.

usage: formulas.py ROOT"""
import glob
import os
import re
import sys

INSIDE = [
    (r"^\s|\s$", "a blank inside the dollar sign"),
    (r"[})\]|'_]_", "an underscore behind punctuation, which begins emphasis: set the index before the exponent, or leave the braces away"),
    (r"\\[^A-Za-z]", "a backslash before a sign, which Markdown takes away: \\lbrace for \\{, no \\, and no line break"),
    (r"\*", "an asterisk, which begins emphasis: \\cdot or \\ast"),
    (r"<[A-Za-z/!]", "a < before a letter, which begins a tag: leave a blank, or \\lt"),
    (r"\]\(", "](, which makes a link"),
    (r"%", "a %, which begins a comment"),
]


def blank(match):
    return re.sub(r"[^\n]", "x", match.group(0))


def prose_of(page):
    """The page with as many x in the place of its code, blocks and spans."""
    page = re.sub(r"^ *(```|~~~).*?^ *\1[^\n]*$", blank, page, flags=re.M | re.S)
    return re.sub(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", blank, page)


def unbalanced(formula):
    braces = re.sub(r"\\[{}]", "", formula)
    return braces.count("{") != braces.count("}") or len(re.findall(r"\\left\b", formula)) != len(re.findall(r"\\right\b", formula))


def faults_inside(formula):
    yield from (message for pattern, message in INSIDE if re.search(pattern, formula))
    if unbalanced(formula):
        yield "braces, or \\left and \\right, that do not match"


def faults_of_blocks(text):
    """[(position, message)] of $$...$$, which stands in a paragraph of its own."""
    for match in re.finditer(r"\$\$(.*?)\$\$", text, re.S):
        before, after = text[:match.start()], text[match.end():]
        alone = re.search(r"(^|\n[ \t]*\n)$", before) and re.match(r"[ \t]*(\n[ \t]*(\n|$)|$)", after)
        if not alone:
            yield match.start(), "a displayed formula that is no paragraph of its own"
        if re.search(r"\n[ \t]*([-+=#>]|\d+[.)]|\n)", match.group(1)):
            yield match.start(), "a line of a displayed formula that begins like a list, a heading or a paragraph"
        for message in faults_inside(match.group(1).strip()):
            yield match.start(), message


def faults_of_line(line):
    """Messages about the $...$ of a line."""
    parts = line.split("$")
    if len(parts) % 2 == 0:
        yield "a dollar sign without a partner on its line"
        return
    for before, formula, after in zip(parts[0::2], parts[1::2], parts[2::2]):
        if before and not re.search(r"[\s(\[\"|]$", before):
            yield f"${formula}$ begins right behind a letter or sign"
        if after and not re.match(r"[\s.,;:)\]?!'\"|]", after):
            yield f"${formula}$ ends right before a letter or sign"
        if line.lstrip().startswith("#"):
            yield "a formula in a heading: no link would reach it"
        for message in faults_inside(formula):
            yield f"${formula}$: {message}"


def find(page):
    """[(line, message)]."""
    text = prose_of(page)
    found = [(text.count("\n", 0, position) + 1, message) for position, message in faults_of_blocks(text)]
    rest = re.sub(r"\$\$.*?\$\$", blank, text, flags=re.S)
    return found + [(number, message) for number, line in enumerate(rest.split("\n"), 1) for message in faults_of_line(line)]


CORRECT = [
    "Let $x_1$ and ($y$): $a < b$, $e^{-\\gamma t}$.\n\n$$\\sum_u x_u = 0.$$\n\nThen `$x_` and\n\n```sh\necho $HOME_*\n```\n",
    "| $k$ | $\\lbrace 0, 1 \\rbrace^M$ |\n\nA [link $x$](page.md#a_b) and \"$x$\".\n\n$$\n\\frac{a}{b}\n$$\n",
]
FAULTS = [
    "one $ alone\n", "$ x$\n", "$k$-th\n", "the$x$\n", "$x$y\n", "$x^{a}_b$\n", "$\\hat{o}_i$\n", "$\\{x\\}$\n", "$a \\, b$\n", "$a * b$\n", "$a<b$\n",
    "$W[\\tau](x)$\n", "$5%$\n", "# The $x$\n", "$\\frac{a}{b$\n", "$\\left( x$\n", "text\n$$x$$\n", "$$x$$\ntext\n", "$$a\n+ b$$\n", "a\n\n$$\\{$$\n",
]


def main(root):
    for page in CORRECT:
        if find(page):
            sys.exit(f"self-check: {page!r} is correct, but: {find(page)}")
    for page in FAULTS:
        if not find(page):
            sys.exit(f"self-check: the planted fault {page!r} was not found")
    pages = sorted(glob.glob(os.path.join(root, "docs", "*.md")) + glob.glob(os.path.join(root, "*.md")))
    findings = [f"{os.path.relpath(p, root)}:{n}: {message}" for p in pages for n, message in find(open(p, encoding="utf-8").read())]
    print("\n".join(findings + [f"{len(FAULTS)} planted faults found, {len(findings)} findings in {len(pages)} pages"]))
    sys.exit(1 if findings or not pages else 0)


if __name__ == "__main__":
    main(sys.argv[1])
