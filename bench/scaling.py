#!/usr/bin/env python3
"""Time of exact and polynomial attention against n, with fitted exponents: scaling.dat, scaling.gp and scaling.svg in the given folder."""
import argparse
import json
import math
import os
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--program", default="build/release/gapwright")
parser.add_argument("--dimension", type=int, default=8)
parser.add_argument("--entry-bound", type=float, default=1)
parser.add_argument("--error", default="1e-3")
parser.add_argument("--largest", type=int, default=1_000_000)
parser.add_argument("--folder", default="build/scaling")
options = parser.parse_args()


def seconds(rows, method, scratch):
    path, out = os.path.join(scratch, "in"), os.path.join(scratch, "out")
    subprocess.run([options.program, "gen", "attention", "--rows", str(rows), "--dimension", str(options.dimension), "--entry-bound", str(options.entry_bound), "-k", "3", "-o", path], check=True)
    extra = ["--error", options.error] if method == "polynomial" else []
    run = [options.program, "attend", path, "--method", method, *extra, "--json", "-o", out]
    tries = [json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)["timing"]["seconds"] for _ in range(3)]
    return min(tries)


def exponent(points):
    xs, ys = [math.log(n) for n, _ in points], [math.log(t) for _, t in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
    return slope, math.exp(my - slope * mx)


sizes = {"exact": [128, 181, 256, 362, 512, 724, 1024], "polynomial": [n for n in (10_000, 31_623, 100_000, 316_228, 1_000_000) if n <= options.largest]}
os.makedirs(options.folder, exist_ok=True)
fits = {}
with tempfile.TemporaryDirectory() as scratch, open(os.path.join(options.folder, "scaling.dat"), "w", encoding="ascii") as data:
    for method, rows in sizes.items():
        points = [(n, seconds(n, method, scratch)) for n in rows]
        fits[method] = exponent(points)
        data.write(f"# {method}: n, seconds\n" + "".join(f"{n} {t:.6f}\n" for n, t in points) + "\n\n")
        if method == "exact":  # the polynomial's fixed costs count here, so it is measured, not fitted
            crossover = next((n for n, t in points if seconds(n, "polynomial", scratch) < t), None)
        print(f"{method}: " + ", ".join(f"n = {n}: {t:.3f} s" for n, t in points) + f"; time ~ n^{fits[method][0]:.3f}")
(a, c), (b, e) = fits["exact"], fits["polynomial"]
print("crossover: " + (f"polynomial is faster from n = {crossover} on" if crossover else "beyond the largest n of exact"))
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
