#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The test of tests/readme/pages.py: pages with one named fault each, which it must report, and true variants, which it must pass.

usage: faults.py REPOSITORY PAGE...   (PAGE: its shown digits are changed one by one)
"""

import contextlib
import io
import pathlib
import sys
import tempfile

import pages

TRUE_PAGE = """# A page

```sh
# a remark
printf 'n = 12\\n' > file
./dev something that is not run
```

<!-- exit codes: 0, 3, 0 -->
```console
$ cat file; printf 'took 0.25 s\\n'
n = 12
took 0.25 s

$ echo refused; (exit 3)
refused
$ printf '%s\\n' \\
    one two three four five
one
...
four
five
```

<!-- exit codes: 10 -->
```sh
exit 10
```

<!-- not run: it would end badly -->
```sh
exit 1
```

![a picture](kept/picture.svg)

```sh
echo drawn > picture.svg
```

![data](kept/data.svg)

```sh
echo gnuplot > data.svg; echo 8 0.1234567 > data.dat
```
"""

FAULTS = {  # name: (text of the true page, what it becomes)
    "a digit changed": ("n = 12\ntook", "n = 13\ntook"),
    "a word changed": ("\nrefused\n$", "\naccepted\n$"),
    "a line left out": ("n = 12\ntook 0.25 s\n", "took 0.25 s\n"),
    "a line too many": ("\nrefused\n$", "\nrefused\nagain\n$"),
    "the order changed": ("n = 12\ntook 0.25 s\n", "took 0.25 s\nn = 12\n"),
    "nothing shown": ("\nrefused\n$", "\n$"),
    "a line before the cut changed": ("\none\n...", "\n1\n..."),
    "a line after the cut changed": ("four\nfive\n", "four\n5\n"),
    "a line after the cut left out": ("four\nfive\n", "four\n"),
    "a cut that stands for nothing": ("\n...\nfour", "\ntwo\nthree\n...\nfour"),
    "a digit before a cut line end changed": ("n = 12\ntook 0.25 s\n", "n = 2 ...\ntook 0.25 s\n"),
    "a cut line end that stands for nothing": ("n = 12\ntook", "n = 12 ...\ntook"),
    "a unit changed": ("\ntook 0.25 s\n\n", "\ntook 0.25 m\n\n"),
    "blanks changed": ("n = 12\ntook", "n =  12\ntook"),
    "success where 3 is the exit code": ("(exit 3)", "(exit 0)"),
    "failure where 0 is the exit code": ("> file\n", "> file; false\n"),
    "failure inside a pipe": ("printf 'n = 12", "false | printf 'n = 12"),
    "another exit code than the one said": ("codes: 10 ", "codes: 20 "),
    "too few exit codes": ("0, 3, 0", "0, 3"),
    "a remark with no block after it": ("<!-- exit codes: 10 -->\n", "<!-- exit codes: 10 -->\nwords\n"),
    "a block without an end": ("drawn > picture.svg\n```", "drawn > picture.svg\n"),
    "output before any command": ("```console\n", "```console\nn = 12\n"),
    "a command that goes on nowhere": ("drawn > picture.svg\n", "drawn > picture.svg \\\n"),
    "a picture that is drawn otherwise": ("echo drawn", "echo otherwise"),
    "data that are drawn otherwise": ("0.1234567 > data.dat", "0.1235567 > data.dat"),
    "a command that is not there": ("cat file;", "cat-of-nobody file;"),
}

VARIANTS = {
    "as it is": ("", ""),
    "another time": ("\ntook 0.25 s\n", "\ntook 31 s\n"),
    "time with more digits, and its blanks": ("\ntook 0.25 s\n", "\ntook   0.031 s\n"),
    "cut at the start": ("\none\n...", "\n..."),
    "cut at the end": ("...\nfour\nfive\n", "two\n...\n"),
    "two cuts": ("...\nfour\nfive\n", "...\nthree\n...\nfive\n"),
    "no cut": ("...\nfour", "two\nthree\nfour"),
    "a cut line end": ("n = 12\ntook", "n = ...\ntook"),
    "a last digit of data": ("0.1234567 > data.dat", "0.12345671 > data.dat"),
    "a picture drawn by another version": ("echo gnuplot", "echo gnuplot-6"),
    "a picture that no command draws": ("(kept/picture.svg)", "(kept/other.svg)"),
}

LINES = [  # two lines, and whether they are the same but for what a clock or rounding made
    ("time 0.031 s (f64)", "time 1.2 s (f64)", True),
    ("16 bits, 0.004 s", "16 bits, 0.051 s", True),
    ("16 bits, 0.004 s", "17 bits, 0.004 s", False),
    ("12 sets", "13 sets", False),
    ("3 messages", "4 messages", False),
    ("5 maxima", "6 maxima", False),
    ("seconds for 8 rows", "seconds for 9 rows", False),
    ("about 2 min", "about 3 min", True),
    ("exact.py  0.1 s  0.25 s  1.07", "exact.py  0.1 s  0.31 s  -0.2", True),
    ("exact.py  0.1 s  0.25 s  1.07", "exact.py  0.1 s  0.31 s  -", True),
    ("exact.py  0.1 s  0.25 s  1.07 x", "exact.py  0.1 s  0.25 s  1.08 x", False),
    ("max error 2.2e-16", "max error 1e-15", True),
    ("max error 2.2e-16", "max error 2.2e-6", False),
    ("max error 2.2e-06", "max error 2.3e-06", False),
    ("1.5 GB/s of memory", "2.25 GB/s of memory", True),
    ("1.5 GB of memory", "2.5 GB of memory", False),
    ('"timing": {"seconds": 0.1}, "k": 2', '"timing": {"seconds": 0.25}, "k": 2', True),
    ('"timing": {"seconds": 0.1}, "k": 2', '"timing": {"seconds": 0.1}, "k": 3', False),
]


def report(page_text, repository):
    page = repository / "page.md"
    page.write_text(page_text)
    with contextlib.redirect_stdout(io.StringIO()):
        return pages.main(str(repository), "page.md")


def self_made_pages(repository):
    (repository / "kept").mkdir()
    (repository / "kept" / "picture.svg").write_text("drawn\n")
    (repository / "kept" / "data.dat").write_text("8 0.1234567\n")
    for table, wanted in ((FAULTS, 1), (VARIANTS, 0)):
        for name, (old, new) in table.items():
            assert old in TRUE_PAGE, name
            if report(TRUE_PAGE.replace(old, new, 1), repository) != wanted:
                yield f"{'not noticed' if wanted else 'refused'}: {name}"


def updates(repository):
    """--update makes a true page of one whose output is false, and cuts where it was cut."""
    (repository / "kept").mkdir()
    false_page = TRUE_PAGE.replace("n = 12\ntook", "n = 13\nmore\ntook").replace("\none\n...", "\n1\n...")
    (repository / "page.md").write_text(false_page)
    with contextlib.redirect_stdout(io.StringIO()):
        pages.main(str(repository), "--update", "page.md")
    if (repository / "page.md").read_text() != TRUE_PAGE:
        yield "--update did not make the true page"


def unlisted_pages(repository):
    (repository / "docs").mkdir()
    (repository / "README.md").write_text("no commands\n")
    (repository / "docs" / "new.md").write_text("```sh\ntrue\n```\n")
    with contextlib.redirect_stdout(io.StringIO()):
        if pages.main(str(repository), "--complete", "README.md") != 1:
            yield "a page with commands that is not listed was not noticed"
        if pages.main(str(repository), "--complete", "docs/new.md") != 0:
            yield "a listed page was refused"


def compared_lines():
    for one, other, same in LINES:
        if (pages.compared([one]) == pages.compared([other])) != same:
            yield f"{'told apart' if same else 'not told apart'}: {one} | {other}"


def changed_digits(page):
    """Every shown digit of a real page, changed by one, must make a difference unless a clock or rounding made it."""
    digits, free = 0, 0
    for command in pages.commands(page.read_text()):
        shown = command.shown or []
        printed = ["something cut" if line == "..." else line for line in shown]
        for number, line in enumerate(shown):
            for column, letter in enumerate(line):
                if letter.isascii() and letter.isdigit():
                    digits += 1
                    other = line[:column] + str((int(letter) + 1) % 10) + line[column + 1:]
                    if pages.difference(shown[:number] + [other] + shown[number + 1:], printed) is None:
                        free += 1
    print(f"{page.name}: of {digits} shown digits, {free} may change: a clock or rounding made them")
    if free * 10 > digits:
        yield f"{page.name}: more than a tenth of the shown digits are not compared"


def main(repository, *listed):
    wrong = list(compared_lines())
    for work in (self_made_pages, updates, unlisted_pages):
        with tempfile.TemporaryDirectory() as folder:
            wrong.extend(work(pathlib.Path(folder)))
    for name in listed:
        wrong.extend(changed_digits(pathlib.Path(repository) / name))
    print(f"{len(FAULTS)} faults, {len(VARIANTS)} true variants, {len(LINES)} pairs of lines")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
