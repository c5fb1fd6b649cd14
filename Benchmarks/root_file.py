#!/usr/bin/env python3
"""A file of `nutune export --format root`, read by ROOT itself, beside the run that it was made of.

    nutune export RUN --format root --out FOLDER
    Benchmarks/root_file.py RUN FOLDER/NAME.root

Needs ROOT in this Python (`pip install --pre ROOT`). Prints the largest difference of the contents of all histograms, of the
covariances and of the contours from `predictions.json` and `results.json`; fails where it is more than rounding.
"""

import json
import pathlib
import sys

import numpy as np
import ROOT


def contents(histogram):
    """Contents of a TH2D or TH1D, flat, the first axis outermost."""
    if histogram.InheritsFrom("TH2"):
        return np.array([
            [histogram.GetBinContent(i + 1, j + 1) for j in range(histogram.GetNbinsY())]
            for i in range(histogram.GetNbinsX())]).ravel()
    return np.array([histogram.GetBinContent(i + 1) for i in range(histogram.GetNbinsX())])


def difference(found, expected):
    """Largest difference in units of the largest expected value."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert found.shape == expected.shape, f"found shape {found.shape}; expected {expected.shape}"
    return np.abs(found - expected).max() / np.abs(expected).max()


def main():
    run, path = pathlib.Path(sys.argv[1]), sys.argv[2]
    samples = json.loads((run / "predictions.json").read_text(encoding="utf-8"))["samples"]
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    file = ROOT.TFile.Open(path)
    worst = {"histograms": 0.0, "covariances": 0.0, "contours": 0.0}
    for sample in samples:
        shapes = {**sample["models"], **{name: sample[name] for name in ("data", "truth") if sample.get(name)}}
        for name, shares in shapes.items():
            expected = np.array(shares) * sample.get("events", 1)
            found = contents(file.Get(f"{sample['name']}/{name}"))
            worst["histograms"] = max(worst["histograms"], difference(found, expected))
    fits = {"truth": results["truth"].get("oscillation"), **{
        label: model.get("oscillation") for label, model in results["models"].items()}}
    for label, fit in fits.items():
        if fit is None:
            continue
        matrix = file.Get(f"fits/{label}-covariance-matrix")
        errors = np.array([fit["errors"][name] for name in fit["parameters"]])
        found = np.array([[matrix(i, j) for j in range(matrix.GetNcols())] for i in range(matrix.GetNrows())])
        correlations = found / np.outer(errors, errors)
        worst["covariances"] = max(worst["covariances"], difference(correlations, fit["correlations"]))
        points = [point for contour in fit["contours"].values() for line in contour["lines"] for point in line]
        tree = file.Get(f"fits/{label}-contours")
        rows = [[getattr(row, name) for name in fit["parameters"][:2]] for row in tree]
        scale = np.abs(points).max(axis=0)
        found, expected = (np.array(sorted(map(tuple, each))) / scale for each in (rows, points))
        worst["contours"] = max(worst["contours"], difference(found, expected))
    print(f"ROOT {ROOT.__version__}: " + ", ".join(f"{name} {value:.1e}" for name, value in worst.items()))
    assert max(worst.values()) < 1e-12, "more than rounding"


if __name__ == "__main__":
    main()
