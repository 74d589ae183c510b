#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill -9 at random moments of a long decide; resumed each time, it ends with the certificate of a run that was not stopped.

usage: kill_and_resume.py GAPWRIGHT GAPWRIGHT_CHECK [--variables N] [--kills N] [--seed S]
"""
import argparse
import filecmp
import os
import random
import subprocess
import sys
import tempfile
import time


def wait_for_another(file, process):
    """Until `file` is written anew, or the process has ended."""

    def written():
        try:
            return os.stat(file).st_mtime_ns
        except FileNotFoundError:
            return 0

    before = written()
    while written() == before and process.poll() is None:
        time.sleep(0.001)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gapwright")
    parser.add_argument("checker")
    parser.add_argument("--variables", type=int, default=36)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="run the checker on the result too")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)

        def run(*command):
            subprocess.run([options.gapwright, *command, "--quiet"], check=True, stdout=subprocess.DEVNULL)

        run("gen", "random-ksat", "--variables", str(options.variables), "--clauses", str(7 * options.variables), "--seed", "3", "-o", path("f.cnf"))
        run("reduce", path("f.cnf"), "--to", "attention", "-o", path("a.safetensors"))
        decide = ["decide", path("a.safetensors"), "--method", "histogram", "--checkpoint-every"]
        begin = time.time()
        run(*decide, "60", "--certificate", path("whole.json"))
        whole = time.time() - begin
        every = whole / 50
        before = set(os.listdir(folder))
        kills, resumed, last = 0, 0, 0
        for kill in range(options.kills):
            process = subprocess.Popen([options.gapwright, *decide, str(every), "--certificate", path("killed.json"), "--progress", "never"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if kill % 2:  # any moment, also while it reads its input; after the others it has just got further
                time.sleep(rng.uniform(0, 0.2) * whole)
            else:
                wait_for_another(path("killed.json.checkpoint"), process)
                time.sleep(rng.uniform(0, 2) * every)
            process.kill()
            _, said = process.communicate()
            kills += process.returncode == -9
            if "going on after row" in said:
                resumed += 1
                row = int(said.split("going on after row")[1].split(",")[0])
                if row < last:
                    sys.exit(f"a run went on after row {row}, an earlier one after row {last}")
                last = row
            if os.path.exists(path("killed.json")):
                sys.exit("a killed run left a certificate")
        run(*decide, "60", "--certificate", path("killed.json"))
        same = filecmp.cmp(path("whole.json"), path("killed.json"), shallow=False)
        left = set(os.listdir(folder)) - before - {"killed.json"}
        print(f"decide takes {whole:.1f} s; killed {kills} times, {resumed} runs went on from a checkpoint, the last after row {last}; certificates {'identical' if same else 'DIFFERENT'}; "
              f"{len(left)} files left over")
        checked = subprocess.run([options.checker, path("killed.json"), path("a.safetensors")]).returncode if options.check else 0
        return 0 if same and kills == options.kills and resumed > 0 and not left and checked == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
