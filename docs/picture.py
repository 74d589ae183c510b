#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/hardness.svg: every output row of attention for a satisfiable and an unsatisfiable formula of one size.

usage: picture.py PROGRAM OUT.svg. All numbers come from the program (gen, solve --json, reduce, attend). A test draws it again and compares.
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

INK, FAINT, BLUE, RED, GREEN, PALE_RED, PALE_GREEN = "#1b1f24", "#6b7280", "#1d4ed8", "#b91c1c", "#15803d", "#fee2e2", "#dcfce7"
WIDTH, HEIGHT = 960, 512  # texts leave room: the widest common font, DejaVu Sans, is a fifth wider than Helvetica


def run(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], check=True, capture_output=True).stdout


def column_0(path):
    """out[:, 0] of the safetensors file that attend writes."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    tensor = json.loads(data[8 : 8 + length])["out"]
    rows, columns = tensor["shape"]
    first = 8 + length + tensor["data_offsets"][0]
    return [struct.unpack_from("<d", data, first + 8 * columns * i)[0] for i in range(rows)]


def story(program, folder, formula):
    hard, out = f"{folder}/hard.safetensors", f"{folder}/out.safetensors"
    run(program, "reduce", formula, "--to", "attention", "-o", hard)
    run(program, "attend", hard, "-o", out)
    return json.loads(run(program, "solve", formula, "--json")), column_0(out)


class Drawing:
    def __init__(self):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="Helvetica, Arial, sans-serif">',
                      "<title>Deciding a formula through attention of order 3</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']

    def text(self, x, y, words, size=13, colour=INK, anchor="start", bold=False):
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>{words}</text>')

    def box(self, x, y, w, h, fill, stroke="none"):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" stroke="{stroke}"/>')

    def line(self, x1, y1, x2, y2, colour):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>')

    def dot(self, x, y, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')


def chain(drawing, solved):
    sizes = ", ".join(map(str, solved["orthogonal_vectors"]["sizes"]))
    attention = solved["attention"]
    steps = [
        ("a formula", f'{solved["formula"]["variables"]} variables, {solved["formula"]["clauses"]} clauses'),
        ("0/1 vectors (3-OV)", f'{sizes} of {solved["orthogonal_vectors"]["dimension"]} bits each'),
        ("attention of order 3", f'{attention["query_rows"]} queries, d = {attention["dimension"]}, B = {attention["entry_bound"]:.2f}'),
        ("its outputs", "one out[i] for each query: below"),
    ]
    width, gap = 216, 16
    for number, (what, figures) in enumerate(steps):
        x = 24 + number * (width + gap)
        drawing.box(x, 82, width, 54, "#f3f4f6", "#d1d5db")
        drawing.text(x + width / 2, 104, what, 13.5, INK, "middle", True)
        drawing.text(x + width / 2, 124, figures, 11.5, FAINT, "middle")
        if number:
            drawing.line(x - gap + 2, 109, x - 3, 109, INK)
            drawing.line(x - 8, 105, x - 3, 109, INK)
            drawing.line(x - 8, 113, x - 3, 109, INK)


def rows(drawing, left, width, title, solved, out, colour):
    top, height = 186, 220
    attention = solved["attention"]
    yes, no = float(attention["yes_at_least"]), float(attention["no_at_most"])

    def y(value):
        return top + height * (1 - value)

    drawing.text(left, top - 12, title, 14, colour, bold=True)
    drawing.box(left, y(1), width, y(yes) - y(1), PALE_GREEN)
    drawing.box(left, y(no), width, y(0) - y(no), PALE_RED)
    drawing.line(left, y(0), left + width, y(0), FAINT)
    for value in (0, 0.5, 1):
        drawing.text(left - 6, y(value) + 4, f"{value:g}", 11, FAINT, "end")
    for i, value in enumerate(out):
        drawing.dot(left + width * (i + 0.5) / len(out), y(value), BLUE if value >= yes else RED if value <= no else INK)
    above = sum(value >= yes for value in out)
    drawing.text(left + width - 6, y(yes) - 6, f"yes: out[i] at least {yes:.3f}", 11.5, GREEN, "end")
    drawing.text(left + width - 6, y(no) - 6, f"no: out[i] at most {no:.3f}", 11.5, RED, "end")
    drawing.text(left, y(0) + 17, f"query i = 0 .. {len(out) - 1}; rows in the green: {above}, between: {sum(no < v < yes for v in out)}, in the red: {sum(v <= no for v in out)}", 11.5, FAINT)
    return (yes - no) / 2


def main(program, target):
    with tempfile.TemporaryDirectory() as folder:
        yes_formula, no_formula = f"{folder}/yes.cnf", f"{folder}/no.cnf"
        for seed, path in ((9, yes_formula), (5, no_formula)):
            run(program, "gen", "random-ksat", "--variables", 20, "--clauses", 91, "--seed", seed, "-o", path)
        yes, yes_out = story(program, folder, yes_formula)
        no, no_out = story(program, folder, no_formula)
    if (yes["answer"], no["answer"]) != ("SATISFIABLE", "UNSATISFIABLE"):
        sys.exit("picture.py: the two formulas no longer have the two answers; choose other seeds")
    drawing = Drawing()
    drawing.text(24, 36, "Attention with large entries decides satisfiability", 18, INK, bold=True)
    drawing.text(24, 62, "Computing it much faster than brute force would refute SETH, the strong exponential time hypothesis.", 14, INK)
    chain(drawing, yes)
    half_gap = rows(drawing, 48, 410, "a satisfiable formula: some row is high", yes, yes_out, BLUE)
    rows(drawing, 524, 410, "an unsatisfiable formula: no row is", no, no_out, RED)
    drawing.text(24, HEIGHT - 62, f"Two random 3-SAT formulas of {yes['formula']['variables']} variables and {yes['formula']['clauses']} clauses; every dot is an output of exact attention.", 12.5, INK)
    drawing.text(24, HEIGHT - 42, f"An algorithm that gets every output within {half_gap:.2f} tells them apart.", 12.5, INK)
    drawing.text(24, HEIGHT - 22, "The gap is proved for every formula and every order k &gt;= 2, and each verdict is certified.", 12.5, INK)
    pathlib.Path(target).write_text("\n".join(drawing.parts) + "\n</svg>\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
