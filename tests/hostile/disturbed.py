#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs that are disturbed: a full disk, a limit on the size of files, kill -9, SIGTERM, two processes at once, an input replaced or cut meanwhile.

usage: disturbed.py GAPWRIGHT [--count N] [--seed S] [--only WORD]

Of every verb that writes much, N times each disturbance. A run ends with the bytes of an undisturbed one, or with one line and an exit code
that docs/commands.md names; then nothing is left of what it began, and nothing that was there is lost. After kill -9 the same command run again finishes with the same
bytes. The full disk is a small tmpfs; where it cannot be mounted the last line says so, and the rest is run. Exit code 1 when there is a finding.
"""
import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
INSIDE = "GAPWRIGHT_DISTURBED_DISK"


class Verb:
    """words: the command, OUT stands for the output; inputs: names of files read; alone: a second process on the same output is refused; keeps: what
    stays of a run that did not end, because the next one goes on with it: OUT + these endings."""

    def __init__(self, name, words, inputs, out, alone=False, keeps=()):
        self.name, self.words, self.inputs, self.out, self.alone, self.keeps = name, words, inputs, out, alone, keeps


VERBS = [
    Verb("decide", ["decide", "in.safetensors", "--certificate", "OUT", "--checkpoint-every", "0"], ["in.safetensors"], "certificate.json", keeps=(".checkpoint",)),
    Verb("explore", ["explore", "regime", "--orders", "2", "--rows", "16,32,64", "--of-deciding", "0.5,1", "--max-features", "300", "-o", "OUT"], [], "results.jsonl", alone=True, keeps=("", ".cut")),
    Verb("challenge", ["challenge", "--exec", "cp {in} {out}", "--rows", "12", "--pairs", "1", "--control-pairs", "1", "--json", "-o", "OUT"], [], "report.json", keeps=("",)),  # what was judged so far, marked as not complete
    Verb("inputs", ["challenge", "--write", "OUT", "--rows", "12", "--pairs", "2"], [], "inputs"),
    Verb("reduce", ["reduce", "in.cnf", "-k", "2", "--to", "attention", "-o", "OUT"], ["in.cnf"], "target.safetensors"),
    Verb("bundle", ["reduce", "in.cnf", "-k", "2", "--to", "attention", "-o", "OUT/"], ["in.cnf"], "bundle"),
    Verb("attend", ["attend", "random.safetensors", "-o", "OUT"], ["random.safetensors"], "out.safetensors"),
]


def without_times(value):
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in ("timing", "seconds", "own_seconds", "times", "fitted_exponent") and "second" not in k}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def content(path):
    """What a file or folder holds, without times; None when there is none."""
    if os.path.isdir(path):
        return {name: content(os.path.join(path, name)) for name in sorted(os.listdir(path))}
    if not os.path.exists(path):
        return None
    data = open(path, "rb").read()
    if path.endswith(".jsonl"):
        return [without_times(json.loads(line)) for line in data.splitlines()]
    if path.endswith("report.json"):
        return without_times(json.loads(data))
    return data


class Bench:
    def __init__(self, gapwright, draw):
        self.gapwright, self.draw, self.findings = gapwright, draw, []
        self.home = tempfile.mkdtemp(prefix="gapwright-disturbed-")
        self.run("gen", "random-ksat", "--variables", "20", "--clauses", "60", "--seed", "5", "-o", "in.cnf")
        self.run("reduce", "in.cnf", "-k", "2", "--to", "attention", "--square", "-o", "in.safetensors")
        self.run("gen", "attention", "--rows", "90", "--dimension", "8", "-k", "3", "-o", "random.safetensors")
        self.honest = {name: content(os.path.join(self.home, name)) for name in ("in.cnf", "in.safetensors", "random.safetensors")}
        self.clean, self.seconds, self.bytes = {}, {}, {}
        for verb in VERBS:
            start = time.monotonic()
            self.run(*self.words(verb, os.path.join(self.home, verb.out)))
            self.seconds[verb.name] = time.monotonic() - start
            out = os.path.join(self.home, verb.out)
            self.clean[verb.name] = content(out)
            self.bytes[verb.name] = sum(os.path.getsize(os.path.join(out, f)) for f in os.listdir(out)) if os.path.isdir(out) else os.path.getsize(out)
            shutil.rmtree(out) if os.path.isdir(out) else os.remove(out)

    def run(self, *words):
        done = subprocess.run([self.gapwright, *words, "--quiet"], cwd=self.home, capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 4):
            sys.exit("gapwright " + " ".join(words) + ": " + done.stderr)

    def words(self, verb, out):
        return [word.replace("OUT", out) for word in verb.words]

    def start(self, verb, out, before=None):
        return subprocess.Popen([self.gapwright, *self.words(verb, out), "--quiet"], cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)

    def finish(self, child):
        try:
            out, err = child.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            err += b"\nHANGS"
        return child.returncode, err.decode(errors="replace")

    def find(self, verb, how, what):
        self.findings.append(f"{verb.name}, {how}: {what}")

    def check_lines(self, verb, how, code, err, codes):
        lines = [line for line in err.splitlines() if "warning:" not in line]
        if code not in codes:
            self.find(verb, how, f"exit code {code}: {err[-300:]}")
        told = code in (0, 4) or (verb.name == "challenge" and code == 130)  # by the output itself
        if len(lines) > 1 or len(err) > 1100 or (not told and len(lines) != 1):
            self.find(verb, how, f"{len(err.splitlines())} lines for exit code {code}: {err[-300:]}")

    def check_left(self, verb, how, code, folder, out, may_stay):
        """Only the output, complete when the run says so, and what may stay of an interrupted one."""
        names = set(os.listdir(folder)) - {"ballast"}
        allowed = {os.path.basename(out)} if code == 0 else {os.path.basename(out) + ending for ending in may_stay}
        if names - allowed:
            self.find(verb, how, f"left after exit code {code}: {sorted(names - allowed)}")
        if code == 0 and content(out) != self.clean[verb.name]:
            self.find(verb, how, "another output than undisturbed")
        for name, before in self.honest.items():
            if content(os.path.join(self.home, name)) != before:
                self.find(verb, how, f"{name} has changed")

    def fresh(self, parent=None):
        return tempfile.mkdtemp(prefix="run-", dir=parent or self.home)

    def full_disk(self, verb, disk):
        room = self.draw.randrange(0, max(8192, self.bytes[verb.name] * 5 // 4))
        folder = self.fresh(disk)
        with open(os.path.join(disk, "ballast"), "wb") as ballast:
            left = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - room
            ballast.write(bytes(max(left, 0)))
        out = os.path.join(folder, verb.out)
        code, err = self.finish(self.start(verb, out))
        how = f"{room} bytes left on the disk"
        self.check_lines(verb, how, code, err, (0, 1, 2, 5))  # 5: seen before anything was written
        self.check_left(verb, how, code, folder, out, verb.keeps)
        os.remove(os.path.join(disk, "ballast"))
        self.again(verb, how, out)

    def file_limit(self, verb, _):
        limit = self.draw.randrange(0, max(2, self.bytes[verb.name] * 5 // 4))
        folder = self.fresh()
        out = os.path.join(folder, verb.out)
        code, err = self.finish(self.start(verb, out, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))
        how = f"ulimit -f of {limit} bytes"
        self.check_lines(verb, how, code, err, (0, 1))
        if verb.name != "challenge":  # there the programs that are judged are limited too
            self.check_left(verb, how, code, folder, out, verb.keeps)
        self.again(verb, how, out)

    def again(self, verb, how, out):
        """After whatever happened the same command finishes with the same bytes."""
        if os.path.isdir(out):
            shutil.rmtree(out)
        code, err = self.finish(self.start(verb, out))
        if code != 0 or content(out) != self.clean[verb.name]:
            self.find(verb, how + ", then run again", f"exit code {code}, another output: {err[-300:]}")
        shutil.rmtree(os.path.dirname(out))

    def signalled(self, verb, number):
        folder = self.fresh()
        out = os.path.join(folder, verb.out)
        child = self.start(verb, out)
        time.sleep(self.draw.uniform(0, 1.1 * self.seconds[verb.name]))
        child.send_signal(number)
        code, err = self.finish(child)
        how = signal.Signals(number).name
        if number == signal.SIGTERM:
            starting = code == -signal.SIGTERM and not os.listdir(folder)  # before the program handles it
            if not starting:
                self.check_lines(verb, how, code, err, (0, 130))
                self.check_left(verb, how, code, folder, out, verb.keeps)
        self.again(verb, how, out)

    def killed(self, verb, _):
        self.signalled(verb, signal.SIGKILL)

    def terminated(self, verb, _):
        self.signalled(verb, signal.SIGTERM)

    def two_at_once(self, verb, _):
        if verb.name in ("bundle", "inputs"):
            return  # a folder that is not empty is refused
        folder = self.fresh()
        out = os.path.join(folder, verb.out)
        children = [self.start(verb, out)]
        time.sleep(self.draw.uniform(0, 0.3 * self.seconds[verb.name]))
        children.append(self.start(verb, out))
        ends = [self.finish(child) for child in children]
        codes = sorted(code for code, _ in ends)
        if codes != [0, 0] and not (verb.alone and codes == [0, 2]):
            self.find(verb, "two at once", f"exit codes {codes}: {[err[-200:] for _, err in ends]}")
        self.check_left(verb, "two at once", 0, folder, out, ())
        shutil.rmtree(folder)

    def input_changes(self, verb, _):
        if not verb.inputs:
            return
        folder = self.fresh()
        out, path = os.path.join(folder, verb.out), os.path.join(self.home, verb.inputs[0])
        whole = self.honest[verb.inputs[0]]
        child = self.start(verb, out)
        time.sleep(self.draw.uniform(0, self.seconds[verb.name]))
        how = self.draw.choice(["cut", "replaced", "deleted"])
        if how == "cut":
            os.truncate(path, self.draw.randrange(len(whole)))
        elif how == "replaced":
            with open(path + ".new", "wb") as other:
                other.write(bytes(len(whole)))
            os.rename(path + ".new", path)
        else:
            os.remove(path)
        code, err = self.finish(child)
        with open(path, "wb") as f:
            f.write(whole)
        self.check_lines(verb, "input " + how, code, err, (0, 6))
        self.check_left(verb, "input " + how, code, folder, out, ())
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gapwright")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    disk = os.environ.get(INSIDE)
    if disk is None:  # again, with a small disk of its own that goes away with it
        disk = tempfile.mkdtemp(prefix="gapwright-disk-")
        mounted = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], capture_output=True).returncode == 0
        words = [sys.executable, *sys.argv]
        if mounted:
            words = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"', disk, *words]
        code = subprocess.run(words, env={**os.environ, INSIDE: disk if mounted else ""}).returncode
        os.rmdir(disk)
        return code
    bench = Bench(os.path.abspath(arguments.gapwright), random.Random(arguments.seed))
    ways = {"full disk": bench.full_disk, "ulimit -f": bench.file_limit, "kill -9": bench.killed, "SIGTERM": bench.terminated, "two at once": bench.two_at_once, "input changes": bench.input_changes}
    left_out = ""
    if not disk:
        left_out = ", NOT TRIED: a full disk (no tmpfs can be mounted here)"
        del ways["full disk"]
    runs = 0
    for how, way in ways.items():
        for verb in VERBS:
            if arguments.only in how + " " + verb.name:
                for _ in range(arguments.count):
                    way(verb, disk)
                    runs += 1
    shutil.rmtree(bench.home)
    for finding in bench.findings:
        print("FINDING", finding)
    print(f"{runs} disturbed runs of {len(VERBS)} commands, {len(bench.findings)} findings{left_out}")
    return 1 if bench.findings else 0


if __name__ == "__main__":
    sys.exit(main())
