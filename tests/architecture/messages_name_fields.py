#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No string of the library or of the Python module names an option of the program: messages name fields in backticks, and each face says them in its
own words (support/fields_in_message). A field in backticks is one of the table there, so that a misspelt one is found.

usage: messages_name_fields.py ROOT"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs"))
from pages import line_of, run  # noqa: E402

ROOMS = ("support", "instances", "codes", "reductions", "attention", "verify", "atlas", "explore", "python")
TABLE = "support/fields_in_message.cpp"
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"                                   # comments
    r"|R\"(?P<mark>[^()\s\"]*)\((?P<raw>.*?)\)(?P=mark)\""    # raw strings
    r"|\"(?P<plain>(?:[^\"\\\n]|\\.)*)\""                    # strings
    r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'",                  # characters, but not the quotes in 1'000'000
    re.S)
OPTION = re.compile(r"(?:^|(?<=[\s(\[`'\"/=,;:]))(?:--[a-z][a-z0-9-]*|-[jkoqT](?![\w.-]))|--$")  # of one letter: those that the program has
FIELD = re.compile(r"(?<![\w`])`([a-z0-9_]+)(?:=|`)")
ROW = re.compile(r"MessageField\{\"([a-z0-9_]+)\"")

# Commands that a file records as what made it, and words that name such a command: these are the program's own.
COMMANDS = {
    "instances/generators/quiet_ksat.cpp": {"gen random-ksat --variables ", " --clauses ", " --width ", " --plant=quiet", " --spread", " -k ", " --plant"},
    "instances/generators/random_vectors.cpp": {" --vectors ", " --dimension ", " --density ", " --plant=", " -k ", " --seed ", " --yes-at-least ", " --no-at-most "},
    "instances/generators/random_attention.cpp": {"gen attention --rows {} --dimension {} --entry-bound {} -k {} --seed {}"},
    "atlas/direct_flags.cpp": {" --"},
    "atlas/generated.cpp": {"--", " --expect"},
    "atlas/record.cpp": {" --formula "},
    "atlas/recorded_command.cpp": {
        " -k {} --route {}", " --seed {}", " --method ", " --method {} --dtype {}", " --error {}", " --gradient ", " --to ", " -k {}", " --route direct",
        " --entry-dtype ", " --delta ", " --expect", " --route {} --field {} --blocks {} --block-length {}", " --field {}", " --blocks {}",
        " --block-length {}", " --level {}", " --gadget characters", " --form ", " --embedding ", " --mu {}", " --advice ",
    },
    "instances/provenance.cpp": {" --seed "},
    "explore/fuzz/case.cpp": {": not a regression file as `gapwright fuzz -o FOLDER` writes them ("},
    "support/gnuplot.cpp": {"--default-settings"},  # of gnuplot
}


def strings_of(text):
    for match in TOKEN.finditer(text):
        content = match.group("plain") if match.group("plain") is not None else match.group("raw")
        if content is not None:
            yield line_of(text, match.start()), content


def sources_of(files):
    return {path: text for path, text in files.items() if path.split("/")[0] in ROOMS and path.endswith((".cpp", ".hpp")) and path != TABLE}


def find(files):
    findings = []
    fields = set(ROW.findall(files.get(TABLE, "")))
    for path, text in sources_of(files).items():
        for line, content in strings_of(text):
            option = OPTION.search(content)
            if option and content not in COMMANDS.get(path, ()):
                findings.append((path, line, f"a message names the option {option.group(0)}: name the field, in backticks"))
            for name in FIELD.findall(content):
                if name not in fields and not path.startswith("python/"):  # whose docstrings speak of results too
                    findings.append((path, line, f"`{name}` is not a field of {TABLE}"))
    return findings


ROWS = {TABLE: 'MessageField{"route", "--route", "route"},\nMessageField{"log2_rows", "--log2-rows", ""},\n'}


def source(text, path="attention/a.cpp"):
    return {**ROWS, path: text + "\n"}


CORRECT = {
    "a field, one with a value, and one whose value follows": source('fail("use `route=direct`, not `route`, `log2_rows=" + n + "`: 3");'),
    "a comment on an option": source('int a;  // "--route" says it\n/* "--route" */'),
    "a decrement, a minus and a dash": source('--a; f("a - b", "x-y", "-1", "-1.5", -a, "e-5", \'-\');'),
    "a command that a file records": source('text += " --seed ";', "instances/provenance.cpp"),
    "an option of the program in the program": source('fail("use --route direct");', "cli/a.cpp"),
    "a command in backticks": source('fail("as `gapwright decide` writes them");'),
    "a quote among digits": source("f(1'000'000, 2'000); // it's --route"),
    "a quote in a string before a comment": source('f("it\'s \\"so\\""); // "--route"'),
}
FAULTS = {
    "an option": source('fail("use --route direct");'),
    "an option at the beginning": source('fail("--route: unknown");', "verify/a.hpp"),
    "an option in parentheses": source('fail("in order (--causal)");', "atlas/a.cpp"),
    "an option in quotes": source('fail("give \'--route\'");'),
    "an option of one letter": source('fail("a larger order -k");', "explore/fuzz/a.cpp"),
    "an option of one letter at the beginning": source('fail("-k " + order);'),
    "an option after a decrement": source('--a; fail("use --route");'),
    "an option after a quote among digits": source('f(1\'000); fail("use --route");'),
    "an option in a raw string": source('fail(R"(use "--route")");'),
    "an option on the second line of a message": source('fail("use "\n     "--route direct");'),
    "an option put together": source('fail("use --" + name);'),
    "an option in the Python module": source('fail("use --route");', "python/a.cpp"),
    "a recorded command elsewhere": source('text += " --seed ";'),
    "another text where commands are recorded": source('fail("use --seed 1");', "instances/provenance.cpp"),
    "a misspelt field": source('fail("use `rout`");'),
    "a misspelt field with a value": source('fail("use `rout=direct`");'),
    "a misspelt field whose value follows": source('fail("`log2rows=" + n + "`: 3");'),
}
if __name__ == "__main__":
    run(find, CORRECT, FAULTS)
