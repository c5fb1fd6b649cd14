#!/usr/bin/env python3
"""A grid of `nutune export --format lhapdf`, read by the LHAPDF library itself, beside the model that it was made of.

    nutune export RUN#LABEL --format lhapdf --out grids
    Benchmarks/lhapdf_grid.py RUN LABEL grids/SET --lhapdf PYTHON

PYTHON has the package `lhapdf`, this Python has nutune. Wheels of LHAPDF 6.2.1 on PyPI are for Python 3.7 and older:
`python3.7 -m venv lhapdf; lhapdf/bin/pip install lhapdf`. Prints differences of F₂, F_L and xF₃ in units of F₂, or of 1/1000 of
the largest F₂ at the same Q², the largest one and that of 99 of 100 points, at the knots and between them; fails where the
largest one is more than 0.1 %, the error that a grid should have.
"""

import argparse
import json
import pathlib
import re
import subprocess

import numpy as np

import nutune

NUCLEON_MASS = 0.938918754335

# Runs where LHAPDF is, which may be a Python of long ago.
READER = """
import json, sys
import lhapdf
lhapdf.setVerbosity(0)
lhapdf.setPaths([sys.argv[1]])
member = lhapdf.mkPDF(sys.argv[2], 0)
given = json.load(sys.stdin)
values = [[member.xfxQ2(pid, x, q2) for x, q2 in given["points"]] for pid in given["flavors"]]
json.dump({"version": lhapdf.__version__, "values": values}, sys.stdout)
"""


def read(python, grid, flavors, x, q2):
    """Version of LHAPDF, and what it makes of a grid, shape (functions, points)."""
    given = json.dumps({"flavors": flavors, "points": np.stack([x, q2], axis=-1).tolist()})
    done = subprocess.run(
        [python, "-c", READER, str(grid.parent.resolve()), grid.name], input=given, capture_output=True, text=True,
        check=True)
    found = json.loads(done.stdout)
    return found["version"], np.array(found["values"])


def functions(model, x, q2, channel, target):
    """F₂, F_L and xF₃ of a model, shape (3, points)."""
    omega = q2 / (2 * NUCLEON_MASS * x)
    w = model.structure_functions(omega, q2, channel=channel, target=target)
    f2 = omega * w[1]
    return np.stack([f2, (1 + 4 * NUCLEON_MASS**2 * x**2 / q2) * f2 - 2 * x * NUCLEON_MASS * w[0], x * omega * w[2]])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("run")
    arguments.add_argument("label")
    arguments.add_argument("grid", type=pathlib.Path, help="folder of the set")
    arguments.add_argument("--lhapdf", required=True, help="a Python that has LHAPDF")
    arguments.add_argument("--target", default="Ar40")
    options = arguments.parse_args()

    info = (options.grid / f"{options.grid.name}.info").read_text(encoding="utf-8")
    scale = re.search(r"factor ([0-9.e-]+)", info)
    factor = float(scale[1]) if scale else 1
    model = nutune.CrossSection(f"{options.run}#{options.label}")
    lines = (options.grid / f"{options.grid.name}_0000.dat").read_text(encoding="utf-8").split("\n")
    knots = [np.array(line.split(), dtype=float) for line in lines[3:5]]
    random = np.random.default_rng(1)
    # The first knots, and the last one in Q², lie outside of the domain.
    x_knots, q2_knots = (array.ravel() for array in np.meshgrid(knots[0][1:], knots[1][1:-1]**2, indexing="ij"))
    q2 = np.exp(random.uniform(np.log(0.1), np.log(1e3), 40_000))
    odds = np.exp(random.uniform(np.log(1.01e-3), np.log(1e4), 20_000))
    places = {
        "at the knots": (x_knots, q2_knots),
        "between them": (np.append(np.exp(random.uniform(np.log(1e-3), 0, 20_000)), odds / (1 + odds)), q2),
    }
    scales = np.geomspace(0.1, 1e3, 200)
    largest = factor * functions(
        model, *np.meshgrid(np.geomspace(1e-3, 1, 200), scales, indexing="ij"), "numu", options.target)[0].max(axis=0)
    for place, (x, q2) in places.items():
        version, found = read(options.lhapdf, options.grid, [1001, 1002, 1003], x, q2)
        expected = factor * functions(model, x, q2, "numu", options.target)
        w = np.sqrt(np.maximum(NUCLEON_MASS**2 + q2 * (1 / x - 1), 0))
        unit = np.maximum(expected[0], 1e-3 * np.interp(np.log(q2), np.log(scales), largest))
        error = np.abs(found - expected) / unit
        for region, inside in {"": x > 0, ", W < 1.6 GeV": w < 1.6, ", x > 0.9": x > 0.9}.items():
            worst = error[:, inside].max(axis=1)
            print(
                f"LHAPDF {version}, {place}{region}, {inside.sum()} points: F2 {worst[0]:.1e}, FL {worst[1]:.1e}, "
                f"xF3 {worst[2]:.1e} of F2; 99 %: {np.quantile(error[:, inside].max(axis=0), 0.99):.1e}")
        assert error.max() < 1e-3, "more than a grid should have"


if __name__ == "__main__":
    main()
