#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every link of every page leads to a file, and every #anchor to a heading, as GitHub makes anchors; every docs/x.md that a comment or a page names
exists, and has the section that is named with it.

usage: links.py ROOT"""
import os
import re
from urllib.parse import unquote

from pages import line_of, pages_of, run, without_code, without_fences

LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\))?)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*(\S+)", re.M)
ATTRIBUTE = re.compile(r"<(?:a|img)\s[^>]*?(?:href|src)=\"([^\"]+)\"")
NAMED_PAGE = re.compile(r"\bdocs/([A-Za-z0-9_]+\.md)\b")
SECTION = re.compile(r"\bdocs/([a-z_]+\.md)(?:,|\))? (?:sections? )?(\d+)(?:(?: and | to |, )(\d+))?(?![\d.:]|\s*=)")


def slug(heading):
    """GitHub's anchor of a heading: the text without markup and punctuation, lower case, blanks as hyphens."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return text.replace(" ", "-")


def anchors(text):
    seen, result = {}, set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", text))
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", without_fences(text), flags=re.M):
        name = slug(heading)
        result.add(name if name not in seen else f"{name}-{seen[name]}")
        seen[name] = seen.get(name, 0) + 1
    return result


def is_there(files, path):
    return path in files or path in ("", ".") or any(other.startswith(path.rstrip("/") + "/") for other in files)


def fault_of(files, page, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None  # elsewhere: not opened
    path, _, anchor = unquote(target).partition("#")
    goal = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    if not is_there(files, goal):
        return f"no file {goal} for the link {target}"
    if anchor and goal.endswith(".md") and anchor not in anchors(files[goal]):
        return f"no heading in {goal} for the link {target}"
    return None


def links_of(text):
    for pattern, body in ((LINK, without_code(text)), (DEFINITION, without_code(text)), (ATTRIBUTE, without_fences(text))):
        for match in pattern.finditer(body):
            yield line_of(text, match.start()), match.group(1)


def named_sections(path, text):
    for match in SECTION.finditer(text):
        for number in match.group(2, 3):
            if number:
                yield line_of(text, match.start()), "docs/" + match.group(1), number


def find(files):
    findings = []
    for page, text in pages_of(files).items():
        faults = [(line, fault_of(files, page, target)) for line, target in links_of(text)]
        findings += [(page, line, fault) for line, fault in faults if fault]
    for path, text in files.items():
        for match in NAMED_PAGE.finditer(text):
            if "docs/" + match.group(1) not in files:
                findings.append((path, line_of(text, match.start()), f"there is no {match.group(0)}"))
        for line, page, number in named_sections(path, text):
            if page in files and not re.search(rf"^##+ {number}\.", files[page], flags=re.M):
                findings.append((path, line, f"{page} has no section {number}"))
    return findings


PAGE = "# A page\n\n## Two words, `code` & more\n\n## Twice\n\n## Twice\n\n## 3. Third\n"
CORRECT = {
    "links of all kinds": {"README.md": "[a](docs/a.md) ![p](docs/p.svg) [b](docs/a.md#two-words-code--more) [c](docs) [d](https://x.y/z#q)\n"
                                        "[e](docs/a.md#twice-1) `[f](none)` [`g`](docs/a.md#3-third)\n\n```\n[g](none)\n```\n",
                           "docs/a.md": PAGE + "[up](../README.md) [here](#twice)\n", "docs/p.svg": "", "x.cpp": "// docs/a.md, section 3\n"},
    "a heading in a code block is none": {"docs/a.md": PAGE + "```\n# no heading\n```\n"},
}
FAULTS = {
    "a file that is not there": {"README.md": "[a](docs/b.md)", "docs/a.md": PAGE},
    "a picture that is not there": {"README.md": "![a](docs/b.svg)"},
    "an anchor that is not there": {"README.md": "[a](docs/a.md#two-words)", "docs/a.md": PAGE},
    "an anchor of the same page that is not there": {"docs/a.md": PAGE + "[a](#four)"},
    "an anchor inside a code block": {"docs/a.md": "```\n# no heading\n```\n[a](#no-heading)"},
    "a link from the wrong folder": {"docs/a.md": "[a](docs/a.md)"},
    "a definition that leads nowhere": {"docs/a.md": "[x]: none.md\n"},
    "an attribute that leads nowhere": {"docs/a.md": '<img src="none.svg">'},
    "a page named in a comment": {"x.cpp": "// see docs/none.md\n"},
    "a section named in a comment": {"x.cpp": "// docs/a.md, sections 3 to 4\n", "docs/a.md": PAGE},
}
if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
