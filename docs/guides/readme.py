#!/usr/bin/env python3
"""Runs every command of README.md and of the how-to pages that go on from it, as written, in their order.

    docs/guides/readme.py [--nutune PROGRAM] [--keep] [--list] [PAGE.md …]

A command is a line of a fenced block of kind sh (`\\` goes on), or a whole block of kind python. One shell runs them all, in
a new folder beside the repository's catalogs and build, so that what one sets or makes the next finds. Files that a block
shows with a title (```yaml title="study.yaml") are written before the commands of their page. A command has to succeed; 2,
results that did not converge, is a success of `nutune run` and `coverage`.

What CI does itself, and trainings that are as long as one before, are in INSTEAD with what runs in their place. A command is
either run or there, and an entry of INSTEAD that no page has any longer is a mistake.
"""

import argparse
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

# Beginning of a command as it stands in README: (what runs instead, why).
INSTEAD = {
    "make demo": (
        "sed 's/neural-sf}/neural-sf, training: {steps: 300}}/' catalogs/studies/dune-closure.yaml > short.yaml;"
        " make demo STUDY=\"$PWD/short.yaml\"",
        "a net with its whole training; what that predicts NeuralClosureTests holds"),
    "make test": (":", "CI runs it beside this"),
    "nutune run dune-models --out runs/models --set models.flow.training.steps=100": (
        "nutune run dune-models --out runs/models --set models.flow.training.steps=30"
        " --set models.neural.training.steps=100 --set models.neural-prior.training.steps=100"
        " --set fold.cell_scale=4 --set fold.accuracy=1e-2 --set fit.marginalize=false --set fit.scan_points=21",
        "two nets with their whole training, and fits that integrate two processes, take two minutes"),
    "nutune coverage dune-process-coverage --experiments 2 --out runs/few": (
        "nutune coverage dune-process-coverage --experiments 2 --out runs/few"
        " --set fold.cell_scale=4 --set fold.accuracy=1e-2 --set fold.nodes_w2=60 --set fold.nodes_q2=36",
        "what a coverage writes does not depend on the fold, which takes most of the time of two pseudo-experiments"),
    "nutune run first.yaml --out runs/first": (
        "nutune run first.yaml --out runs/first --set models.neural.training.steps=300",
        "the demo trains a net to its end"),
    "nutune run first.yaml --out runs/tanh": (
        "nutune run first.yaml --out runs/tanh --set models.neural.network.activation=tanh"
        " --set models.neural.training.steps=300",
        "the demo trains a net to its end"),
    "nutune run first.yaml --out runs/small": (
        "nutune run first.yaml --out runs/small --set"
        " 'models={small: {model: neural-sf, network: {hidden: [32, 32]}, training: {steps: 300}}}'",
        "the demo trains a net to its end"),
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


def replacement(command):
    """(what runs instead, why) of a command that does not run as written; None of one that does."""
    return next((INSTEAD[key] for key in INSTEAD if command.startswith(key)), None)


def stage(folder, nutune):
    """Puts what the commands find in the repository into a folder of their own, where they may write."""
    (folder / "catalogs").symlink_to(ROOT / "catalogs")
    (folder / ".build").symlink_to(nutune.parent.parent)
    # make builds in the repository, where everything is built, and its runs go where the commands look for them.
    (folder / "runs").mkdir()
    return f'make() {{ command make --no-print-directory -C "{ROOT}" "$@" OUT="{folder}/runs/dune-closure"; }}\n'


def follow(page, folder, shell):
    """Runs the commands of a page."""
    for _, _, title, lines in blocks(page.read_text(encoding="utf-8")):
        if title:
            write(folder, title, lines)
    for number, command in commands(page):
        instead = replacement(command)
        begun = time.monotonic()
        code, output = shell.run(instead[0] if instead else command)
        seconds = time.monotonic() - begun
        print(f"{page.name}:{number}: {command.splitlines()[0]}: {code}, {seconds:.0f} s, processor {shell.processor:.1f} s", flush=True)
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
    unused = [key for key in INSTEAD if not any(command.startswith(key) for command in known)]
    if unused:
        sys.exit(f"readme.py: found no command “{unused[0]}” in the pages; expected every entry of INSTEAD there")
    if options.list:
        for page in pages:
            for number, command in commands(page):
                instead = replacement(command)
                print(f"{page.name}:{number}: {command}" + (f"\n    instead: {instead[0]} ({instead[1]})" if instead else ""))
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nutune-readme-"))
    shell = Shell(folder)
    try:
        shell.run(stage(folder, options.nutune.absolute()))
        for page in pages:
            follow(page, folder, shell)
    except Mistake as mistake:
        sys.exit(str(mistake))
    finally:
        shell.close()
        if options.keep:
            print(f"left {folder}")
        else:
            shutil.rmtree(folder)


main()
