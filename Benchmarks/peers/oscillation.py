"""Oscillation probabilities, full 3x3 in constant density: NuTune beside what a user would pick, in turns in one run.

usage: oscillation.py EXECUTABLE REFERENCE.csv [--nufast EXECUTABLE] [--rounds 5]

EXECUTABLE is oscillation-benchmark, REFERENCE.csv what oscillation_reference.py writes. --nufast is the program that
nufast.cpp makes of the released source of NuFast. Everything runs on one core.

The table has, for each contender, the time for an energy at the baseline of DUNE from 0.1 to 10 GeV, as the median
over the rounds and of the best round; how many times NuTune's that is, of the best rounds; and the largest error over
all rows of the reference. On an idle machine median and best agree; where other programs run, the best is nearer to the
truth. For packages it is the time of the processor. Who is off by more than 1e-4 computes something else, and the race
stops. With --rounds 0 only the errors are computed.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import time

OWN_ENVIRONMENT = dict(os.environ)
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
# numpy's own OpenBLAS picks its kernel itself.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.setdefault("JAX_PLATFORMS", "cpu")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402  (after the thread settings)

import oscillation_packages as packages  # noqa: E402

OURS = {
    "NuTune": "",
    "NuTune, 6 gradients": "gradients_",
    "our reading of NuFast, 0 Newton steps": "nufast0_",
    "our reading of NuFast, 1 Newton step": "nufast1_",
    "our reading of NuFast, 2 Newton steps": "nufast2_",
}
#: Newton steps of NuFast's own program; −1 is its exact form.
NEWTON_STEPS = (0, 1, 2, -1)
LARGEST_ERROR = 1e-4
WITHOUT_PACKAGE = (
    "not here, since PyPI and Debian have no package of them: GLoBES, nuCRAFT, NuFast, OscProb, Prob3; nuTens needs "
    "downloads while it is built, and `oscillations` knows no matter"
)


def own_run(executable, *arguments):
    command = [executable, "--json", *arguments]
    return json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, env=OWN_ENVIRONMENT).stdout
    )


def read_reference(file):
    """Returns settings, energies in GeV, and probabilities, shape [rows][9]."""
    with open(file) as lines:
        rows = list(csv.DictReader(lines))
    settings = [
        packages.Setting(
            *(float(row[name]) for name in ("s12sq", "s13sq", "s23sq")), math.radians(float(row["delta_deg"])),
            *(float(row[name]) for name in ("dm21", "dm31", "L", "rho", "Ye")), row["antinu"] == "1",
        )
        for row in rows
    ]
    return settings, [float(row["E"]) for row in rows], np.array([list(row.values())[-9:] for row in rows], float)


def nufast_error(executable, steps, reference):
    settings, energies, expected = reference
    lines = [
        " ".join(repr(value) for value in (
            s.s12, s.s13, s.s23, s.delta, s.dm21, s.dm31, s.length, -energy if s.antineutrino else energy,
            s.density, s.electrons,
        ))
        for s, energy in zip(settings, energies)
    ]
    output = subprocess.run(
        [executable, str(steps)], check=True, capture_output=True, text=True, input="\n".join(lines)
    ).stdout
    return np.abs(np.array(output.split(), float).reshape(-1, 9) - expected).max()


def nufast_nanoseconds(executable, steps):
    command = [executable, str(steps), "10000", "200"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def error(contender, reference):
    return max(
        np.abs(contender.probabilities(setting, np.array([energy]))[:, 0] - expected).max()
        for setting, energy, expected in zip(*reference)
    )


def nanoseconds(contender):
    """The median over the repetitions in processor time, which other programs lengthen less than the clock's."""
    setting = packages.Setting()
    energies = 0.1 + 9.9 * (np.arange(contender.energies) + 0.5) / contender.energies
    times = []
    for _ in range(contender.repetitions):
        start = time.process_time()
        contender.probabilities(setting, energies)
        times.append(time.process_time() - start)
    return statistics.median(times) / len(energies) * 1e9


def all_errors(options, found, reference):
    own = own_run(options.executable, "--oracle", options.reference, "--energies", "100", "--repetitions", "10")
    errors = {name: own[f"{key}error"] for name, key in OURS.items()}
    if options.nufast:
        errors |= {nufast_name(steps): nufast_error(options.nufast, steps, reference) for steps in NEWTON_STEPS}
    errors |= {contender.name: error(contender, reference) for contender in found}
    for name, value in errors.items():
        assert value < LARGEST_ERROR, f"{name} is off by {value:.1e}: it computes something else than the reference"
    return errors


def nufast_name(steps):
    return "NuFast, exact" if steps < 0 else f"NuFast, {steps} Newton step{'s' * (steps != 1)}"


def race(options, found, times):
    for contender in found:
        nanoseconds(contender)  # Compiles what is compiled at the first call.
    for _ in range(options.rounds):
        own = own_run(options.executable)
        for name, key in OURS.items():
            times[name].append(own[f"{key}matter_ns"])
        if options.nufast:
            for steps in NEWTON_STEPS:
                times[nufast_name(steps)].append(nufast_nanoseconds(options.nufast, steps))
        for contender in found:
            times[contender.name].append(nanoseconds(contender))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable")
    parser.add_argument("reference")
    parser.add_argument("--nufast")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found, notes = packages.contenders()
    errors = all_errors(options, found, read_reference(options.reference))
    times = {name: [] for name in errors}
    race(options, found, times)

    titles = f"{'ns per energy':>15}{'best round':>15}{'times ours':>12}{'largest |ΔP|':>14}"
    print(f"{'full 3x3 in matter, one core':40}{titles}")
    for name, measured in times.items():
        columns = f"{'–':>15}{'–':>15}{'–':>12}"
        if measured:
            median, best = statistics.median(measured), min(measured)
            columns = f"{median:15,.1f}{best:15,.1f}{best / min(times['NuTune']):12,.1f}"
        print(f"{name:40}{columns}{errors[name]:14.1e}")
    print(f"numpy {np.__version__}; " + "; ".join(notes))
    print(WITHOUT_PACKAGE)
    if not options.nufast:
        print("NuFast's own source takes part where NUFAST is the folder that has it")


if __name__ == "__main__":
    main()
