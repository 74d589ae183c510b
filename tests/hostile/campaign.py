#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile files of every kind, for every verb of gapwright, for gapwright-check and for the Python module.

usage: campaign.py GAPWRIGHT GAPWRIGHT_CHECK [--module FOLDER] [--seconds S | --runs N] [--seed S] [--keep FOLDER] [--only WORD]

A finding is: an exit code that docs/commands.md does not name, 1, or a signal, more time or memory than the limits that were given and a tolerance, a message of
more than 500 bytes or with control characters, an input that changed, a file that nobody asked for, something half-written after a refusal, a process
that stayed. Each finding is kept with its files; exit code 1 when there is one.
"""
import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

sys.dont_write_bytecode = True
import mutate

sys.path.remove(os.path.dirname(os.path.abspath(__file__)))  # numbers.py beside us is not Python's

TIMEOUT, MEMORY = 2, 256 << 20
LATE = float(os.environ.get("GAPWRIGHT_LATE", "1.5"))  # seconds of overshoot; more where other work shares the machine
FAT = 1.1 * MEMORY + (96 << 20)  # beside the limit: program text and libraries
CODES = {0, 2, 3, 4, 5, 6, 10, 20}
CHALLENGE = ("--rows", "8", "--pairs", "1", "--ladder", "1", "--timing-rows", "8")


def run_quiet(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 4):
        sys.exit(" ".join(command) + ": " + done.stderr)
    return done.stdout


def honest_files(gapwright, folder):
    """One folder of small files of every kind; names are their kinds."""
    at = lambda name: os.path.join(folder, name)
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
    shutil.copy(os.path.join(data, "yes", "six-variables.cnf"), at("yes.cnf"))
    shutil.copy(os.path.join(data, "no", "all-signs.cnf"), at("no.cnf"))
    for answer in ("yes", "no"):
        f = at(answer + ".cnf")
        run_quiet(gapwright, "reduce", f, "-k", "2", "--to", "attention", "-o", at(answer + "-direct.safetensors"))
        run_quiet(gapwright, "decide", at(answer + "-direct.safetensors"), "--formula", f, "--certificate", at(answer + "-direct.certificate.json"))
        run_quiet(gapwright, "reduce", f, "--to", "orthogonal-vectors", "-o", at(answer + "-ov.safetensors"))
        run_quiet(gapwright, "decide", at(answer + "-ov.safetensors"), "--certificate", at(answer + "-ov.certificate.json"))
        run_quiet(gapwright, "solve", f, "--certificate", at(answer + "-solve.certificate.json"))
        run_quiet(gapwright, "reduce", f, "-k", "2", "--to", "attention", "-o", at(answer + "-bundle") + "/")
    code = ["-k", "2", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2", "--advice", "3"]
    run_quiet(gapwright, "reduce", at("no.cnf"), *code, "--to", "gap-max-ip", "--form", "factored", "-o", at("factored.safetensors"))
    run_quiet(gapwright, "decide", at("factored.safetensors"), "--certificate", at("factored.certificate.json"))
    run_quiet(gapwright, "reduce", at("no.cnf"), *code, "--to", "gap-max-ip", "--gadget", "characters", "-o", at("real.safetensors"))
    run_quiet(gapwright, "reduce", at("no.cnf"), *code, "--to", "attention", "--gadget", "characters", "-o", at("real-attention.safetensors"))
    run_quiet(gapwright, "gen", "attention", "--rows", "6", "--dimension", "3", "-k", "2", "-o", at("random.safetensors"))
    run_quiet(gapwright, "attend", at("random.safetensors"), "-o", at("out.safetensors"))
    run_quiet(gapwright, "gen", "formula", at("yes.cnf"), "-T", "shuffle", "-o", at("shuffled.cnf"))
    run_quiet(gapwright, "solve", at("no.cnf"), "--proof", at("proof.drat"))
    run_quiet(gapwright, "explore", "regime", "--orders", "2", "--rows", "16", "--of-deciding", "0.5,1", "-o", at("results.jsonl"))
    run_quiet(gapwright, "explore", "routes", "--orders", "2", "--log2-rows", "4", "-o", at("routes.jsonl"))
    with open(at("answer.json"), "w") as f:
        f.write(run_quiet(gapwright, "decide", at("yes-bundle/target.safetensors"), "--json"))
    run_quiet(gapwright, "challenge", *CHALLENGE, "--write", at("inputs"))
    for name in os.listdir(at("inputs")):
        if name.endswith(".safetensors"):
            run_quiet(gapwright, "attend", at("inputs/" + name), "-o", at("inputs/" + name.replace(".safetensors", ".out.safetensors")))
    run_quiet(gapwright, "gen", "random-ksat", "--variables", "6", "--clauses", "20", "--plant", "--blind", "--answers", at("answers.json"), "-o", at("blind.cnf"))
    for name in ("gap_max_ip_forms-tied-rows", "sat_to_attention-mutant-no-gap", "merlin_arthur-mutant-T-equals-p", "attention_to_gradient-mutant-scale-forgotten"):
        shutil.copy(os.path.join(data, "..", "mutants" if "-mutant-" in name else "regressions", name + ".json"), at("regression-" + name.split("-")[0] + ".json"))
    shutil.copy(os.path.join(data, "npy", "three-sets.npy"), at("vectors.npy"))
    with open(at("messages.txt"), "w") as f:
        f.write("1 2 3\n0 4 1\n")


def commands(gapwright, check, honest):
    """(words, files that are mutated): OUT is a new file, OUT/ a new folder."""
    formulas, tensors = ("yes.cnf", "no.cnf"), ("yes-direct.safetensors", "no-ov.safetensors", "factored.safetensors", "real.safetensors", "real-attention.safetensors", "random.safetensors")
    for f in formulas:
        for options in ([], ["-k", "4", "--json"], ["--count"], ["--max"], ["--format", "sat"], ["--route", "hermitian", "--field", "25"], ["--route", "reed-solomon", "--advice", "sample:2"], ["--certificate", "OUT"], ["--proof", "OUT"]):
            yield [gapwright, "solve", f, *options], [f]
        for options in (["--to", "orthogonal-vectors"], ["--to", "attention", "-k", "2", "--centred"], ["--to", "attention", "--square", "--entry-dtype", "f16"], ["--to", "gap-max-ip", "--route", "hermitian", "--field", "25", "--form", "factored"],
                        ["--to", "attention", "--route", "reed-solomon", "--gadget", "characters", "-k", "2"]):
            yield [gapwright, "reduce", f, *options, "-o", "OUT"], [f]
        yield [gapwright, "reduce", f, "--to", "attention", "-o", "OUT/"], [f]
        for options in ([], ["--format", "svg", "-o", "OUT"], ["--json"]):
            yield [gapwright, "trace", f, *options], [f]
        for verb in ("decide", "estimate", "plan"):
            yield [gapwright, verb, f], [f]
        for verb in ("path", "implied"):
            yield [gapwright, verb, "cnf", "attention", f], [f]
        yield [gapwright, "gen", "formula", f, "-T", "shuffle", "-o", "OUT"], [f]
        yield [gapwright, "gen", "formula", f, "-T", "flip", "--blind", "--answers", "OUT.answers", "-o", "OUT"], [f]
        yield [gapwright, "reduce", f, "--to", "attention", "-k", "2", "--blind", "--answers", "OUT.answers", "-o", "OUT"], [f]
        yield [gapwright, "plan", f, "--json", "--all"], [f]
        yield [gapwright, "estimate", f, "--json", "-k", "2"], [f]
        yield [gapwright, "solve", f, "--count", "--project"], [f]
    for t in tensors:
        for options in ([], ["--json"], ["--certificate", "OUT"]):
            yield [gapwright, "decide", t, *options], [t]
    for t in ("yes-direct.safetensors", "real-attention.safetensors", "random.safetensors"):
        for method in ("histogram", "balls", "gradient"):
            yield [gapwright, "decide", t, "--method", method], [t]
        for method in ("exact", "polynomial", "certified"):
            yield [gapwright, "attend", t, "--method", method, "-o", "OUT"], [t]
        yield [gapwright, "attend", t, "--gradient", "out.safetensors", "-o", "OUT"], [t, "out.safetensors"]
        yield [gapwright, "attend", t, "--reference", "out.safetensors", "-o", "OUT"], ["out.safetensors"]
    for t in ("no-ov.safetensors", "real.safetensors"):
        yield [gapwright, "reduce", t, "--to", "attention", "-o", "OUT"], [t]
        yield [gapwright, "fuzz", "--exec", f"/bin/sh -c 'cp \"$0\" \"$2\"' {t} {{in}} {{out}}", "--to", "attention", "-k", "2", "--cases", "1"], [t]
    yield [gapwright, "decide", "yes-direct.safetensors", "--formula", "yes.cnf", "--certificate", "OUT"], ["yes-direct.safetensors", "yes.cnf"]
    yield [gapwright, "decide", "vectors.npy"], ["vectors.npy"]
    yield [gapwright, "reduce", "vectors.npy", "--to", "attention", "-o", "OUT"], ["vectors.npy"]
    for part in ("manifest.json", "lift.json", "source.cnf", "target.safetensors"):
        part = "yes-bundle/" + part
        yield [gapwright, "extract", "yes-bundle", "--result", "answer.json"], [part, "answer.json"]
        yield [check, "--bundle", "yes-bundle"], [part]
    yield [gapwright, "extract", "shuffled.cnf.lift.json", "--result", "answer.json"], ["shuffled.cnf.lift.json", "answer.json"]
    for r in ("results.jsonl", "routes.jsonl"):
        yield [gapwright, "explore", "report", r, "-o", "OUT"], [r]
        yield [gapwright, "explore", "plot", r, "-o", "OUT/"], [r]
    for rule in ("gap_max_ip_forms", "sat_to_attention", "merlin_arthur", "attention_to_gradient"):
        yield [gapwright, "fuzz", "--replay", f"regression-{rule}.json"], [f"regression-{rule}.json"]
    outputs = sorted(name for name in os.listdir(os.path.join(honest, "inputs")) if name.endswith(".out.safetensors"))
    yield [gapwright, "challenge", *CHALLENGE, "--outputs", "inputs"], ["inputs/" + name for name in outputs]
    yield [gapwright, "challenge", *CHALLENGE, "--outputs", "inputs", "--json"], ["inputs/" + name for name in outputs]
    yield [gapwright, "code", "encode", "reed-solomon", "-q", "5", "--degree", "2", "messages.txt"], ["messages.txt"]
    for answer in ("yes", "no"):
        for kind, files in (("direct", ["direct.safetensors"]), ("ov", ["ov.safetensors"]), ("solve", [])):
            files = [f"{answer}-{f}" for f in files] or [answer + ".cnf"]
            if kind == "direct" and answer == "yes":
                files.append("yes.cnf")
            certificate = f"{answer}-{kind}.certificate.json"
            yield [check, certificate, *files], [certificate, *files]
    yield [check, "factored.certificate.json", "factored.safetensors"], ["factored.certificate.json", "factored.safetensors"]
    yield [check, "--proof", "proof.drat", "no.cnf"], ["proof.drat", "no.cnf"]


def digest(folder):
    """Every file below, with the hash of its contents."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as f:
                    found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
            else:
                found[os.path.relpath(path, folder)] = "other"
    return found


def fault_of_message(text):
    for line in text.split(b"\n"):
        if len(line) > 500:
            return f"a message of {len(line)} bytes"
    shown = text.decode("utf-8", "replace")
    if any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown) or "\ufffd" in shown:
        return "control characters in a message"
    return None


def lives_marked(mark):
    """True when some process has the mark in its environment: a short while is given to what is just being killed."""
    for tries in range(20):
        found = False
        for name in os.listdir("/proc"):
            try:
                with open(f"/proc/{name}/environ", "rb") as f:
                    found |= name.isdigit() and mark.encode() in f.read()
            except OSError:
                continue
        if not found:
            return False
        time.sleep(0.05)
    return True


def watched(command, cwd):
    """(exit code or -signal, stderr, seconds, most resident bytes, processes that stayed, control characters on standard output)."""
    err, out = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    environment = dict(os.environ, GAPWRIGHT_HOSTILE=f"{os.getpid()}-{time.monotonic_ns()}")
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, env=environment)
    timer_fired = False
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - start > 5 * TIMEOUT + 20:
            os.killpg(child.pid, signal.SIGKILL)
            timer_fired = True
        time.sleep(0.002)
    seconds = time.monotonic() - start
    if seconds < 15 and usage.ru_utime + usage.ru_stime < 0.5:  # the machine was busy elsewhere: only a long wait without work is a finding
        seconds = min(seconds, TIMEOUT)
    child.returncode = 0
    try:
        os.killpg(child.pid, signal.SIGKILL)
        stayed = True
    except ProcessLookupError:
        stayed = False
    stayed = stayed or lives_marked(environment["GAPWRIGHT_HOSTILE"])
    err.seek(0)
    out.seek(0)
    shown = out.read(1 << 22).decode("utf-8", "replace")
    controls = any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in shown)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return (-99 if timer_fired else code), err.read(1 << 22), seconds, usage.ru_maxrss * 1024, stayed, controls


def faults(command, folder, before, checker):
    outputs = [w for w in command if w.rstrip("/").endswith("OUT")]
    limits = ["--time-limit", str(TIMEOUT), "--memory-limit", str(MEMORY >> 20) + "M"] if checker else ["--timeout", str(TIMEOUT), "--memory-limit", str(MEMORY >> 20) + "M", "-j", "2"]
    code, text, seconds, resident, stayed, controls = watched([command[0], *limits, *command[1:]] if checker else [*command, *limits], folder)
    after = digest(folder)
    found = []
    if code not in CODES:
        found.append(f"exit code {code}")
    if seconds > TIMEOUT + LATE:
        found.append(f"{seconds:.1f} s under a limit of {TIMEOUT}")
    if resident > FAT:
        found.append(f"{resident >> 20} MB under a limit of {MEMORY >> 20}")
    if fault := fault_of_message(text):
        found.append(fault)
    if code in (2, 5, 6) and b"\n" not in text:
        found.append("no message")
    if stayed:
        found.append("a process that stayed")
    if controls:
        found.append("control characters on standard output")
    for path in before:
        if after.get(path) != before[path]:
            found.append(f"{path} changed")
    for path in set(after) - set(before):
        asked = any(path == "OUT" or path.startswith("OUT/") or path.startswith("OUT.") for _ in outputs)
        if not asked or ".gapwright-partial-" in path:
            found.append(f"a new file {path[:60]}")
        elif code in (2, 6) and not path.endswith(".checkpoint"):
            found.append(f"{path} written, and then refused")
    return code, found, text


MODULE_CALLS = {
    "cnf": ["gw.solve(gw.Formula.read(p), timeout=2)", "gw.reduce(gw.Formula.read(p), to='attention', order=2).target", "gw.count_models(gw.Formula.read(p), timeout=2)",
            "gw.fewest_violated(gw.Formula.read(p), timeout=2)", "gw.read(p).write(p + '.copy')", "repr(gw.read(p).clauses)",
            "gw.reduce(gw.Formula.read(p), to='gap-max-ip', route='reed-solomon', order=2).target"],
    "safetensors": ["gw.decide(gw.read(p), timeout=2)", "gw.attend(gw.read(p), timeout=2)", "gw.attend(gw.read(p), method='certified', timeout=2)", "gw.attend(gw.read(p), method='polynomial', timeout=2)",
                    "gw.gradients(gw.read(p), gw.attend(gw.read(p), timeout=2).out, timeout=2)", "gw.reduce(gw.read(p), to='attention').target", "gw.read(p).write(p + '.copy')",
                    "[getattr(gw.read(p), n, None) for n in ('sets', 'order', 'dimension', 'yes_at_least', 'expected', 'message', 'q', 'keys')]"],
    "npy": ["gw.decide(gw.read(p), timeout=2)", "gw.reduce(gw.read(p), to='attention').target"],
}


def module_faults(module, call, path):
    """One call in a forked child: any exception of Python with a short message is an answer, and so is long work where no limit of time was given."""
    limited = "timeout=" in call
    read_end, write_end = os.pipe()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))
            signal.alarm(30 if limited else TIMEOUT)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            answer = "done"
            try:
                eval(call, {"gw": module, "p": path})
            except Exception as e:
                answer = f"{type(e).__name__}: {e}"
            os.write(write_end, answer.encode("utf-8", "surrogatepass")[:100_000])
            os._exit(0)
        except BaseException:
            os._exit(9)
    os.close(write_end)
    text = b""
    while piece := os.read(read_end, 1 << 16):
        text += piece
    os.close(read_end)
    _, status, usage = os.wait4(pid, 0)
    seconds, found = time.monotonic() - start, []
    if status == signal.SIGALRM and not limited:
        return []
    if status != 0:
        found.append(f"the interpreter ended with status {status}")
    if limited and seconds > TIMEOUT + LATE:
        found.append(f"{seconds:.1f} s under a limit of {TIMEOUT}")
    if text.startswith((b"RuntimeError", b"SystemError", b"IndexError")):
        found.append("an exception that is ours: " + text.decode("utf-8", "replace")[:200])
    if (fault := fault_of_message(text)) and not text.startswith(b"TypeError: reduce(): incompatible"):  # pybind11 lists the overloads
        found.append(fault)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gapwright")
    parser.add_argument("check")
    parser.add_argument("--module", help="folder of the built Python module")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, help="so many mutants instead of --seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder for the files of findings")
    parser.add_argument("--only", default="", help="only commands with this word")
    arguments = parser.parse_args()
    gapwright, check = os.path.abspath(arguments.gapwright), os.path.abspath(arguments.check)
    module = None
    if arguments.module:
        sys.path.insert(0, arguments.module)
        import gapwright as module
    rng = random.Random(arguments.seed)
    codes, found, runs, start = Counter(), Counter(), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        honest = os.path.join(scratch, "honest")
        os.mkdir(honest)
        honest_files(gapwright, honest)
        everything = [c for c in commands(gapwright, check, honest) if arguments.only in " ".join(c[0])]
        mutants = 0
        while mutants < arguments.runs if arguments.runs else time.monotonic() - start < arguments.seconds:
            mutants += 1
            command, mutated = rng.choice(everything)
            folder = os.path.join(scratch, "case")
            shutil.copytree(honest, folder)
            name = rng.choice(mutated)
            path = os.path.join(folder, name)
            with open(path, "rb") as f:
                data = f.read()
            with open(path, "wb") as f:
                f.write(mutate.mutant(name, data, rng))
            code, faults_found, text = faults(command, folder, digest(folder), command[0] == check)
            codes[code] += 1
            runs += 1
            shown = " ".join([os.path.basename(command[0]), *command[1:]])
            ending = name.rsplit(".", 1)[-1]
            if module and ending in MODULE_CALLS and rng.random() < 0.3:
                call = rng.choice(MODULE_CALLS[ending])
                runs += 1
                if more := module_faults(module, call, path):
                    faults_found, shown = more, call
            for fault in faults_found:
                found[f"{shown.split(' -o')[0][:60]}: {fault[:60]}"] += 1
            if faults_found and found.total() <= 200:
                print(f"FINDING {shown} with a mutant of {name}: {'; '.join(faults_found)[:400]}\n    {text[:200]!r}", flush=True)
                if arguments.keep:
                    shutil.copytree(folder, os.path.join(arguments.keep, f"{arguments.seed}-{runs}"))
            shutil.rmtree(folder)
    print(f"{runs} runs of {len(everything)} commands; exit codes " + ", ".join(f"{c}: {n}" for c, n in sorted(codes.items())))
    print(f"{found.total()} findings" + (": " + "; ".join(f"{n} x {f}" for f, n in found.most_common(12)) if found else ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
