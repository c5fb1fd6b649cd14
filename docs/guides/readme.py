#!/usr/bin/env python3
"""Runs every command of README.md, in its order and as written, in a new folder beside the repository's catalogs and build.

    docs/guides/readme.py [--nutune PROGRAM] [--keep] [--list] [README.md]

A command is a line of a fenced block of kind sh (`\\` goes on). One shell runs them all, so that what one sets or makes
the next finds. Files that a block shows with a title (```yaml title="study.yaml") are written before. A command has to
succeed; 2, results that did not converge, is a success of `nutune run` and `coverage`.

What would take hours, or is what CI does itself, is in INSTEAD with what runs in its place; a command of README that is
neither run nor there cannot exist, and an entry of INSTEAD that README no longer has is a mistake.
"""

import argparse
import pathlib
import re
import shutil
import sys
import tempfile
import time

from session import ROOT, Mistake, Shell, blocks, write

# Beginning of a command as it stands in README: (what runs instead, why).
INSTEAD = {
    "make test": (":", "CI runs it beside this"),
    "make talk": (":", "twenty minutes of the studies that the tests run in small"),
    "nutune present catalogs/stories/talk.yaml": (":", "it reads what make talk makes"),
    "nutune run dune-models": (
        "nutune run dune-models --set models.flow.training.steps=100", "the flow trains for a minute and a half"),
    "nutune coverage dune-process-coverage --experiments 200": (
        "nutune coverage dune-process-coverage --experiments 2 --out runs/few", "200 experiments take half an hour"),
    "nutune coverage dune-closure --experiments 500": (
        "nutune coverage dune-closure --experiments 4 --set 'models={theory: {model: toy-sf}}'", "500 take ten minutes"),
    "nutune ensemble run dune-ensemble": (
        "nutune ensemble run dune-ensemble --set systematics.ensemble.members=2 --set systematics.ensemble.breakdown=0",
        "its members and those of single sources take minutes"),
    "nutune ensemble plan dune-ensemble --out runs/many --set systematics.ensemble.members=1000": (
        "nutune ensemble plan dune-ensemble --out runs/many --set systematics.ensemble.members=2"
        " --set systematics.ensemble.breakdown=0", "a thousand members take an hour"),
    "nutune ensemble run runs/many --slurm": ("nutune ensemble run runs/many", "no Slurm here; make slurm-test has one"),
}


def commands(text):
    """(line number, command) of every block of kind sh."""
    for start, kind, _, lines in blocks(text):
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
    """(beginning, what runs instead, why) of a command that does not run as written; None of one that does."""
    found = [key for key in INSTEAD if command.startswith(key)]
    return (max(found, key=len), *INSTEAD[max(found, key=len)]) if found else None


def stage(folder, nutune):
    """Puts what README's commands find in the repository into a folder of their own, where they may write."""
    (folder / "catalogs").symlink_to(ROOT / "catalogs")
    (folder / ".build").symlink_to(nutune.parent.parent)
    # make builds in the repository, where everything is built, and its runs go where the commands look for them.
    (folder / "runs").mkdir()
    return f'make() {{ command make --no-print-directory -C "{ROOT}" "$@" OUT="{folder}/runs/dune-closure"; }}\n'


def main():
    parser = argparse.ArgumentParser(description="Runs every command of README.md.")
    parser.add_argument("readme", nargs="?", type=pathlib.Path, default=ROOT / "README.md", help="README.md")
    parser.add_argument("--nutune", type=pathlib.Path, default=ROOT / ".build/release/nutune", help="the program")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    parser.add_argument("--list", action="store_true", help="say what would run, and run nothing")
    options = parser.parse_args()
    text = options.readme.read_text(encoding="utf-8")
    all_commands = list(commands(text))
    unused = [key for key in INSTEAD if not any(c.startswith(key) for _, c in all_commands)]
    if unused:
        sys.exit(f"readme.py: found no command “{unused[0]}” in {options.readme}; expected every entry of INSTEAD there")
    if options.list:
        for number, command in all_commands:
            instead = replacement(command)
            print(f"{number}: {command}" + (f"\n    instead: {instead[1]} ({instead[2]})" if instead else ""))
        return
    nutune = options.nutune.absolute()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nutune-readme-"))
    shell = Shell(folder)
    try:
        shell.run(stage(folder, nutune))
        for _, _, title, lines in blocks(text):
            if title:
                write(folder, title, lines)
        for number, command in all_commands:
            instead = replacement(command)
            begun = time.monotonic()
            code, output = shell.run(instead[1] if instead else command)
            print(f"{number}: {command.splitlines()[0]}: {code}, {time.monotonic() - begun:.0f} s", flush=True)
            converges = re.match(r"nutune (run|coverage)|make demo", command)
            if code and not (code == 2 and converges):
                raise Mistake(f"{number}: {command}: found exit code {code}; expected 0\n{output}")
    except Mistake as mistake:
        sys.exit(f"{options.readme}:{mistake}")
    finally:
        shell.close()
        if options.keep:
            print(f"left {folder}")
        else:
            shutil.rmtree(folder)


main()
