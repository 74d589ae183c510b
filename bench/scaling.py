#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Time of exact and polynomial attention against n, with fitted exponents: scaling.dat, scaling.gp and scaling.svg in the given folder. Then the
measured error of 200 sampled rows beside the certified one: against exact attention (as many tuples as it can do in seconds), and, at the largest n,
against the polynomial method at a ten thousand times smaller error.
"""
import argparse
import json
import math
import os
import random
import struct
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--program", default="build/release/gapwright")
parser.add_argument("--dimension", type=int, default=8)
parser.add_argument("--entry-bound", type=float, default=1)
parser.add_argument("--error", default="1e-3")
parser.add_argument("--largest", type=int, default=1_000_000)
parser.add_argument("--sampled-rows", type=int, default=200)
parser.add_argument("--folder", default="build/scaling")
options = parser.parse_args()


def generate(rows, path, order=3):
    command = [options.program, "gen", "attention", "--rows", str(rows), "--dimension", str(options.dimension), "--entry-bound", str(options.entry_bound), "-k", str(order), "-o", path]
    subprocess.run(command, check=True)


def attend(path, out, method, error=None, extra=()):
    command = [options.program, "attend", path, "--method", method, *(["--error", error] if error else []), *extra, "--json", "-o", out]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def seconds(rows, method, scratch):
    path, out = os.path.join(scratch, "in"), os.path.join(scratch, "out")
    generate(rows, path)
    return min(attend(path, out, method, options.error if method == "polynomial" else None)["timing"]["seconds"] for _ in range(3))


def exponent(points):
    xs, ys = [math.log(n) for n, _ in points], [math.log(t) for _, t in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
    return slope, math.exp(my - slope * mx)


def with_rows_of_q(path, out, rows):
    """The same input with some rows of q only."""
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    tensors = {name: (entry["shape"], data[8 + size + entry["data_offsets"][0] : 8 + size + entry["data_offsets"][1]]) for name, entry in header.items() if name != "__metadata__"}
    (_, columns), q = tensors["q"]
    tensors["q"] = [len(rows), columns], b"".join(q[row * columns * 8 : (row + 1) * columns * 8] for row in rows)
    written = {"__metadata__": {key: header["__metadata__"][key] for key in ("softmax_scale", "order")}}
    position = 0
    for name, (shape, content) in tensors.items():
        written[name] = {"dtype": "F64", "shape": shape, "data_offsets": [position, position + len(content)]}
        position += len(content)
    text = json.dumps(written).encode()
    text += b" " * (-len(text) % 8)
    with open(out, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(content for _, content in tensors.values()))


def out_rows(path):
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    entry = json.loads(data[8 : 8 + size])["out"]
    content = data[8 + size + entry["data_offsets"][0] : 8 + size + entry["data_offsets"][1]]
    columns = entry["shape"][1]
    return [struct.unpack_from(f"<{columns}d", content, 8 * columns * row) for row in range(entry["shape"][0])]


def sampled_error(rows, order, method, error, scratch):
    """Largest difference between polynomial attention of all rows and another method on sampled rows, with both bounds."""
    path, few, fast, slow = (os.path.join(scratch, name) for name in ("in", "few", "fast", "slow"))
    generate(rows, path, order)
    sample = sorted(random.Random(1).sample(range(rows), min(rows, options.sampled_rows)))
    with_rows_of_q(path, few, sample)
    bound = attend(path, fast, "polynomial", options.error)["error_bound"]
    reference = attend(few, slow, method, error)["error_bound"]
    mine, theirs = out_rows(fast), out_rows(slow)
    worst = max(abs(x - y) for row, other in zip(sample, theirs) for x, y in zip(mine[row], other))
    print(f"order {order}, n = {rows}, {len(sample)} sampled rows: {worst:.2e} off {method} (itself within {reference:.1e}), certified {bound:.2e}", flush=True)
    assert worst <= bound + reference


sizes = {"exact": [128, 181, 256, 362, 512, 724, 1024], "polynomial": [n for n in (10_000, 31_623, 100_000, 316_228, 1_000_000) if n <= options.largest]}
os.makedirs(options.folder, exist_ok=True)
fits = {}
with tempfile.TemporaryDirectory() as scratch, open(os.path.join(options.folder, "scaling.dat"), "w", encoding="ascii") as data:
    crossover = None
    for method, rows in sizes.items():
        points = [(n, seconds(n, method, scratch)) for n in rows]
        fits[method] = exponent(points)
        data.write(f"# {method}: n, seconds\n" + "".join(f"{n} {t:.6f}\n" for n, t in points) + "\n\n")
        if method == "exact":  # the polynomial's fixed costs count here, so it is measured, not fitted
            crossover = next((n for n, t in points if seconds(n, "polynomial", scratch) < t), None)
        print(f"{method}: " + ", ".join(f"n = {n}: {t:.3f} s" for n, t in points) + f"; time ~ n^{fits[method][0]:.3f}", flush=True)
    print("crossover: " + (f"polynomial is faster from n = {crossover} on" if crossover else "beyond the largest n of exact"), flush=True)
    sampled_error(min(options.largest, 8192), 3, "exact", None, scratch)
    sampled_error(options.largest, 2, "exact", None, scratch)
    sampled_error(options.largest, 3, "polynomial", f"{float(options.error) * 1e-4:g}", scratch)
(a, c), (b, e) = fits["exact"], fits["polynomial"]
with open(os.path.join(options.folder, "scaling.gp"), "w", encoding="ascii") as script:
    script.write(f"""set terminal svg size 800,500 background rgb 'white'
set output 'scaling.svg'
set logscale xy
set format x '10^{{%L}}'
set format y '10^{{%L}}'
set xlabel 'n'
set ylabel 'seconds'
set key left top
set title 'order 3, d = {options.dimension}, entries at most {options.entry_bound:g}, error {options.error}'
plot 'scaling.dat' index 0 with points pt 7 title 'exact', {c:.6g} * x**{a:.4f} title 'n^{{{a:.2f}}}', \\
     'scaling.dat' index 1 with points pt 5 title 'polynomial', {e:.6g} * x**{b:.4f} title 'n^{{{b:.2f}}}'
""")
subprocess.run(["gnuplot", "scaling.gp"], cwd=options.folder, check=True)
