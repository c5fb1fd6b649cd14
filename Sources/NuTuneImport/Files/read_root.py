"""Prints objects of a ROOT file as JSON.

usage: python read_root.py FILE [NAME ...]

To be run with `python -I`, so that modules lying in the current folder are not taken for numpy or uproot.

Without names: {"objects": [{"name", "class", "title"}]}. With names: {"objects": {name: object}}, where an object is a
histogram {"kind", "titles", "axes", "flow", "edges", "contents"}, a graph {"kind", "titles", "axes", "x", "y"} or a matrix
{"kind", "titles", "rows", "columns", "elements"} (row-major; TH2 and TMatrix). A name may end in a cycle, `h;1`; "axes"
are the titles of x and y, "flow" are the contents below and above the bins. What goes wrong is {"error": sentence}; names that are not
there are {"missing": [names]}.
"""
import json
import math
import resource
import sys

import numpy
import uproot


# A file declares how large its objects are: what they may take together, in bytes and in numbers of one object.
MEMORY = 4 << 30
LARGEST = 20_000_000


def names(file):
    """Classes by name, of the latest cycle."""
    known = {}
    for key, kind in sorted(file.classnames().items(), key=lambda item: int(item[0].rpartition(";")[2])):
        if kind != "TDirectory":
            known[key.rpartition(";")[0]] = kind
    return known


def kind_of(file, name, known):
    """The class of an object, of which the name may have a cycle; None where there is none."""
    if name in known:
        return known[name]
    return file.classnames().get(name) if name.rpartition(";")[2].isdigit() else None


def text(thing, member):
    try:
        return str(thing.member(member))
    except Exception:
        return ""


def axes(thing):
    found = []
    for axis in ("fXaxis", "fYaxis"):
        try:
            found.append(text(thing.member(axis), "fTitle"))
        except Exception:
            found.append("")
    return found


def titles(thing):
    return [title for title in [text(thing, "fTitle")] + axes(thing) if title]


def matrix(elements, thing):
    rows, columns = elements.shape
    if elements.size > LARGEST:
        raise ValueError(f"{rows} x {columns} elements; expected at most {LARGEST}")
    flat = [float(value) for value in elements.reshape(-1)]
    return {"kind": "matrix", "titles": titles(thing), "rows": rows, "columns": columns, "elements": flat}


def read(thing, kind):
    if kind.startswith("TH1"):
        flow = thing.values(flow=True)
        return {"kind": "histogram", "titles": titles(thing), "axes": axes(thing),
                "flow": [float(flow[0]), float(flow[-1])],
                "edges": [float(value) for value in thing.axis().edges()],
                "contents": [float(value) for value in thing.values()]}
    if kind.startswith("TGraph"):
        try:
            histogram = thing.member("fHistogram")
        except Exception:
            histogram = None
        return {"kind": "graph", "titles": titles(thing), "axes": axes(histogram),
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
        kinds = {name: kind_of(file, name, known) for name in wanted}
        missing = [name for name in wanted if kinds[name] is None]
        if missing:
            return {"missing": missing, "known": [f"{name} ({kind})" for name, kind in known.items()]}
        objects = {}
        for name in wanted:
            try:
                objects[name] = read(file[name], kinds[name])
            except Exception as error:
                return {"error": f"{name}: {error}"}
            if not finite(objects[name]):
                return {"error": f"{name}: numbers that are not finite"}
        return {"objects": objects}


if __name__ == "__main__":
    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if ceiling == resource.RLIM_INFINITY else min(MEMORY, ceiling), ceiling))
    try:
        answer = main(sys.argv[1], sys.argv[2:])
    except MemoryError:
        answer = {"error": f"objects that take more than {MEMORY >> 30} GB"}
    except Exception as error:
        answer = {"error": " ".join(str(error).split())[:300]}
    print(json.dumps(answer))
