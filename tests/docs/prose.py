#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The form of the pages in docs/: one sentence on each source line, paragraphs of fewer than 120 words, a first paragraph that speaks to the reader.

Headings, tables, code blocks, displayed formulas and entries of docs/references.md are exempt. A code span and a formula count as one word. A list item is a paragraph.

usage: prose.py ROOT [PAGE...]"""
import re
import sys

from pages import run, try_on_faults, without_fences

LONGEST = 120
ABBREVIATIONS = {"e.g", "i.e", "etc", "cf", "vs", "resp", "al", "Fig", "Sec", "No", "St", "Dr", "p", "pp", "vol", "ed"}
END = re.compile(r"([.!?])[)\"'*_\]]*(?=\s+\S)")
ENDED = re.compile(r"[.!?][)\"'*_\]]*$|\[\]$|∎$|□$")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
EXEMPT = re.compile(r"^\s*(\||#{1,6}\s|<|!\[|\[[^\]]+\]:|- \*\*\[\w+\]\*\* )")  # the last: an entry of docs/references.md


def masked(line):
    """The line with every code span, formula and link target as one word without a full stop."""
    line = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "code", line)
    line = re.sub(r"\$\$?[^$]*\$?\$", "formula", line)
    return re.sub(r"\]\([^)\s]*\)", "]", line)


def is_inside(line, match):
    """A full stop that ends no sentence: of an abbreviation, an initial, an ellipsis, or a list number."""
    if line[max(0, match.start() - 1):match.start()] == "." or line[match.start() + 1:match.start() + 2] == ".":
        return True
    word = re.search(r"([\w.]+)$", line[:match.start()])
    word = word.group(1) if word else ""
    return match.group(1) == "." and (word in ABBREVIATIONS or re.fullmatch(r"[A-Z]|\d+", word) is not None and match.start() <= len(word) + 6)


def sentences(line):
    """How many sentences a line holds that are followed by something."""
    text = masked(line)
    text = re.sub(r"\s*(\[\]|∎|□)$", "", ITEM.sub("", text))  # the end of a proof
    text = re.sub(r"^\*\*[^*]+[.!?]\*\*\s+|^\*[^*]+[.!?]\*\s+", "", text)  # "**Theorem R1.** A." is one
    return 1 + sum(not is_inside(text, match) for match in END.finditer(text))


def paragraphs(text):
    """[(first line, [lines])] of everything that is prose."""
    text = re.sub(r"^\s*\$\$.*?\$\$\s*$", lambda m: re.sub(r"[^\n]+", "|", m.group(0)), without_fences(text), flags=re.M | re.S)
    result, current = [], None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or EXEMPT.match(line):
            current = None
        elif current is None or ITEM.match(line):
            current = (number, [line])
            result.append(current)
        else:
            current[1].append(line)
    return result


def faults_of_paragraph(number, lines):
    words = sum(len(masked(line).split()) for line in lines)
    if words >= LONGEST:
        yield number, f"a paragraph of {words} words"
    for offset, line in enumerate(lines):
        if sentences(line) > 1:
            yield number + offset, "two sentences on one line"
        last, text = offset == len(lines) - 1, masked(line).rstrip()
        if not ENDED.search(text) and not (last and (text.endswith(":") or ITEM.match(lines[0]))):
            yield number + offset, "a line that ends within a sentence"


def find(files, pages=()):
    findings = []
    for path, text in files.items():
        if not re.fullmatch(r"docs/[^/]+\.md", path) or pages and path not in pages:
            continue
        prose = paragraphs(text)
        if not prose or not re.search(r"\b[Yy]ou(r|rs)?\b", " ".join(prose[0][1])):
            findings.append((path, 1, "the first paragraph does not say what the reader can do"))
        for number, lines in prose:
            findings += [(path, line, fault) for line, fault in faults_of_paragraph(number, lines)]
    return findings


TOP = "# A\n\nAfter this page you can do it.\n\n"
CORRECT = {
    "ordinary prose": {"docs/a.md": TOP + "One sentence, e.g. this one, with `a. b. C` and $x. Y$.\nAnother one!\n\n- an item\n- Two.\n  Lines.\n\n1. First.\n"},
    "what is exempt": {"docs/a.md": TOP + "## 1. A heading. With two\n\n| a. B | c |\n|---|---|\n| D. E | f |\n\n```sh\necho a. B\n```\n\n$$\na. B\n$$\n"},
    "theorem and proof": {"docs/a.md": TOP + "**Theorem R1 (a name).** It holds for every $k$.\n*Proof.* By x_1 ... x_k and [Wil05].\nSo it is. []\n"},
    "before a list": {"docs/a.md": TOP + "There are two:\n\n- a\n- b\n"},
    "an entry of the references": {"docs/a.md": TOP + '- **[Abc05]** A. Bc and D. Ef, "Is it? So it is", Journal 1. 2005\n'},
    "a page elsewhere": {"README.md": "A. B. C"},
    "119 words": {"docs/a.md": TOP + " ".join(["word"] * 119) + ".\n"},
}
FAULTS = {
    "two sentences": {"docs/a.md": TOP + "One. Two.\n"},
    "two sentences, the second in code": {"docs/a.md": TOP + "One. `two` is code.\n"},
    "two sentences, the first in brackets": {"docs/a.md": TOP + "(One.) Two.\n"},
    "two sentences, the second in lower case": {"docs/a.md": TOP + "One word. k is the order.\n"},
    "two sentences in an item": {"docs/a.md": TOP + "- One. Two.\n"},
    "a question and an answer": {"docs/a.md": TOP + "Why? Because.\n"},
    "a sentence over two lines": {"docs/a.md": TOP + "One sentence\nover two lines.\n"},
    "an item over two lines": {"docs/a.md": TOP + "- one sentence\n  over two lines\n"},
    "a paragraph that does not end": {"docs/a.md": TOP + "One sentence\n"},
    "120 words": {"docs/a.md": TOP + " ".join(["word"] * 120) + ".\n"},
    "120 words on many lines": {"docs/a.md": TOP + "Three short words.\n" * 40},
    "no word to the reader": {"docs/a.md": "# A\n\nThis page defines things.\n"},
}
if __name__ == "__main__":
    try_on_faults(find, CORRECT, FAULTS)
    chosen = sys.argv[2:]
    run(lambda files: find(files, chosen), {}, {name: files for name, files in FAULTS.items() if not chosen})
