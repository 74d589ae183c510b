#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every kind of picture that the program draws, and the one of the README, in the widest common sans-serif fonts: nothing is cut, no text lies over another, over a line or over a
mark. The check itself is tried first on pictures with one fault each. Needs chromium, rsvg-convert and the three fonts: what is missing fails the test.

usage: pictures_fit.py PROGRAM REPOSITORY [FOLDER]. With a folder the pictures are kept there, also as PNG in each font."""
import os
import subprocess
import sys
import tempfile

import picture_faults

program, repository = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
data = os.path.join(repository, "tests/data")


def run(*arguments, folder=None, text=None):
    return subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True, timeout=600, cwd=folder, input=text).stdout


def planted(body):
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60" font-family="sans-serif">{body}</svg>'


def check_the_check():
    """Each fault is found, in each font, and what is no fault is not."""
    words = '<text x="20" y="30" font-size="14">some words</text>'
    fine = {"fine": planted(words + '<line x1="20" y1="45" x2="180" y2="45" stroke="#000"/><circle cx="150" cy="20" r="5"/>'),
            "white line": planted(words + '<line x1="20" y1="25" x2="180" y2="25" stroke="#ffffff"/>'), "in its box": planted(f'<rect x="4" y="10" width="150" height="30" fill="#eee" stroke="#000"/>{words}')}
    faulty = {"cut at the right": (planted('<text x="150" y="30" font-size="14">some words</text>'), "cut"), "cut at the left": (planted('<text x="40" y="30" font-size="14" text-anchor="end">some words</text>'), "cut"),
              "cut above": (planted('<text x="20" y="5" font-size="14">some words</text>'), "cut"), "two texts": (planted(words + '<text x="60" y="34" font-size="14">others</text>'), "one text over another"),
              "a line": (planted(words + '<line x1="0" y1="26" x2="200" y2="24" stroke="#000"/>'), "a line over"), "a mark": (planted(words + '<circle cx="50" cy="26" r="3"/>'), "a mark over"),
              "out of its box": (planted(f'<rect x="4" y="10" width="50" height="30" fill="#eee" stroke="#000"/>{words}'), "a line over"), "ink at the border": (planted('<rect x="195" y="10" width="10" height="10"/>'), "ink at the right border")}
    found = picture_faults.faults({**fine, **{name: svg for name, (svg, _) in faulty.items()}})
    for name in fine:
        assert not [line for line in found if line.startswith(name + ",")], found
    for name, (_, fault) in faulty.items():
        for font in picture_faults.FONTS:
            assert [line for line in found if line.startswith(f"{name}, {font}: {fault}")], (name, font, found)
    print(f"the check finds {len(faulty)} planted faults in {len(picture_faults.FONTS)} fonts, and none in {len(fine)} pictures without")


def traces():
    six, signs = f"{data}/yes/six-variables.cnf", f"{data}/no/all-signs.cnf"
    long_clause = "p cnf 6 2\n" + "1 -2 3 -4 5 -6 " * 6 + "0\n1 0\n"
    asked = {"trace": [six], "trace-clause-3": [six, "--clause", 3], "trace-hermitian": [six, "-k", 2, "--route", "hermitian"], "trace-tower": [six, "-k", 2, "--route", "tower"], "trace-k6": [six, "-k", 6],
             "trace-unsatisfiable": [signs, "-k", 2], "trace-one-variable": [f"{data}/yes/one-variable.cnf", "-k", 2], "trace-long-clause": ["-"]}
    return {name: run("trace", *arguments, "--format", "svg", text=long_clause) for name, arguments in asked.items()}


def explored(folder):
    results = os.path.join(folder, "results.jsonl")
    for arguments in (["regime", "--orders", "2,3", "--rows", "8..32", "--embeddings", "sharp,direct", "--families", "tight", "--of-deciding", "0.5,1,1.3", "--max-features", "500"],
                      ["regime", "--orders", "2,3,4", "--rows", "8..16", "--embeddings", "paper,sharp", "--families", "planted", "--of-deciding", "0.5,1"],
                      ["regime", "--orders", "2", "--rows", "8..32", "--families", "ksat", "--embeddings", "sharp,direct", "--of-deciding", "0.6,1.3"], ["gradient", "--orders", "2", "--rows", "8..32", "--of-deciding", "0.5,1"],
                      ["routes", "--orders", "2", "--log2-rows", "3,5", "--largest-field", "16", "--longest", "60"], ["routes", "--orders", "2", "--log2-rows", "3,4", "--family", "ksat", "--largest-field", "16", "--longest", "60"],
                      ["orders", "--orders", "2,3,4", "--variables", "12,24"]):
        run("explore", *arguments, "-o", results, "--quiet")
    run("explore", "plot", results, "-o", folder, "--quiet")
    return [name for name in os.listdir(folder) if name.endswith(".svg")]


def challenged(folder):
    examples = os.path.join(repository, "examples")
    commands = [f"/usr/bin/python3 {examples}/{name} {{in}} {{out}}" for name in ("exact.py", "uniform_sampling.py", "polynomial.py")]
    run("challenge", "--rows", 16, "--pairs", 1, "--control-pairs", 1, "--ladder", "0.0625,0.5,1,1.5,2", *[word for command in commands for word in ("--exec", command)], "--plot", folder, folder=folder)
    return ["challenge.svg"]


def all_pictures(folder):
    pictures = {"hardness": open(os.path.join(repository, "docs/hardness.svg"), encoding="utf-8").read(), **traces(), "graph": run("graph", "--format", "svg")}
    run("plan", "--variables", 30, "--clauses", 128, "--up-to", 60, "--largest-field", 64, "--longest", 300, "--plot", "plan-k3", folder=folder)
    run("plan", "-k", 2, "--variables", 12, "--clauses", 50, "--up-to", 60, "--largest-field", 64, "--longest", 300, "--plot", "plan-k2", folder=folder)
    for name in ["plan-k3.svg", "plan-k2.svg", *explored(folder), *challenged(folder)]:
        pictures[name[:-4]] = open(os.path.join(folder, name), encoding="utf-8").read()
    return pictures


def keep(pictures, folder):
    for name, svg in pictures.items():
        for font in picture_faults.FONTS:
            path = os.path.join(folder, f"{name}-{font.split()[0]}")
            with open(path + ".svg", "w", encoding="utf-8") as file:
                file.write(picture_faults.in_font(svg, font))
            subprocess.run(["rsvg-convert", "--background-color=white", path + ".svg", "-o", path + ".png"], check=True)
            os.remove(path + ".svg")


check_the_check()
with tempfile.TemporaryDirectory() as scratch:
    drawn = all_pictures(scratch)
if len(sys.argv) > 3:
    keep(drawn, sys.argv[3])
wrong = picture_faults.faults(drawn)
print("\n".join(wrong))
print(f"{len(drawn)} pictures in {len(picture_faults.FONTS)} fonts: {len(wrong)} faults")
sys.exit(1 if wrong else 0)
