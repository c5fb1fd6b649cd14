#!/usr/bin/env python3
"""Events of `nutune events` with many seeds beside the fold of the same model, which knows no events.

    Benchmarks/event_seeds.py --nutune .build/release/nutune [--seeds 20] [--events 1000000]

The shares of a near detector's bins are those of a study with infinitely many events. χ² of each seed, its p value, and
Kolmogorov's test of whether the p values are uniform. Needs NumPy.
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile

import numpy as np

STUDY = """
schema: nutune.study/1
name: fold
experiment: dune
channels: [numu]
truth: {model: toy-sf}
models: {same: {model: toy-sf}}
near: {events: infinite}
far: {events: 1000}
oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: []}
slices: {energies: []}
"""


def folded(nutune, folder):
    """Edges of both axes and the shares of their bins, shape (first, second)."""
    (folder / "fold.yaml").write_text(STUDY, encoding="utf-8")
    subprocess.run([nutune, "run", "fold.yaml", "--no-report", "--out", "run"], cwd=folder, check=True, capture_output=True)
    samples = json.loads((folder / "run/predictions.json").read_text(encoding="utf-8"))["samples"]
    near = next(sample for sample in samples if sample["name"].startswith("near"))
    edges = [np.array(near["binning"][axis]["edges"]) for axis in ("first", "second")]
    return edges, np.reshape(near["truth"], [len(axis) - 1 for axis in edges])


def drawn(nutune, folder, edges, count, seed):
    """Events of one seed in the bins, same shape."""
    path = folder / "events.csv"
    subprocess.run(
        [nutune, "events", "toy-sf", "--flux", "dune-nd-fhc", "--channel", "numu", "--target", "Ar40", "--events", str(count),
         "--seed", str(seed), "--format", "csv", "--out", path], check=True, capture_output=True)
    lepton, cosine = np.loadtxt(path, delimiter=",", comments=["#", "neutrino"], usecols=(1, 2), unpack=True)
    return np.histogram2d(lepton, cosine, bins=edges)[0]


def chi_square_above(value, degrees):
    """p value of a χ² by the series and the continued fraction of the incomplete gamma function."""
    a, x = degrees / 2, value / 2
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for step in range(1, 10_000):
            term *= x / (a + step)
            total += term
        return 1 - scale * total
    fraction = 0.0
    for step in range(5000, 0, -1):
        fraction = step * (step - a) / (x + 2 * step + 1 - a - fraction)
    return scale / (x + 1 - a - fraction)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--nutune", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--events", type=int, default=1_000_000)
    options = arguments.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        edges, shares = folded(options.nutune, folder)
        for seed in range(1, options.seeds + 1):
            counts = drawn(options.nutune, folder, edges, options.events, seed)
            expected = counts.sum() * shares / shares.sum()
            # Bins with few events have no χ²: together they are one.
            full = expected >= 25
            pairs = np.append(np.stack([counts[full], expected[full]]), [[counts[~full].sum()], [expected[~full].sum()]], axis=1)
            square = float(((pairs[0] - pairs[1])**2 / pairs[1]).sum())
            found.append(chi_square_above(square, pairs.shape[1] - 1))
            print(f"seed {seed}: χ² {square:.1f} of {pairs.shape[1]} bins, p {found[-1]:.3f}", flush=True)
    ranks = np.arange(len(found) + 1) / len(found)
    ordered = np.sort(found)
    distance = max((ordered - ranks[:-1]).max(), (ranks[1:] - ordered).max())
    # Kolmogorov's distribution, with Stephens' correction for few values.
    reach = (math.sqrt(len(found)) + 0.12 + 0.11 / math.sqrt(len(found))) * distance
    probability = min(1.0, 2 * sum((-1)**(step - 1) * math.exp(-2 * (step * reach)**2) for step in range(1, 100)))
    print(f"largest distance from uniform p values {distance:.2f}, which chance exceeds with probability {probability:.2f}")
    assert probability > 1e-3


if __name__ == "__main__":
    main()
