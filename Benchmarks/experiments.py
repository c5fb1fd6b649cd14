#!/usr/bin/env python3
"""Runs the studies of docs/explanation/experiments.md, prints what is in its tables, and fails where a limit is missed.

    python3 Benchmarks/experiments.py [--runs runs] [--nutune .build/release/nutune] [--reuse]

Finished runs in the folder go on with --resume; --reuse looks at them as they are. About half an hour on two cores.
"""

import argparse
import bisect
import csv
import json
import pathlib
import statistics
import subprocess
import sys

CLOSURES = ["t2k-closure", "hyper-k-closure", "nova-closure"]
OTHERS = ["dune-with-nova", "dune-predicts-nova", "t2k-predicts-minerva", "dune-prism"]
CATALOGS = pathlib.Path(__file__).resolve().parent.parent / "catalogs"
LARGEST_TV, LARGEST_BIAS, LARGEST_RATIO = 0.05, 1.0, 0.6


def results(study, options):
    """results.json of a study, run first."""
    folder = options.runs / study
    if not options.reuse:
        done = subprocess.run([options.nutune, "run", study, "--out", folder, "--resume"], stdout=subprocess.DEVNULL)
        if done.returncode not in (0, 2):
            sys.exit(f"{study}: found exit code {done.returncode}; expected a finished run")
    return json.loads((folder / "results.json").read_text())


def emptied_peak(options):
    """Shares of T2K's near and far rates by neutrino energy: flux × total cross section × survival, no lepton cuts."""
    energies = ["--energies", "0.15:10:0.05"]

    def rows(*command):
        text = subprocess.run([options.nutune, *command, *energies], capture_output=True, text=True, check=True).stdout
        return list(csv.DictReader(text.splitlines()))

    sigma = rows("cross-section", "toy-sf", "--channel", "numu", "--target", "H2O", "--total")
    survival = rows("oscillate", "--baseline", "295", "--density", "2.6", "--preset", "nufit-6.0-no")
    for site, name in (("near", "t2k-nd280-fhc"), ("far", "t2k-sk-fhc")):
        with open(CATALOGS / "fluxes" / f"{name}.csv", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        edges = [float(row["E_low_GeV"]) for row in table]
        shares = {"0.45 to 0.85 GeV": 0.0, "above 1.2 GeV": 0.0, "all": 0.0}
        for cross, probability in zip(sigma, survival):
            energy = float(cross["energy"])
            if energy >= float(table[-1]["E_high_GeV"]):
                continue
            flux = float(table[bisect.bisect(edges, energy) - 1]["numu_per_cm2_per_GeV_per_POT"])
            rate = flux * float(cross["sigma"]) * (float(probability["Pmm"]) if site == "far" else 1)
            shares["all"] += rate
            shares["0.45 to 0.85 GeV"] += rate if 0.45 <= energy < 0.85 else 0
            shares["above 1.2 GeV"] += rate if energy >= 1.2 else 0
        total = shares.pop("all")
        print(f"T2K {site}: " + ", ".join(f"{100 * part / total:.0f} % of the rate {where}" for where, part in shares.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs"))
    parser.add_argument("--nutune", default=".build/release/nutune")
    parser.add_argument("--reuse", action="store_true")
    options = parser.parse_args()
    missed = []

    def hold(what, value, limit):
        """Notes a value above its limit."""
        if not value <= limit:
            missed.append(f"{what}: found {value:.4g}; expected at most {limit}")

    for study in CLOSURES + OTHERS[:3]:
        run = results(study, options)
        apart = run["truth"].get("near_far_tv")
        print(study + (f": near and far differ by {apart:.3f}" if apart else ""))
        for label, model in run["models"].items():
            bias = (model.get("oscillation") or {}).get("bias_sigma") or {}
            slices = ", ".join(f"{s['tv']:.4f} at {s['energy']:g} GeV" for s in model["slices"])
            print(f"  {label}: near {model['near']['tv']:.5f}, far {model['far']['tv']:.5f}, {slices}")
            support = model.get("support")
            if support:
                print(f"    support {support['overlap']:.3f}, uncovered {support['uncovered']:.2g}")
            if bias:
                print("    bias " + ", ".join(f"{name} {value:+.2f}" for name, value in sorted(bias.items())))
            if study in CLOSURES:
                hold(f"{study} {label} far tv", model["far"]["tv"], LARGEST_TV)
                for name in ("sin2_theta23", "dm2_32"):
                    hold(f"{study} {label} |bias| of {name}", abs(bias[name]), LARGEST_BIAS)

    emptied_peak(options)
    far = {}
    for model in results("dune-prism", options)["models"].values():
        far.setdefault(len(model["near"]["samples"]), []).append(model["far"]["tv"])
    medians = {count: statistics.median(values) for count, values in sorted(far.items())}
    print("dune-prism, far tv by number of positions: " + ", ".join(f"{n}: {tv:.5f}" for n, tv in medians.items()))
    hold("dune-prism, four positions to one", medians[4] / medians[1], LARGEST_RATIO)

    for line in missed:
        print(line, file=sys.stderr)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
