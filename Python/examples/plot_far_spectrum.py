#!/usr/bin/env python3
"""Far events over lepton energy: data, and predictions with and without oscillation, in the style of the field.

    pip install nutune[plots]
    ./plot_far_spectrum.py [STUDY] [--out FILE]
"""

import argparse

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mplhep
import numpy as np

import nutune


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("study", nargs="?", default="dune-closure")
    arguments.add_argument("--out", default="far-spectrum.pdf")
    options = arguments.parse_args()

    far = nutune.Study(options.study).likelihood("truth")
    name = far.fitted[0]
    binning = far.binnings[name]
    edges, widths = binning.edges[0], np.diff(binning.edges[0])

    def spectrum(events: dict[str, np.ndarray]) -> np.ndarray:
        return events[name].sum(axis=1)

    figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
    data = spectrum(far.data)
    mplhep.histplot(
        data / widths, edges, yerr=np.sqrt(data) / widths, histtype="errorbar", color="black", label="data", ax=axes)
    for sin2 in (far.values[0], 0.6):
        rates = spectrum(far.rates({far.names[0]: sin2}))
        mplhep.histplot(rates / widths, edges, label=f"{far.names[0]} = {sin2:g}", ax=axes)
    axes.set(xlabel=f"{binning.observables[0]} [{binning.units[0]}]", ylabel=f"events [1/{binning.units[0]}]")
    axes.legend(title=name)
    figure.savefig(options.out)
    print(options.out)


if __name__ == "__main__":
    main()
