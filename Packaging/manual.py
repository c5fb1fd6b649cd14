#!/usr/bin/env python3
"""Writes the manual pages of nutune, nutune.1 and one for each command, from what the program says of itself.

    nutune --experimental-dump-help | Packaging/manual.py FOLDER VERSION
"""

import json
import pathlib
import re
import sys

COMMANDS = pathlib.Path(__file__).resolve().parent.parent / "docs/reference/commands.md"


def escaped(text):
    """Text in which roff finds nothing to do: backslashes, hyphens, and a dot or an apostrophe that begins a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def italic(text):
    return f"\\fI{escaped(text)}\\fR"


def spelled(name):
    """An option as it is typed."""
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def synopsis(argument):
    """An argument as it stands in the synopsis."""
    value = italic(argument.get("valueName", ""))
    text = value if argument["kind"] == "positional" else bold(spelled(argument["preferredName"]))
    if argument["kind"] == "option":
        text += " " + value
    if argument["isRepeating"]:
        text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def description(argument):
    """The lines that describe an argument."""
    if argument["kind"] == "positional":
        title = italic(argument["valueName"])
    else:
        title = ", ".join(bold(spelled(name)) for name in argument["names"])
        if argument["kind"] == "option":
            title += " " + italic(argument["valueName"])
    text = argument.get("abstract", "")
    if argument.get("allValues"):
        text += f" One of {', '.join(argument['allValues'])}."
    # The default number of threads is that of the cores of the computer that asks.
    if argument.get("defaultValue") and argument.get("valueName") != "jobs":
        text += f" Default: {argument['defaultValue']}."
    return [".TP", title, escaped(text.strip()) or "\\&"]


def discussion(text):
    """Paragraphs and examples; lines that begin with a blank are shown as they are."""
    lines, shown = [], False
    for line in text.splitlines():
        if line.startswith(" ") != shown and line.strip():
            shown = not shown
            lines.append(".nf\n.RS 2" if shown else ".RE\n.fi")
        if line.strip():
            lines.append(escaped(line.strip() if not shown else line[2:] if line.startswith("  ") else line))
        else:
            lines.append(".PP" if not shown else "")
    return lines + ([".RE\n.fi"] if shown else [])


def table(heading):
    """The rows below a heading of the reference of commands, as (first, second) column."""
    part = COMMANDS.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")]
            for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def common():
    """What holds for all commands."""
    lines = []
    for title, heading in (("ENVIRONMENT", "Environment"), ("EXIT STATUS", "Exit codes")):
        lines.append(f".SH {title}")
        for name, meaning in table(heading):
            lines += [".TP", bold(name), escaped(meaning)]
    lines += [
        ".SH FILES", ".TP", italic("PREFIX/share/nutune/catalogs"),
        "Experiments, fluxes, studies and other entries that come with the program. Folders named " + bold("catalogs")
        + escaped(" in or above the folder of a study, or the current one, come first.")]
    return lines


def shown(command):
    """The commands below a command."""
    below = command.get("subcommands", [])
    return [each for each in below if each["shouldDisplay"] and each["commandName"] != "help"]


def page(words, command, version):
    """The text of a page; `words` are those that call the command."""
    name = "-".join(words)
    title = name.upper().replace("-", "\\-")
    lines = [f'.TH "{title}" 1 "" "nutune {version}" "NuTune"', ".nh", ".SH NAME",
             f"{escaped(name)} \\- {escaped(command.get('abstract', '').rstrip('.'))}", ".SH SYNOPSIS"]
    arguments = [each for each in command.get("arguments", []) if each["shouldDisplay"]]
    subcommands = shown(command)
    own = [each for each in arguments if each.get("valueName") not in ("version", "help")]
    call = bold(" ".join(words)) + (" " + italic("COMMAND") + " ..." if subcommands else "")
    lines.append(" ".join([call] + [synopsis(each) for each in own]))
    lines.append(".SH DESCRIPTION")
    lines += discussion(command.get("discussion") or command.get("abstract", ""))
    if subcommands:
        lines.append(".SH COMMANDS")
        for each in subcommands:
            lines += [".TP", bold(each["commandName"]), escaped(each.get("abstract", ""))]
    if arguments:
        lines.append(".SH OPTIONS")
        for each in arguments:
            lines += description(each)
    if len(words) == 1:
        lines += common()
    others = [words + [each["commandName"]] for each in subcommands] or [words[:-1]]
    lines += [".SH SEE ALSO", ",\n".join(f"{bold('-'.join(other))}(1)" for other in others)]
    return name, "\n".join(lines) + "\n"


def pages(words, command, version):
    """A command's page and those below it."""
    yield page(words, command, version)
    for each in shown(command):
        yield from pages(words + [each["commandName"]], each, version)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: nutune --experimental-dump-help | manual.py FOLDER VERSION")
    folder, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    for name, text in pages(["nutune"], json.load(sys.stdin)["command"], version):
        (folder / f"{name}.1").write_text(text, encoding="utf-8")


main()
