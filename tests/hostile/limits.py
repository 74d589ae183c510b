#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every verb under its limits: --timeout, --memory-limit, --max-tuples. Each row of the table in docs/limits.md is tried here.

usage: limits.py GAPWRIGHT [--all] [--only WORD] [--figures FILE]

A verb is given work that is far too much for it. It must end in one line and exit code 5 (or be done), at most a second late (two more on a shared
machine), and with at most 110 % of the memory and 100 MB for the program itself. What a run takes of the processors after its time limit is measured
too, as other work on the machine does not add to it: at most a second of each core. --all runs every row, else those that stand for a kind.
--figures writes what was measured, one line a run: limit, exit code, seconds late, of the processors, MB, command.
"""
import argparse
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS, LATE = 1, float(os.environ.get("GAPWRIGHT_LATE", "3"))  # more where other work shares the machine
MEMORY, ROOM = 200 << 20, 100 << 20
KILL_AFTER = 30

# What is run, and which limits it is run under: t time, m memory, n tuples (must be refused). A star: also without --all.
TABLE = """
*tm  solve r36.cnf --max
*  n solve r12.cnf
   n solve r12.cnf --count
   n solve r12.cnf --max
   n solve r12.cnf --route reed-solomon -k 2
 tm  solve r36.cnf --route tower --advice all
 tm  solve wide.cnf
*tm  reduce r36.cnf --to attention --route tower -k 2 -o out
 tm  reduce r36.cnf --to gap-max-ip --route tower -o out
 tm  reduce r36.cnf --to gap-max-ip --route tower -o bundle/
 tm  reduce r36.cnf --to gap-max-ip --route hermitian --form explicit -o out
 tm  reduce r36.cnf --to attention --route reed-solomon --gadget characters -k 2 -o out
 tm  reduce ov.safetensors --to gap-max-ip --route tower -o out
 tmn reduce ov.safetensors --to attention --expect -o out
*  n reduce small-ov.safetensors --to attention --expect -o out
   n reduce small-ov.safetensors --to gap-max-ip --route reed-solomon --expect -o out
   n reduce r12.cnf --to attention -o out
 tm  decide hole.cnf
 tm  decide wide.cnf
 tmn decide ov.safetensors
 tmn decide ov.safetensors --certificate out
*tmn decide gap.safetensors
*tmn decide direct.safetensors --method balls
 tmn decide direct.safetensors --method histogram
   n decide direct.safetensors
*tmn attend attention.safetensors -o out
*tmn attend attention.safetensors --method certified -o out
 tm  attend flat.safetensors --method polynomial --error 1e-9 -o out
 tmn attend flat.safetensors --gradient upstream.safetensors -o out
 tm  attend flat.safetensors --gradient upstream.safetensors --method polynomial -o out
*tm  code check tower -q 5 --level 5
 tm  code check tower -q 3 --level 8
 tm  code check reed-solomon -q 65521 --degree 30000
 tm  code matrix hermitian -q 31 --degree 29000
 tm  code matrix reed-solomon -q 65521 --degree 30000
 tm  code matrix reed-solomon -q 65521 --degree 3000 --json
 tm  code matrix hermitian -q 256 --degree 16000000
 tm  code matrix tower -q 3 --level 8 --degree 12000
*tm  code encode reed-solomon -q 65521 --degree 12000
 tm  code encode hermitian -q 31 --degree 12000
*tm  code encode reed-solomon -q 1021 --degree 400 messages.txt
 tm  code encode reed-solomon -q 1021 --degree 400 messages.txt --json
 tm  code check hermitian -q 31 --degree 12000
 tm  code check hermitian -q 256
 tm  code show tower -q 4 --level 9 --degree 700000
 tm  code show hermitian -q 256 --degree 16000000
 tm  code show hermitian -q 256 --degree 16000000 --json
*tm  gen random-ksat --variables 2000000 --clauses 5000000 -o out
*tm  gen random-ksat --variables 2147483647 --clauses 1 --plant -o out
 tm  gen random-ksat --variables 2000000 --clauses 1 --width 1000000 -o out
 tm  gen random-ksat --variables 200 --clauses 2000000 --plant=quiet -o out
*tm  gen formula wide.cnf -T shuffle -o out
 tm  gen formula two-million.cnf -T shuffle -T flip -T shuffle -T flip -T shuffle -o out
 tm  gen ramsey 5 5 60 -o out
 tm  gen pigeonhole 300 300 -o out
 tm  gen parity 301 -o out
 tm  gen ordering 300 -o out
 tm  gen van-der-waerden 100000 3 3 -o out
 tm  gen orthogonal-vectors --vectors 1000000 --dimension 2000 -o out
*tmn gen orthogonal-vectors --vectors 100000 --dimension 200 --expect -o out
 tmn gen gap-max-ip --vectors 100000 --dimension 2500 --expect -o out
*tm  gen attention --rows 1000000 --dimension 64 -o out
 tmn explore regime --orders 3 --rows 1024..8192 -o out
 tmn explore gradient --orders 2 --rows 1024..4096 -o out
*tmn explore routes --orders 2 --log2-rows 4,6
 tmn explore routes --orders 2 --log2-rows 12 --measured-symbols 1e30
 tmn explore routes --orders 2 --log2-rows 4,6 --family ksat
*tmn explore orders --variables 40 --measured-tuples 1e30 --orders 2,3
   n explore orders --variables 12 --orders 2
*tm  path cnf attention wide.cnf
 tm  path cnf attention two-million.cnf --all
 tm  path cnf attention --variables 196608 --clauses 3 --all
 tm  path gap-max-ip attention --vectors 4611686018427387903 --dimension 4611686018427387903 --yes-at-least 4611686018427387903 --no-at-most 1 --all
*tm  implied cnf attention wide.cnf
 tm  implied cnf attention --variables 196608 --clauses 1000000
 tm  estimate --variables 2147483647 --clauses 3
*tm  plan --variables 60 --clauses 260 --longest 10000000
 tm  plan --variables 60 --clauses 260 --up-to 100000
 tm  plan --variables 100000 --clauses 10000000
*tm  fuzz all --cases 1000000000
 tm  fuzz all --cases 18446744073709551615
*tm  fuzz all --exhaustive 1000000
 tm  fuzz all --exhaustive 18446744073709551615
*  n fuzz sat_to_attention --cases 1000
   n fuzz --exec '/bin/false {in} {out}' --to attention -k 2
 tm  fuzz --exec '/bin/true {in} {out}' --to attention -k 2 --cases 1000000000
 tmn challenge --exec '/bin/true {in} {out}' --rows 4096
 tmn challenge --exec '/bin/sleep 100 {in} {out}' --rows 16
 tmn audit --exec '/bin/true {in} {out}' -k 4 --rows 4096
 tmn audit --exec '/bin/sleep 100 {in} {out}' --run-timeout 1000
 tmn challenge --write folder --rows 2048 --pairs 100000
 tm  trace tiny.cnf
 tm  list problems
 tm  show attention
 tm  graph
 tm  version
"""


def quiet(gapwright, words):
    done = subprocess.run([gapwright, *words], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(" ".join(words) + ": " + done.stderr)


def make_inputs(gapwright):
    for name, text in (("wide.cnf", "p cnf 2147483647 1\n1 0\n"), ("two-million.cnf", "p cnf 2000000 1\n1 0\n"), ("tiny.cnf", "p cnf 3 2\n1 2 0\n-1 3 0\n")):
        with open(name, "w") as f:
            f.write(text)
    with open("messages.txt", "w") as f:
        f.write((" ".join(str(i) for i in range(401)) + "\n") * 20_000)
    for n, m, name in ((36, 400, "r36.cnf"), (12, 50, "r12.cnf")):
        quiet(gapwright, ["gen", "random-ksat", "--variables", str(n), "--clauses", str(m), "-o", name])
    quiet(gapwright, ["gen", "pigeonhole", "13", "12", "-o", "hole.cnf"])
    quiet(gapwright, ["gen", "orthogonal-vectors", "--vectors", "20000", "--dimension", "300", "-k", "3", "-o", "ov.safetensors"])
    quiet(gapwright, ["gen", "gap-max-ip", "--vectors", "4000", "--dimension", "400", "--yes-at-least", "380", "--no-at-most", "300", "-k", "3", "-o", "gap.safetensors"])
    quiet(gapwright, ["gen", "attention", "--rows", "4000", "--dimension", "64", "-k", "3", "-o", "attention.safetensors"])
    quiet(gapwright, ["gen", "attention", "--rows", "30000", "--dimension", "8", "-k", "2", "-o", "flat.safetensors"])
    quiet(gapwright, ["reduce", "r36.cnf", "-k", "3", "--to", "attention", "-o", "direct.safetensors"])
    quiet(gapwright, ["reduce", "r12.cnf", "-k", "2", "--to", "orthogonal-vectors", "-o", "small-ov.safetensors"])
    shape = [30000, 8]
    header = ('{"g":{"dtype":"F64","shape":%s,"data_offsets":[0,%d]}}' % (str(shape).replace(" ", ""), shape[0] * shape[1] * 8)).encode()
    with open("upstream.safetensors", "wb") as f:
        f.write(len(header).to_bytes(8, "little") + header + bytes(shape[0] * shape[1] * 8))


def clear():
    """What a run has written goes away, so that the next one starts like it."""
    for name in os.listdir("."):
        if not name.endswith((".cnf", ".safetensors", "messages.txt")):
            shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)


def processor_seconds(pid):
    """Of the process alone so far, or None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            user, system = f.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return None


def run(words, before=None):
    """(exit code or -signal, seconds, most resident bytes, messages, processor seconds after the time limit)."""
    err = tempfile.TemporaryFile()
    start = time.monotonic()
    at_limit = None
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, preexec_fn=before)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        if at_limit is None and time.monotonic() - start > SECONDS:
            at_limit = processor_seconds(child.pid)
        if time.monotonic() - start > KILL_AFTER:
            child.kill()
        time.sleep(0.003)
    child.returncode = 0
    err.seek(0)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    late = 0 if at_limit is None else max(0, usage.ru_utime + usage.ru_stime - at_limit)
    return code, time.monotonic() - start, usage.ru_maxrss * 1024, err.read().decode("utf-8", "replace"), late


def faults(words, limit, code, seconds, resident, messages, late):
    errors = [line for line in messages.splitlines() if "error: " in line]
    allowed = (5,) if limit == "n" else (0, 4, 5)
    found = [] if code in allowed else [f"exit code {code}"]
    if code == 5 and len(errors) != 1 and not (words[0] == "challenge" and not errors):  # its report says that it is not complete
        found.append(f"{len(errors)} lines of error")
    if limit == "n" and "tuples, the limit is 10" not in messages:
        found.append("the refusal does not name the tuples")
    if limit == "t" and seconds > SECONDS + LATE:
        found.append(f"{seconds:.1f} s")
    if limit == "t" and late > os.cpu_count():
        found.append(f"{late:.1f} s of the processors after the limit")
    if limit == "m" and resident > 1.1 * MEMORY + ROOM:
        found.append(f"{resident >> 20} MB")
    return found


def few_threads():
    """No thread may be started any more: limits of processes hold for others than root only."""
    os.setgid(65534)
    os.setuid(65534)
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gapwright")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--figures", default=os.devnull)
    arguments = parser.parse_args()
    gapwright = os.path.abspath(arguments.gapwright)
    figures = open(arguments.figures, "w")
    found, tried = 0, 0

    def report(name, words, outcome, wrong):
        nonlocal found, tried
        tried += 1
        code, seconds, resident, messages, late = outcome
        print(f"{name}\t{code}\t{max(0, seconds - SECONDS):.2f}\t{late:.2f}\t{resident >> 20}\t{shlex.join(words)}", file=figures, flush=True)
        if wrong or arguments.only:
            print(f"{'FAILED ' if wrong else ''}{name} {shlex.join(words)}: code {code}, {seconds:.1f} s, {resident >> 20} MB; {', '.join(wrong)}\n  {messages.strip()[-300:]}", flush=True)
        found += bool(wrong)

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.chmod(folder, 0o777)
        make_inputs(gapwright)
        options = {"t": ["--timeout", str(SECONDS), "--memory-limit", "4G"], "m": ["--timeout", "4", "--memory-limit", f"{MEMORY >> 20}M"], "n": ["--timeout", "9", "--max-tuples", "10"]}
        for row in TABLE.strip("\n").splitlines():
            if arguments.only not in row or not (arguments.all or arguments.only or row[0] == "*"):
                continue
            words = shlex.split(row[5:])
            for limit in row[1:4].replace(" ", ""):
                outcome = run([gapwright, *words, *options[limit]])
                clear()
                report(limit, words, outcome, faults(words, limit, *outcome))
        for words in (["list", "problems"], ["solve", "r12.cnf"], ["attend", "attention.safetensors", "-o", "out"], ["solve", "r36.cnf", "--max"]):
            for least in ("0", "1K", "3M"):
                outcome = run([gapwright, *words, "--timeout", "2", "--memory-limit", least])
                wrong = [] if outcome[0] in (0, 5) and len(outcome[3].splitlines()) <= 1 else [f"exit code {outcome[0]}"]
                report(f"memory {least}", words, outcome, wrong)
        if os.getuid() == 0 and not arguments.only:
            program = shutil.copy(gapwright, os.path.join(folder, "gapwright"))  # the other user may not enter the build folder
            os.chmod(program, 0o755)
            for words in (["solve", "r36.cnf", "--max"], ["decide", "hole.cnf"], ["attend", "attention.safetensors", "-o", "out"]):
                outcome = run([program, *words, "--timeout", "2"], few_threads)
                report("no threads", words, outcome, [] if outcome[0] in (0, 5) else [f"exit code {outcome[0]}"])
    print(f"{tried} runs, {found} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
