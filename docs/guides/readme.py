#!/usr/bin/env python3
"""Runs every command of README.md and of the how-to pages that go on from it, as written, in their order.

    docs/guides/readme.py [--nutune PROGRAM] [--keep] [--list] [PAGE.md …]

A command is a line of a fenced block of kind sh (`\\` goes on), or a whole block of kind python. One shell runs them all, in
a new folder beside the repository's catalogs and build, so that what one sets or makes the next finds. Files that a block
shows with a title (```yaml title="study.yaml") are written before the commands of their page. A command has to succeed; 2,
results that did not converge, is a success of `nutune run` and `coverage`.

What stands in ADDED gets options besides, folds and trainings of seconds for one, and what stands in INSTEAD is replaced: a
command that CI runs itself. A command that stands on two pages runs once. An entry of either that no page has any longer is
a mistake.
"""

import argparse
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

from session import ROOT, Mistake, Shell, blocks, write

README = ROOT / "README.md"
PAGES = [README] + [ROOT / "docs/how-to" / name for name in ("compare-models.md", "ensembles.md", "cross-sections.md", "evaluate-a-net.md")]
PAGES.append(ROOT / "docs/reference/run-folder.md")

# With fewer nodes fits wander, which takes more time than the fold saves.
FOLD = {"cell_scale": 4, "nodes_w2": 80, "nodes_q2": 50, "accuracy": 2e-3}
# The end of the second window, which counts as converged wherever the loss does not double.
TRAINING = {"steps": 200, "relative_decrease": 0.999}


def settings(nets=(), processes=(), report=True):
    """Options that make a study quick: a coarse fold and scan, few steps for nets, smooth Gaussian processes."""
    values = {f"fold.{key}": value for key, value in FOLD.items()} | {"fit.scan_points": 21}
    for label in nets:
        values |= {f"models.{label}.training.{key}": value for key, value in TRAINING.items()}
    for label in processes:
        values |= {f"models.{label}.kernel.length_w2": 2, f"models.{label}.kernel.length_q2": 2}
    return " ".join([f"--set {key}={value}" for key, value in values.items()] + ([] if report else ["--no-report"]))


# Beginning of a command as it stands on a page: (what runs instead, why).
INSTEAD = {
    "make demo": (
        f"{{ sed 's/neural-sf}}/neural-sf, training: {json.dumps(TRAINING)}}}/' catalogs/studies/dune-closure.yaml;"
        f" echo 'fold: {json.dumps(FOLD)}'; }} > short.yaml;"
        " make demo STUDY=\"$PWD/short.yaml\"",
        "a net with its whole training; what that predicts NeuralClosureTests holds"),
    "make test": (":", "CI runs it beside this"),
}
# Beginning of a command as it stands on a page: the options that are added behind it. A page is drawn for each kind of
# command, and where one looks at its figures.
ADDED = {
    "nutune run first.yaml --out runs/first": settings(nets=["neural"]),
    "nutune run first.yaml --out runs/tanh --set models.neural.network.activation=tanh": settings(
        nets=["neural"], report=False),
    "nutune run dune-closure --plugin ./LorentzPeak --out runs/peak --set 'models={peak: {model: lorentz-peak}}'": settings(
        report=False),
    "nutune run dune-models --out runs/models --set models.flow.training.steps=100": settings(
        nets=["neural", "neural-prior"], processes=["process", "process-smooth"], report=False)
    + " --set models.flow.training.steps=30",
    "nutune run first.yaml --out runs/small --set 'models={small: {model: neural-sf, network: {hidden: [32, 32]}}}'": settings(
        nets=["small"], report=False),
    "nutune run first.yaml --out runs/table --set 'models={table: {model: tabulated, file: toy-sf-numu.h5}}'": settings(
        report=False),
    "nutune coverage dune-process-coverage --experiments 2 --out runs/few": settings(processes=["process"]),
    "nutune coverage dune-closure --experiments 4 --set 'models={theory: {model: toy-sf}}'": settings(report=False),
    "nutune ensemble run dune-ensemble": settings(nets=["neural"]),
    "nutune ensemble plan dune-ensemble": settings(nets=["neural"]),
}


def commands(page):
    """(line number, command) of every block of kind sh, and of every one of kind python that is no file."""
    for start, kind, title, lines in blocks(page.read_text(encoding="utf-8")):
        if kind == "python" and not title:
            yield start + 1, "\n".join(["python3 - <<'END'", *lines, "END"])
        if kind != "sh":
            continue
        command = None
        for number, line in enumerate(lines, start + 1):
            if command is None and not line.strip():
                continue
            first, command = (number, line) if command is None else (first, f"{command}\n{line}")
            if not line.endswith("\\"):
                yield first, command
                command = None


def run_as(command):
    """What runs for a command of a page."""
    for beginning, (other, _) in INSTEAD.items():
        if command.startswith(beginning):
            return other
    for beginning, options in ADDED.items():
        if command.startswith(beginning):
            return f"{beginning} {options}{command.removeprefix(beginning)}"
    return command


def stage(folder, nutune):
    """Puts what the commands find in the repository into a folder of their own, where they may write."""
    (folder / "catalogs").symlink_to(ROOT / "catalogs")
    (folder / ".build").symlink_to(nutune.parent.parent)
    # make builds in the repository, where everything is built, and its runs go where the commands look for them.
    (folder / "runs").mkdir()
    return f'make() {{ command make --no-print-directory -C "{ROOT}" "$@" OUT="{folder}/runs/dune-closure"; }}\n'


def follow(page, folder, shell, done):
    """Runs the commands of a page, but for those that are done, and says what each took."""
    for _, _, title, lines in blocks(page.read_text(encoding="utf-8")):
        if title:
            write(folder, title, lines)
    for number, command in commands(page):
        if command in done:
            continue
        done.add(command)
        begun = time.monotonic()
        code, output = shell.run(run_as(command))
        took = f"{time.monotonic() - begun:.0f} s, processor {shell.processor:.1f} s"
        print(f"{page.name}:{number}: {command.splitlines()[0]}: {code}, {took}", flush=True)
        converges = re.match(r"nutune (run|coverage)|make demo", command)
        if code and not (code == 2 and converges):
            raise Mistake(f"{page}:{number}: {command}: found exit code {code}; expected 0\n{output}")


def main():
    parser = argparse.ArgumentParser(description="Runs every command of README.md and of the pages that go on from it.")
    parser.add_argument("pages", nargs="*", type=pathlib.Path, help="pages, in order; README.md and what follows it")
    parser.add_argument("--nutune", type=pathlib.Path, default=ROOT / ".build/release/nutune", help="the program")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    parser.add_argument("--list", action="store_true", help="say what would run, and run nothing")
    options = parser.parse_args()
    pages = options.pages or PAGES
    known = [command for page in PAGES for _, command in commands(page)]
    unused = [key for key in (*INSTEAD, *ADDED) if not any(command.startswith(key) for command in known)]
    if unused:
        sys.exit(f"readme.py: found no command “{unused[0]}” in the pages; expected every entry of INSTEAD and ADDED there")
    if options.list:
        for page in pages:
            for number, command in commands(page):
                other = run_as(command)
                print(f"{page.name}:{number}: {command}" + (f"\n    runs as: {other}" if other != command else ""))
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nutune-readme-"))
    shell, done = Shell(folder), set()
    try:
        shell.run(stage(folder, options.nutune.absolute()))
        for page in pages:
            follow(page, folder, shell, done)
    except Mistake as mistake:
        sys.exit(str(mistake))
    finally:
        shell.close()
        if options.keep:
            print(f"left {folder}")
        else:
            shutil.rmtree(folder)


main()
