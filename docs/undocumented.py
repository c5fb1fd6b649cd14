#!/usr/bin/env python3
"""Names every public symbol in some symbol graphs that has no docstring; exit code 1 when there is one.

Symbols that the compiler derives (== of an enumeration, init(from:)) have no place in a source and need none.
usage: docs/undocumented.py FILE.symbols.json …
"""

import json
import sys


def undocumented(graph):
    """Place and name of every declared symbol of a symbol graph without a docstring."""
    for symbol in graph["symbols"]:
        location = symbol.get("location")
        if location and not symbol.get("docComment"):
            file = location["uri"].removeprefix("file://")
            line = location["position"]["line"] + 1
            yield f"{file}:{line}: found no docstring on {'.'.join(symbol['pathComponents'])}"


count = 0
missing = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        graph = json.load(file)
    count += len(graph["symbols"])
    missing += undocumented(graph)
if not count:
    sys.exit("docs/undocumented.py: found no symbols; expected symbol graphs")
for problem in missing:
    print(f"{problem}; expected one on every public symbol", file=sys.stderr)
sys.exit(1 if missing else 0)
