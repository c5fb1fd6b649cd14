"""Oscillation probabilities, full 3x3 in constant density: NuTune beside what a user would pick, in turns in one run.

usage: oscillation.py EXECUTABLE [--rounds 5]

Peers: numpy (batched eigh over all energies, 3x3 complex) and, if installed, nuSQuIDS (multi-energy mode).
Their probabilities are compared with ours before anything is timed.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

try:
    import nuSQuIDS as nsq
except ImportError:
    nsq = None

S12, S13, S23, DELTA, DM21, DM31 = 0.308, 0.02215, 0.470, np.deg2rad(212), 7.49e-5, 2.513e-3
LENGTH, DENSITY, YE = 1284.9, 2.848, 0.5
HBARC = 6.62607015e-34 / (2 * np.pi) * 299792458 / 1.602176634e-19
PHASE = 1e3 / (4 * HBARC * 1e9)
POTENTIAL = 2 * 2**0.5 * 1.1663788e-23 * 6.02214076e29 * HBARC**3 * 1e9


def numpy_peer(energies, density):
    s12, s13, s23 = np.sqrt([S12, S13, S23])
    c12, c13, c23 = np.sqrt([1 - S12, 1 - S13, 1 - S23])
    e = np.exp(1j * DELTA)
    u = (
        np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
        @ np.array([[c13, 0, s13 / e], [0, 1, 0], [-s13 * e, 0, c13]])
        @ np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    )
    h = np.broadcast_to(u @ np.diag([0, DM21, DM31]) @ u.conj().T, (len(energies), 3, 3)).copy()
    h[:, 0, 0] += POTENTIAL * YE * density * energies
    values, vectors = np.linalg.eigh(h)
    phases = np.exp(-2j * PHASE * LENGTH * values / energies[:, None])
    s = (vectors * phases[:, None, :]) @ vectors.conj().transpose(0, 2, 1)
    return (np.abs(s) ** 2).transpose(2, 1, 0).reshape(9, -1)


def nusquids_peer(energies, density):
    units = nsq.Const()
    solver = nsq.nuSQUIDS(energies * units.GeV, 3, nsq.NeutrinoType.neutrino, False)
    for i, j, s in ((0, 1, S12), (0, 2, S13), (1, 2, S23)):
        solver.Set_MixingAngle(i, j, float(np.arcsin(np.sqrt(s))))
    solver.Set_CPPhase(0, 2, float(DELTA))
    solver.Set_SquareMassDifference(1, DM21)
    solver.Set_SquareMassDifference(2, DM31)
    solver.Set_Body(nsq.ConstantDensity(density, YE) if density > 0 else nsq.Vacuum())
    track = nsq.ConstantDensity.Track if density > 0 else nsq.Vacuum.Track
    solver.Set_Track(track(LENGTH * units.km))
    solver.Set_rel_error(1e-8)
    solver.Set_abs_error(1e-8)
    out = np.empty((9, len(energies)))
    for a in range(3):
        state = np.zeros((len(energies), 3))
        state[:, a] = 1
        solver.Set_initial_state(state, nsq.Basis.flavor)
        solver.EvolveState()
        for b in range(3):
            out[3 * a + b] = [solver.EvalFlavorAtNode(b, i) for i in range(len(energies))]
    return out


def nanoseconds(peer, energies, density, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        peer(energies, density)
        times.append(time.perf_counter() - start)
    return statistics.median(times) / len(energies) * 1e9


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    peers = {"numpy eigh": (numpy_peer, 10_000, 5)}
    if nsq is not None:
        peers["nuSQuIDS"] = (nusquids_peer, 200, 1)

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        subprocess.run([options.executable, "--energies", "200", "--repetitions", "10", "--export", file.name],
                       check=True, capture_output=True)
        ours = np.loadtxt(file.name, delimiter=",").T
    for name, (peer, _, _) in peers.items():
        print(f"largest |P - P({name})|: {np.abs(peer(ours[0], DENSITY) - ours[1:]).max():.1e}")

    measured = {"NuTune": "", "NuTune with 6 gradients": "gradients_", "NuFast, 1 Newton step": "nufast1_"}
    results = {name: {"vacuum": [], "matter": []} for name in [*measured, *peers]}
    for _ in range(options.rounds):
        own = json.loads(subprocess.run([options.executable, "--json"], check=True, capture_output=True).stdout)
        for medium, density in (("vacuum", 0.0), ("matter", DENSITY)):
            for name, key in measured.items():
                results[name][medium].append(own[f"{key}{medium}_ns"])
            for name, (peer, count, repetitions) in peers.items():
                energies = 0.1 + 9.9 * (np.arange(count) + 0.5) / count
                results[name][medium].append(nanoseconds(peer, energies, density, repetitions))

    print(f"{'full 3x3, one thread':26}{'vacuum ns/E':>14}{'matter ns/E':>14}{'vacuum ratio':>14}{'matter ratio':>14}")
    own = {medium: statistics.median(times) for medium, times in results["NuTune"].items()}
    for name, times in results.items():
        vacuum, matter = (statistics.median(times[medium]) for medium in ("vacuum", "matter"))
        print(f"{name:26}{vacuum:14.2f}{matter:14.2f}{vacuum / own['vacuum']:14.1f}{matter / own['matter']:14.1f}")


if __name__ == "__main__":
    main()
