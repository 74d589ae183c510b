#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands of documentation pages and compares what they print with what the pages show.

usage: pages.py REPOSITORY PAGE...            run the pages; exit 1 when a page is not true
       pages.py REPOSITORY --update PAGE...   write what the program prints, and the pictures it draws, into the pages
       pages.py REPOSITORY --complete PAGE... fail when a page of the repository has commands and is not among PAGE

Each page runs in an empty folder that shows the repository's files, from top to bottom. In a block
    ```sh        every line is a command; what it prints is not shown.
    ```console   a line "$ command" is followed by what it prints, standard output and error as a terminal shows them.
A command that ends in a backslash goes on in the next line. Lines that start with # are remarks, ./dev is not run.
A shown line "..." stands for one or more lines, and " ..." at the end of a line for the rest of that line. Remarks that a reader of the drawn page does not see, right before a block:
    <!-- exit codes: 0, 4 -->   one for each command of the block; without the remark all are 0.
    <!-- not run: why -->       the block is only read.
Compared is every character, with these exceptions (`compared` below):
    what a clock made: a number before a unit of time, of bytes in a time or "per second", the blanks around it, since columns
    move with it, a number or "-" that ends a line right after one (an exponent fitted to times), and the value of the JSON key "timing";
    what rounding made: a number below 1e-12 that is written with an exponent is compared with others only in being one, since the
    last bits of floating-point results differ between processors;
    blanks at the end of lines, and blank lines at the end.
A picture ![..](PATH) of a page is compared byte by byte with the file of that name that a command of the page has drawn. When
NAME.dat is kept beside it, this is compared instead, to six digits and 1e-12: gnuplot draws differently from version to version.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CLOCK = re.compile(r"""\s*(?<![\w.])\d+(\.\d+)?(e[-+]?\d+)?\s?
    (?:(?:ns|us|ms|s|seconds?|minutes?|hours?|min|h)\b | [kMGT]?i?B/s | [\w-]+/s\b | [\w-]+\sper\ssecond\b)
    (\s+(?:-|-?\d+\.\d+)$)?\s*""", re.VERBOSE)
NUMBER = re.compile(r"(?<![\w.])-?\d+(\.\d+)?(e[-+]?\d+)?(?![\w.])")
ROUNDING = re.compile(r"(?<![\w.])\d(\.\d+)?e-(1[3-9]|[2-9]\d|\d{3})\b")
TIMING = re.compile(r'"timing": ?(\{[^{}]*\}|[^,}\n]*)')
REMARK = re.compile(r"<!-- (exit codes|not run): (.+) -->")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+\.svg)\)")
SECONDS_FOR_ONE_COMMAND = 600  # on a busy machine


class Fault(Exception):
    """A page that is not what it should be."""


@dataclasses.dataclass
class Command:
    text: str
    line: int  # where it stands in the page, from 1
    shown: list = None  # the lines shown below it; None where the page shows none
    code: int = 0


@dataclasses.dataclass
class Block:
    language: str
    line: int
    lines: list
    remarks: dict


def blocks(page):
    """The fenced blocks of a page with the remarks right before each."""
    remarks, block, result = {}, None, []
    for number, line in enumerate(page.splitlines(), 1):
        if block is not None:
            if line == "```":
                result.append(block)
                block = None
            else:
                block.lines.append(line)
        elif line.startswith("```"):
            block, remarks = Block(line[3:].strip(), number, [], remarks), {}
        elif match := REMARK.fullmatch(line.strip()):
            remarks[match[1]] = match[2]
        elif line.strip():
            if remarks:
                raise Fault(f"line {number}: a remark about commands, and no block after it")
    if block is not None:
        raise Fault(f"line {block.line}: the block has no end")
    return result


def commands_of(block):
    """The commands of one block, with what is shown below each."""
    result, open_command = [], False
    for number, line in enumerate(block.lines, block.line + 1):
        starts = line.startswith("$ ") if block.language == "console" else line.strip() and not line.startswith("#")
        if open_command:
            result[-1].text += "\n" + line
        elif starts:
            result.append(Command(line.removeprefix("$ "), number, [] if block.language == "console" else None))
        elif block.language == "console":
            if not result:
                raise Fault(f"line {number}: something is shown before any command")
            result[-1].shown.append(line)
            continue
        else:
            continue
        open_command = line.endswith("\\")
    if open_command:
        raise Fault(f"line {number}: a command ends in a backslash, and no line follows")
    for command in result:
        while command.shown and not command.shown[-1].strip():
            command.shown.pop()
    codes = block.remarks.get("exit codes")
    if codes is not None:
        codes = [int(code) for code in codes.split(",")]
        if len(codes) != len(result):
            raise Fault(f"line {block.line}: {len(codes)} exit codes for {len(result)} commands")
        for command, code in zip(result, codes):
            command.code = code
    return [command for command in result if not command.text.startswith("./dev")]


def commands(page):
    return [command for block in blocks(page) if block.language in ("sh", "console") and "not run" not in block.remarks
            for command in commands_of(block)]


def compared(lines):
    """What of a text is compared, line by line: marks stand where a clock or rounding made a number."""
    text = TIMING.sub('"timing": *', "\n".join(line.rstrip() for line in lines)).rstrip("\n")
    text = ROUNDING.sub("~0", text)
    return [CLOCK.sub(" * ", line).strip() if CLOCK.search(line) else line for line in text.split("\n")] if text else []


def same(shown, printed):
    """Equal line by line, but for what " ..." at the end of a shown line leaves out."""
    return len(shown) == len(printed) and all(
        (b.startswith(a[:-3]) and len(b) > len(a) - 3) if a.endswith(" ...") else a == b for a, b in zip(shown, printed))


def difference(shown, printed):
    """None, or what of `shown` is not what was `printed`; "..." stands for one or more lines."""
    parts, printed = [[]], compared(printed)
    for line in compared(shown):
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    at = 0
    for number, part in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        least = at if first else at + 1  # "..." is no empty place
        if last:
            starts = [len(printed) - len(part)] if not first or len(printed) == len(part) else []
        else:
            starts = [0] if first else range(least, len(printed) - len(part) + 1)
        start = next((s for s in starts if s >= least and same(part, printed[s:s + len(part)])), None)
        if start is None:
            missing = next((line for line in part if line not in printed), part[0] if part else "the end")
            return f"shown and not printed there: {missing}"
        at = start + len(part)
    return None


def run(command, folder):
    """Exit code and lines printed."""
    try:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command.text], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS_FOR_ONE_COMMAND)
    except subprocess.TimeoutExpired:
        return None, [f"no end within {SECONDS_FOR_ONE_COMMAND} s"]
    return done.returncode, done.stdout.decode(errors="replace").splitlines()


def run_page(page, folder, judge):
    """Runs the commands in order and calls judge(command, exit code, printed lines); how many ran."""
    listed = commands(page)
    for command in listed:
        judge(command, *run(command, folder))
    return len(listed)


def faults_of(command, code, printed):
    if code != command.code:
        yield f"line {command.line}: exit code {code}, not {command.code}: {command.text}\n" + "\n".join(printed)
    elif command.shown is not None and (what := difference(command.shown, printed)):
        yield f"line {command.line}: {command.text}\n  {what}\n  printed:\n" + "\n".join(printed)


def pictures(page_path, folder):
    """(kept, drawn) for every picture that the page shows and a command has drawn."""
    drawn = {file.name: file for top, _, files in os.walk(folder) for name in files if not (file := pathlib.Path(top) / name).is_symlink()}
    names = PICTURE.findall(page_path.read_text())
    return [(page_path.parent / name, drawn[base]) for name in names if (base := pathlib.Path(name).name) in drawn]


def of_picture(kept, drawn):
    """The files of a picture that are compared: its data where they are kept, else itself."""
    data = kept.with_suffix(".dat")
    return (data, drawn.with_suffix(".dat")) if data.exists() else (kept, drawn)


def content(path):
    """Of data what is compared; of a picture everything."""
    def digits(number):
        return f"{float(number[0]):.6g}" if abs(float(number[0])) >= 1e-12 else "0"

    return NUMBER.sub(digits, path.read_text()) if path.suffix == ".dat" else path.read_bytes()


def picture_faults(page_path, folder):
    for pair in pictures(page_path, folder):
        kept, drawn = of_picture(*pair)
        if not (kept.exists() and drawn.exists() and content(kept) == content(drawn)):
            yield f"{kept.name} is not what the commands draw"


def shortened(shown, printed):
    """`printed`, cut where `shown` was cut once: as many lines before "..." and after it. Other cuts are the author's."""
    if shown.count("...") != 1:
        return printed
    head = shown.index("...")
    tail = len(shown) - 1 - head
    return printed if head + tail >= len(printed) else printed[:head] + ["..."] + printed[len(printed) - tail:]


def rewritten(page, outputs):
    """The page with what was printed, `outputs` by the line of the command, in place of what was shown."""
    lines = page.splitlines()
    for command in reversed(commands(page)):
        if command.shown is not None and command.line in outputs:
            first = command.line + command.text.count("\n")
            printed = outputs[command.line]
            if difference(command.shown, printed):
                lines[first:first + len(command.shown)] = shortened(command.shown, printed)
    return "\n".join(lines) + "\n"


def update(page_path, folder):
    page, outputs, wrong = page_path.read_text(), {}, []

    def keep(command, code, printed):
        if code == command.code:
            outputs[command.line] = [line.rstrip() for line in printed]
        else:
            wrong.extend(faults_of(command, code, printed))

    run_page(page, folder, keep)
    page_path.write_text(rewritten(page, outputs))
    for kept, drawn in pictures(page_path, folder):
        for file, new in (of_picture(kept, drawn), (kept, drawn)):
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, file)
    return wrong


def check(page_path, folder):
    wrong, page = [], page_path.read_text()
    count = run_page(page, folder, lambda *seen: wrong.extend(faults_of(*seen)))
    lines = sum(len(command.shown or []) for command in commands(page))
    if count == 0:
        wrong.append("no command: the page need not be listed")
    wrong.extend(picture_faults(page_path, folder))
    print(f"{page_path.name}: {count} commands run, {lines} lines of output compared")
    return wrong


def in_scratch_folder(repository, work):
    """`work(folder)` in a folder that shows the files of the repository."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for entry in repository.iterdir():
            (folder / entry.name).symlink_to(entry)
        return work(folder)


def unlisted(repository, listed):
    """Pages that have commands and are not run."""
    for page in [repository / "README.md", *sorted(repository.glob("docs/**/*.md"))]:
        if page not in listed and commands(page.read_text()):
            yield f"{page.relative_to(repository)} has commands and no test runs it: list it in tests/CMakeLists.txt, or say <!-- not run: why --> before the block"


def main(repository, *arguments):
    repository = pathlib.Path(repository).resolve()
    option = arguments[0] if arguments[0].startswith("--") else None
    pages = [(repository / name).resolve() for name in arguments[option is not None:]]
    if option == "--complete":
        wrong = list(unlisted(repository, pages))
    else:
        work = update if option == "--update" else check
        wrong = []
        for page in pages:
            try:
                found = in_scratch_folder(repository, lambda folder: work(page, folder))
            except Fault as fault:
                found = [str(fault)]
            wrong.extend(f"{page.relative_to(repository)}: {text}" for text in found)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
