#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exact attention beside its peers, interleaved in one run: the medians of the per-try ratios are what counts on a shared machine.

Peers: numpy, one GEMM per query (k = 3) or per tile of queries (k = 2); torch's einsum of FBGEMM's public 2-simplicial reference with
sm_scale = 1/d, no bias and no mask, when torch is installed. OpenBLAS 0.3.21 does not know new Intel server cores and falls back to a slow kernel,
so OPENBLAS_CORETYPE=SkylakeX is set where AVX-512 exists. The BLAS that numpy really loaded is printed: the reference BLAS would be no peer.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

with open("/proc/cpuinfo", encoding="ascii", errors="ignore") as cpu:
    if "avx512dq" in cpu.read():
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--program", default="build/release/gapwright")
parser.add_argument("--tries", type=int, default=5)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--rows", type=int, default=1024, help="n of the k = 3 comparisons")
parser.add_argument("--long-rows", type=int, default=16384, help="n of the k = 2 comparison")
options = parser.parse_args()
os.environ.setdefault("OPENBLAS_NUM_THREADS", str(options.threads))

import numpy as np  # noqa: E402  (after its BLAS is told the core type)

try:
    import torch
    torch.set_num_threads(options.threads)
except ImportError:
    torch = None


def read(path):
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = {"F64": "<f8", "F32": "<f4"}[entry["dtype"]]
        tensors[name] = np.frombuffer(data[8 + size + begin : 8 + size + end], kind).reshape(entry["shape"])
    return tensors, float(metadata.get("softmax_scale", 1))


def numpy_triple(t, scale):
    q, k1, k2, v1, v2 = (t[x] for x in ("q", "k1", "k2", "v1", "v2"))
    out, scores, k2t = np.empty((len(q), v1.shape[1]), q.dtype), np.empty((len(k1), len(k2)), q.dtype), k2.T
    for i, row in enumerate(q * q.dtype.type(scale)):
        np.matmul(k1 * row, k2t, out=scores)
        scores -= scores.max()
        np.exp(scores, out=scores)
        out[i] = (v1 * (scores @ v2)).sum(0) / scores.sum()
    return out


def numpy_pair(t, scale, tile=1024):
    q, k, v = (t[x] for x in ("q", "k1", "v1"))
    out = np.empty((len(q), v.shape[1]), q.dtype)
    for i in range(0, len(q), tile):
        scores = (q[i : i + tile] * q.dtype.type(scale)) @ k.T
        scores -= scores.max(1, keepdims=True)
        np.exp(scores, out=scores)
        out[i : i + tile] = (scores @ v) / scores.sum(1, keepdims=True)
    return out


def torch_triple(t, scale):
    q, k1, k2, v1, v2 = (torch.from_numpy(np.array(t[x])) for x in ("q", "k1", "k2", "v1", "v2"))
    rows = []
    for part in torch.split(q, 16):  # the whole n^3 tensor does not fit
        scores = torch.einsum("qd,jd,ld->qjl", part, k1, k2) * scale
        weights = torch.softmax(scores.flatten(1), -1).view_as(scores)
        rows.append(torch.einsum("qjl,jd,ld->qd", weights, v1, v2))
    return torch.cat(rows).numpy()


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def ours(path, dtype, folder):
    out = os.path.join(folder, "out.safetensors")
    command = [options.program, "attend", path, "--dtype", dtype, "-j", str(options.threads), "--json", "-o", out]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer["timing"]["seconds"], read(out)[0]["out"]


def compare(order, rows, dimension, dtype, peers, folder):
    path = os.path.join(folder, "in.safetensors")
    subprocess.run([options.program, "gen", "attention", "--rows", str(rows), "--dimension", str(dimension), "-k", str(order), "--seed", "1", "-o", path], check=True)
    tensors, scale = read(path)
    tensors = {name: m.astype(np.float32 if dtype == "f32" else np.float64) for name, m in tensors.items()}
    ratios, times, mine = {name: [] for name in peers}, {name: [] for name in peers}, []
    for _ in range(options.tries):
        before, out = ours(path, dtype, folder)
        for name, peer in peers.items():
            seconds, reference = timed(lambda: peer(tensors, scale))
            assert np.abs(reference - out).max() < (1e-3 if dtype == "f32" else 1e-9), name
            after, _ = ours(path, dtype, folder)
            ratios[name].append(2 * seconds / (before + after))
            times[name].append(seconds)
            before = after
        mine.append(before)
    for name in peers:
        print(f"k = {order}, n = {rows}, d = d_v = {dimension}, {dtype}: ours {statistics.median(mine):.3f} s, {name} {statistics.median(times[name]):.3f} s, "
              f"ratio {statistics.median(ratios[name]):.2f} (median of {options.tries}, {min(ratios[name]):.2f} to {max(ratios[name]):.2f})", flush=True)


with open("/proc/self/maps", encoding="ascii") as maps:
    blas = sorted({os.path.realpath(line.split()[-1]) for line in maps if "blas" in line.rsplit("/", 1)[-1]})
with tempfile.TemporaryDirectory() as scratch:
    triple = {"numpy": numpy_triple, **({"torch einsum": torch_triple} if torch else {})}
    print(f"numpy {np.__version__}, torch {'absent' if torch is None else torch.__version__}, OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE')}, "
          f"BLAS {blas}, {options.threads} threads")
    compare(3, options.rows, 64, "f64", triple, scratch)
    compare(3, options.rows, 64, "f32", triple, scratch)
    compare(3, options.rows, 16, "f64", triple, scratch)
    compare(2, options.long_rows, 64, "f64", {"numpy tiles": numpy_pair}, scratch)
    compare(2, options.long_rows, 64, "f32", {"numpy tiles": numpy_pair}, scratch)
