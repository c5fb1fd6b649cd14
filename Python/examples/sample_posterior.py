#!/usr/bin/env python3
"""The posterior of the fitted parameters with flat priors in their bounds, by emcee.

    pip install nutune[fits]
    ./sample_posterior.py [STUDY] [MODEL] [--steps N]
"""

import argparse

import emcee
import numpy as np

import nutune


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("study", nargs="?", default="dune-closure")
    arguments.add_argument("model", nargs="?", default="truth", help="truth, a label that does not learn, or RUN#LABEL")
    arguments.add_argument("--steps", type=int, default=2000)
    options = arguments.parse_args()

    far = nutune.Study(options.study).likelihood(options.model)
    low, high = np.array(far.bounds).T

    def log_posterior(x: np.ndarray) -> float:
        return -0.5 * far(x) if (x > low).all() and (x < high).all() else -np.inf

    walkers, random = 4 * len(far.names), np.random.default_rng(1)
    scale = np.array([parameter.scale for parameter in far.parameters.values()])
    start = far.values + 0.3 * scale * random.standard_normal((walkers, len(far.names)))
    sampler = emcee.EnsembleSampler(walkers, len(far.names), log_posterior)
    sampler.run_mcmc(start, options.steps)
    chain = sampler.get_chain(discard=options.steps // 4, flat=True)
    for name, unit, values in zip(far.names, far.units, chain.T):
        lower, middle, upper = np.percentile(values, [15.865, 50, 84.135])
        print(f"{name}: {middle:.6g} +{upper - middle:.2g} −{middle - lower:.2g} {unit}".rstrip())


if __name__ == "__main__":
    main()
