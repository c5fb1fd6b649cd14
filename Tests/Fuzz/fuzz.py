#!/usr/bin/env python3
"""Runs nutune on thousands of broken inputs and looks at how it refuses them; see README.md.

    Tests/Fuzz/fuzz.py --cases 300            # --seed 1 --only ensembles --keep failed --nutune .build/release/nutune
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import areas

CODES = {0, 1, 2, 64, 65, 66, 73}  # of the contract; 70, a mistake of the program, is none to be met here
MOST_MEMORY = 1 << 20  # kB
MOST_SECONDS = 60  # a hang; on a busy machine a slow case takes a few
# Words of Swift, of libraries and of nobody.
FOREIGN = re.compile(r"DecodingError|NSCocoa|Optional\(|Fatal error|CodingKeys|Swift\.|internal error|Traceback|found found")
NOT_A_NUMBER = re.compile(r"(?<![\w.-])-?(nan|inf|infinity)(?![\w.-])", re.IGNORECASE)
ERROR = re.compile(r"^nutune: error: (?P<place>.*?)found .+; expected .+", re.DOTALL)
GNUPLOT = """#!/bin/sh
# In place of gnuplot: the files that it would make, empty drawings.
for script; do :; done
name=${script##*/}; format=${name%.gnuplot}; format=${format##*.}; name=${name%.*.gnuplot}
case $format in
  svg) echo '<svg width="10" height="10" viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg"></svg>' > "$name.svg" ;;
  *) echo '%PDF-1.5' > "$name.pdf" ;;
esac
"""


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200 << 20, 200 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Outcome:
    """What a command did: exit code or −signal, seconds, memory in kB, what it printed."""

    def __init__(self, nutune, words, folder, tools):
        environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": folder, "NUTUNE_CATALOGS": f"{folder}/catalogs",
                       "NUTUNE_PYTHON": f"{folder}/python", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
                       "TMPDIR": folder}
        began = time.monotonic()
        with open(f"{folder}/.out", "w+b") as output, open(f"{folder}/.err", "w+b") as errors:
            process = subprocess.Popen([nutune] + words, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=errors, preexec_fn=limits, start_new_session=True)
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - began > MOST_SECONDS:
                    os.killpg(process.pid, 9)
                    pid, status, usage = os.wait4(process.pid, 0)
                    break
                time.sleep(0.01)
            process.returncode = 0
            output.seek(0), errors.seek(0)
            self.output = output.read(1 << 20).decode("utf-8", "replace")
            self.errors = errors.read(1 << 20).decode("utf-8", "replace")
        self.code = os.waitstatus_to_exitcode(status)
        self.seconds, self.memory = time.monotonic() - began, usage.ru_maxrss

    def faults(self, folder):
        """What is wrong with it, in words."""
        if self.seconds > MOST_SECONDS:
            return ["hang"]
        if self.code < 0:
            return [f"signal {-self.code}"]
        faults = [] if self.code in CODES else [f"exit code {self.code}"]
        if self.memory > MOST_MEMORY:
            faults.append(f"memory {self.memory >> 10} MB")
        sentences = ["nutune: error: " + text for text in ("\n" + self.errors).split("\nnutune: error: ")[1:]]
        # `ensemble status` says by 1 that something is missing, and a run by 2 that something did not converge.
        if self.code not in (0, 1, 2) and not sentences:
            faults.append("a refusal without a sentence")
        for sentence in sentences:
            match = ERROR.match(sentence)
            if self.code != 64 and not match:
                faults.append("a sentence without found and expected")
            elif self.code == 65 and not match["place"]:
                faults.append("a sentence without its place")
            if len(sentence) > 20000:
                faults.append("a sentence of a hundred lines")
        if len(self.errors) > 300_000:
            faults.append("too many sentences")
        if FOREIGN.search(self.errors):
            faults.append("foreign words")
        if self.code in (0, 2):
            texts = [self.output] + [path.read_text("utf-8", "replace") for pattern in (
                "*/results.json", "*/ensemble.json", "*/coverage.json", "out/*/new.csv")
                for path in pathlib.Path(folder).glob(pattern)]
            if any(NOT_A_NUMBER.search(re.sub(r'"[^"]*"', "", text)) for text in texts[1:]):
                faults.append("nan in results")
        return faults


def case(number, options, original, tools):
    """One case: its area, its command and its outcome; the number and the seed make it again."""
    source = random.Random(f"{options.seed}/{number}")
    names = options.only or list(areas.AREAS)
    name = names[number % len(names)]
    folder = tempfile.mkdtemp(prefix="case-", dir=options.work)
    command = areas.AREAS[name](source, original, folder)
    words = command.split() if isinstance(command, str) else command
    words = [word.replace("_cm2", " cm2") for word in words]
    outcome = Outcome(options.nutune, words, folder, tools)
    faults = outcome.faults(folder)
    if faults and options.keep:
        shutil.copytree(folder, f"{options.keep}/{number}-{name}", dirs_exist_ok=True)
    shutil.rmtree(folder)
    return number, name, words, outcome, faults


def prepare(options, tools):
    pathlib.Path(tools).mkdir()
    pathlib.Path(tools, "gnuplot").write_text(GNUPLOT)
    os.chmod(f"{tools}/gnuplot", 0o755)
    original = f"{options.work}/original"
    pathlib.Path(original).mkdir()

    def run(command, *codes):
        outcome = Outcome(options.nutune, command.split(), original, tools)
        if outcome.code not in codes:
            sys.exit(f"the original does not run: {command}: exit {outcome.code}\n{outcome.errors}")

    areas.prepare(original, run)
    return original


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(areas.AREAS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="folder for the inputs of cases that failed")
    parser.add_argument("--nutune", default=".build/release/nutune")
    options = parser.parse_args()
    options.nutune = os.path.abspath(options.nutune)
    counts, codes, failed = collections.Counter(), collections.defaultdict(collections.Counter), 0
    slowest, largest = 0, 0
    with tempfile.TemporaryDirectory(prefix="nutune-fuzz-") as work:
        options.work, tools = work, f"{work}/tools"
        original = prepare(options, tools)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            numbers = range(options.first, options.first + options.cases)
            for number, name, words, outcome, faults in pool.map(lambda n: case(n, options, original, tools), numbers):
                counts[name] += 1
                codes[name][outcome.code] += 1
                slowest, largest = max(slowest, outcome.seconds), max(largest, outcome.memory)
                if faults:
                    failed += 1
                    print(f"case {number} ({name}): {', '.join(faults)}: nutune {shlex.join(words)}\n"
                          f"  {outcome.errors.strip()[-600:]!r}", flush=True)
    print(f"{'area':<12}cases  exit codes")
    for name, count in counts.items():
        print(f"{name:<12}{count:>5}  " + ", ".join(f"{code}: {n}" for code, n in sorted(codes[name].items())))
    print(f"{sum(counts.values())} cases, {failed} failed; slowest {slowest:.1f} s, most memory {largest >> 10} MB")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
