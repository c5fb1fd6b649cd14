"""Prints objects of a ROOT file as JSON.

usage: python read_root.py FILE [NAME ...]

Without names: {"objects": [{"name", "class", "title"}]}. With names: {"objects": {name: object}}, where an object is a
histogram {"kind", "titles", "edges", "contents"}, a graph {"kind", "titles", "x", "y"} or a matrix {"kind", "titles",
"rows", "columns", "elements"} (row-major; TH2 and TMatrix). What goes wrong is {"error": sentence}; names that are not
there are {"missing": [names]}.
"""
import json
import math
import sys

import numpy
import uproot


def names(file):
    return {key.split(";")[0]: kind for key, kind in file.classnames().items() if kind != "TDirectory"}


def text(thing, member):
    try:
        return str(thing.member(member))
    except Exception:
        return ""


def titles(thing):
    found = [text(thing, "fTitle")]
    for axis in ("fXaxis", "fYaxis"):
        try:
            found.append(text(thing.member(axis), "fTitle"))
        except Exception:
            pass
    return [title for title in found if title]


def matrix(elements, thing):
    rows, columns = elements.shape
    flat = [float(value) for value in elements.reshape(-1)]
    return {"kind": "matrix", "titles": titles(thing), "rows": rows, "columns": columns, "elements": flat}


def read(thing, kind):
    if kind.startswith("TH1"):
        return {"kind": "histogram", "titles": titles(thing),
                "edges": [float(value) for value in thing.axis().edges()],
                "contents": [float(value) for value in thing.values()]}
    if kind.startswith("TGraph"):
        return {"kind": "graph", "titles": titles(thing),
                "x": [float(value) for value in thing.member("fX")],
                "y": [float(value) for value in thing.member("fY")]}
    if kind.startswith("TH2"):
        return matrix(numpy.asarray(thing.values()), thing)
    if kind.startswith("TMatrixTSym"):
        size = int(thing.member("fNrows"))
        packed = numpy.asarray(thing.member("fElements"), dtype=float)
        if packed.size == size * size:
            return matrix(packed.reshape(size, size), thing)
        full = numpy.zeros((size, size))
        full[numpy.triu_indices(size)] = packed
        return matrix(full + numpy.triu(full, 1).T, thing)
    if kind.startswith("TMatrixT"):
        shape = (int(thing.member("fNrows")), int(thing.member("fNcols")))
        return matrix(numpy.asarray(thing.member("fElements"), dtype=float).reshape(shape), thing)
    raise ValueError(f"a {kind}; expected TH1, TGraph, TH2 or TMatrix")


def finite(value):
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(finite(part) for part in value.values())
    return not isinstance(value, list) or all(finite(part) for part in value)


def main(path, wanted):
    with uproot.open(path) as file:
        known = names(file)
        if not wanted:
            return {"objects": [{"name": name, "class": kind, "title": text(file[name], "fTitle")
                                 if kind.startswith(("TH", "TGraph")) else ""} for name, kind in known.items()]}
        missing = [name for name in wanted if name not in known]
        if missing:
            return {"missing": missing, "known": [f"{name} ({kind})" for name, kind in known.items()]}
        objects = {}
        for name in wanted:
            try:
                objects[name] = read(file[name], known[name])
            except Exception as error:
                return {"error": f"{name}: {error}"}
            if not finite(objects[name]):
                return {"error": f"{name}: numbers that are not finite"}
        return {"objects": objects}


if __name__ == "__main__":
    try:
        answer = main(sys.argv[1], sys.argv[2:])
    except Exception as error:
        answer = {"error": " ".join(str(error).split())[:300]}
    print(json.dumps(answer))
