#!/usr/bin/env python3
"""How well far data tell the octant of θ₂₃: √Δχ² of the wrong octant at some true values, from Asimov data.

    pip install nutune[fits]
    ./octant_sensitivity.py [STUDY] [--points N]

The same question with trained models, exposures and a figure: `nutune sensitivity STUDY --of octant`.
"""

import argparse

import numpy as np
from iminuit import Minuit

import nutune


def lowest(far: nutune.Likelihood, sin2_range: tuple[float, float]) -> float:
    """Least −2 ln L with sin²θ₂₃ in a range, from a start in each half of it."""
    index = far.names.index("sin2_theta23")
    found = []
    for share in (0.25, 0.75):
        start = far.values.copy()
        start[index] = sin2_range[0] + share * (sin2_range[1] - sin2_range[0])
        minuit = Minuit(far, start, grad=lambda x: far.gradient(x)[1], name=far.names)
        minuit.errordef, minuit.limits = Minuit.LEAST_SQUARES, far.bounds
        minuit.errors = [parameter.scale for parameter in far.parameters.values()]
        minuit.limits["sin2_theta23"] = sin2_range
        found.append(minuit.migrad().fval)
    return min(found)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("study", nargs="?", default="dune-closure")
    arguments.add_argument("--points", type=int, default=9)
    options = arguments.parse_args()

    far = nutune.Study(options.study).likelihood("truth")
    low, high = far.parameters["sin2_theta23"].bounds
    print("sin2_theta23,sigma")
    for true in np.linspace(0.40, 0.60, options.points):
        asimov = far.with_data(far.rates({"sin2_theta23": true}))
        right, wrong = ((low, 0.5), (0.5, high)) if true < 0.5 else ((0.5, high), (low, 0.5))
        print(f"{true:.4f},{np.sqrt(max(lowest(asimov, wrong) - lowest(asimov, right), 0)):.3f}")


if __name__ == "__main__":
    main()
