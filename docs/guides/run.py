#!/usr/bin/env python3
"""Does what the guides say, in a new folder outside the repository, and compares what they show.

    docs/guides/run.py [--nutune PROGRAM] [--keep] [GUIDE.md …]

The guides are the tutorials, docs/tutorials, and the page that explains how names are found.

A fenced block with a title is a file: ```yaml title="study.yaml". A block of kind console is a session: lines with `$ ` are
commands (`> ` goes on with one), run by one shell a guide, so that `cd` and `export` last; lines below a command are what
it prints, errors included. They are compared when there are any: `…` stands for any text in a line, alone for any lines.
A command has to succeed unless the next one is `echo $?`.
"""

import argparse
import os
import pathlib
import re
import shutil
import sys
import tempfile

from session import ROOT, Mistake, Shell, blocks, write

GUIDES = [
    *sorted((ROOT / "docs/tutorials").glob("*.md")),
    ROOT / "docs/explanation/how-the-registry-finds-things.md",
]


def commands(start, lines):
    """(line number, command, lines it should print) of a session."""
    session = []
    for number, line in enumerate(lines, start + 1):
        if line.startswith("$ "):
            session.append((number, [line[2:]], []))
        elif line.startswith("> ") and session and not session[-1][2]:
            session[-1][1].append(line[2:])
        elif session:
            session[-1][2].append(line)
        else:
            raise Mistake(f"{number}: found “{line}” before a command")
    return [(number, "\n".join(command), shown) for number, command, shown in session]


def pattern(shown):
    """The lines of a guide as a regular expression."""
    return "".join(
        r"(?:.*\n)*" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…"))) + "\n"
        for line in shown
    )


def follow(guide, folder, nutune):
    """Does everything a guide says; the number of commands."""
    shell = Shell(folder, nutune.parent)
    count = 0
    try:
        for start, kind, title, lines in blocks(guide.read_text(encoding="utf-8")):
            if title:
                write(folder, title, lines)
            elif kind == "console":
                session = commands(start, lines)
                for index, (number, command, shown) in enumerate(session):
                    code, output = shell.run(command)
                    count += 1
                    asked = index + 1 < len(session) and session[index + 1][1] == "echo $?"
                    if code and not asked:
                        raise Mistake(f"{number}: {command}: found exit code {code}; expected 0\n{output}")
                    if shown and not re.fullmatch(pattern(shown), output):
                        wanted = "\n".join(shown)
                        raise Mistake(f"{number}: {command}: found\n{output}expected\n{wanted}")
    finally:
        shell.close()
    return count


def main():
    parser = argparse.ArgumentParser(description="Does what the guides say, and compares what they show.")
    parser.add_argument("guides", nargs="*", type=pathlib.Path, help="guides; all of them when left out")
    parser.add_argument("--nutune", type=pathlib.Path, default=ROOT / ".build/release/nutune", help="the program")
    parser.add_argument("--keep", action="store_true", help="leave the folders")
    options = parser.parse_args()
    nutune = options.nutune.absolute()
    if not os.access(nutune, os.X_OK):
        sys.exit(f"run.py: found no program {nutune}; expected the one that `make build` makes")
    failed = False
    for guide in options.guides or GUIDES:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="nutune-guide-"))
        try:
            print(f"{guide.name}: {follow(guide, folder, nutune)} commands do what it says", flush=True)
        except Mistake as mistake:
            failed = True
            print(f"{guide}:{mistake}", file=sys.stderr, flush=True)
        finally:
            if options.keep:
                print(f"left {folder}")
            else:
                shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


main()
