# SPDX-License-Identifier: MIT
"""Man pages and bash completion of both programs against their --help: every command and every option is named, and bash completes them.

usage: pages.py GAPWRIGHT GAPWRIGHT_CHECK FOLDER, the folder with gapwright.1, gapwright.bash and those of gapwright-check
"""

import json
import os
import re
import subprocess
import sys

FAILURES = []


def check(holds, what):
    if not holds:
        FAILURES.append(what)


def help_of(program, words=()):
    return subprocess.run([program, *words, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout


def options_of(text):
    """The names that stand at the left of a help text's list of options."""
    names = []
    for left in re.findall(r"^  (-[^ ,]*(?:, ?-[^ ,]*)*)", text, re.MULTILINE):
        names += [name.strip().split("{")[0] for name in left.split(",")]  # --plant{uniform}: what the option without a value means
    return names


def commands_of(text):
    found = re.search(r"^Subcommands:\n((?:  .*\n|\n)+)", text, re.MULTILINE)
    return re.findall(r"^  ([a-z][\w-]*)", found[1], re.MULTILINE) if found else []


def help_texts(program, words=()):
    """(words of the command, its help), for all commands."""
    text = help_of(program, words)
    yield words, text
    for name in commands_of(text):
        yield from help_texts(program, (*words, name))


def rendered(path):
    """The page as text, one line for each line of its source."""
    with open(path) as f:
        lines = f.read().split("\n")
    plain = [re.sub(r"\\f[BIR]|\\&", "", line).replace("\\-", "-").replace("\\e", "\\") for line in lines]
    for line, source in zip(plain, lines):
        check("\\" not in line.replace("\\n", ""), f"{path}: an escape is left in '{source}'")
    return plain


def sections(lines):
    """Heading -> lines below it."""
    found, heading = {}, ""
    for line in lines:
        if line.startswith((".SH ", ".SS ")):
            heading = line[4:]
        found.setdefault(heading, []).append(line)
    return found


def entries(lines):
    """Names of the options that have an entry of their own."""
    names = []
    for before, line in zip(lines, lines[1:]):
        if before == ".TP" and line.startswith("-"):
            names += [word.split(" ")[0] for word in line.split(", ")]
    return names


def check_page(program, page):
    name = os.path.basename(program)
    found = sections(rendered(page))
    shared, number = entries(found["OPTIONS"]), 0
    for words, text in help_texts(program):
        there = entries(found.get(" ".join((name, *words)), [])) if words else shared
        check(not words or " ".join((name, *words)) in found, f"{page}: no section for {' '.join(words)}")
        for option in options_of(text):
            number += 1
            check(option in there or option in ("-h", "--help") and option in shared, f"{page}: {' '.join(words)} {option} has no entry")
    check(number > 5, f"{page}: only {number} options seen in --help")
    return number


def completed(script, words):
    """What bash offers for the last of these words."""
    program = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _' + words[0].replace("-", "_") + '; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "--norc", "-euc", program, "bash", script, *words], capture_output=True, text=True, timeout=60)
    check(done.returncode == 0 and not done.stderr, f"completion of {words}: exit {done.returncode}, {done.stderr}")
    return done.stdout.split()


def check_completion(script, words, expected):
    offered = completed(script, words)
    check(sorted(offered) == sorted(expected), f"completion of {words}: {offered}, expected {expected}")


def check_all_completions(program, script):
    """Every command and every option of --help is offered where it stands."""
    name = os.path.basename(program)
    for words, text in help_texts(program):
        offered = completed(script, [name, *words, "-"])
        for option in options_of(text):
            check(option in offered, f"completion of {' '.join(words)} does not offer {option}")
        commands = commands_of(text)
        if commands:
            check_completion(script, [name, *words, ""], commands)


def families_of_codes(gapwright):
    listed = subprocess.run([gapwright, "code", "list", "--json"], capture_output=True, text=True, check=True)
    return [family["family"] for family in json.loads(listed.stdout)]


def main():
    gapwright, checker, folder = sys.argv[1:]
    number = 0
    for program in (gapwright, checker):
        stem = os.path.join(folder, os.path.basename(program))
        number += check_page(program, stem + ".1")
        check_all_completions(program, stem + ".bash")
    script = os.path.join(folder, "gapwright.bash")
    check_completion(script, ["gapwright", "sol"], ["solve"])
    check_completion(script, ["gapwright", "explore", "reg"], ["regime"])
    check_completion(script, ["gapwright", "--quiet", "-k", "3", "sol"], ["solve"])  # an option's value is no command
    check_completion(script, ["gapwright", "solve", "--certif"], ["--certificate"])
    check_completion(script, ["gapwright", "solve", "f.cnf", "--memory"], ["--memory-limit"])  # a shared option
    check_completion(script, ["gapwright", "solve", "--format", ""], ["text", "sat"])
    check_completion(script, ["gapwright", "solve", "--route", "h"], ["hermitian"])
    check_completion(script, ["gapwright", "solve", "--route", "=", "h"], ["hermitian"])  # bash cuts at '='
    check_completion(script, ["gapwright", "solve", "--route", "="], sorted(["direct", *families_of_codes(gapwright)]))
    check_completion(script, ["gapwright", "list", "p"], ["problems"])
    check_completion(script, ["gapwright", "solve", "-o", "so"], [])  # a file: left to bash
    check_completion(script, ["gapwright", "solve", "x"], [])
    check_completion(os.path.join(folder, "gapwright-check.bash"), ["gapwright-check", "--time"], ["--time-limit"])
    print(f"{number} options of both programs, {len(FAILURES)} failures")
    for failure in FAILURES:
        print("FAILURE", failure)
    return 1 if FAILURES else 0


sys.exit(main())
