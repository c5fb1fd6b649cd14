#!/usr/bin/env python3
"""A closure test: train a model on near data that a truth made, and see what its error does to the oscillation fit.

    pip install nutune[fits]
    ./closure.py [STUDY] [--model LABEL] [--set path.to.key=value …]
"""

import argparse
import json
import sys

import numpy as np
from iminuit import Minuit

import nutune


def fit(far: nutune.Likelihood) -> Minuit:
    """The minimum that is nearest to the values of the study, found along derivatives."""
    minuit = Minuit(far, far.values, grad=lambda x: far.gradient(x)[1], name=far.names)
    minuit.errordef, minuit.limits = Minuit.LEAST_SQUARES, far.bounds
    minuit.errors = [parameter.scale for parameter in far.parameters.values()]
    return minuit.migrad()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("study", nargs="?", default="dune-closure")
    arguments.add_argument("--model", default="neural")
    arguments.add_argument("--set", action="append", default=[], metavar="path.to.key=value")
    options = arguments.parse_args()
    changes = {key: json.loads(value) for key, value in (text.split("=", 1) for text in options.set)}

    study = nutune.Study(options.study, settings=changes)
    show = sys.stderr.isatty()
    model = study.train(
        options.model,
        progress=lambda p: show and print(f"\r{p.stage} {p.step}/{p.steps} loss {p.loss:.3g}", end="", file=sys.stderr))
    print(f"\n{options.model}: {model.record['verdict']}")

    truth, learned = study.likelihood("truth"), study.likelihood(options.model)
    for name, events in truth.rates(truth.values).items():
        predicted = learned.rates(truth.values)[name]
        distance = abs(events / events.sum() - predicted / predicted.sum()).sum() / 2
        print(f"{name}: shape distance (tv) {distance:.4f}")
    best, shifted = fit(truth), fit(learned)
    for name in truth.names:
        bias = (shifted.values[name] - best.values[name]) / best.errors[name]
        print(f"{name}: {best.values[name]:.6g} ± {best.errors[name]:.2g}, with the learned model {bias:+.2f} σ")
    assert np.isfinite(shifted.fval)


if __name__ == "__main__":
    main()
