#!/usr/bin/env python3
"""What the Python package costs beside what it calls: in the environment of `make python-test`, with Swift's clang in PATH.

    .venv-python/bin/python Benchmarks/python_calls.py

Turns of both sides, processor time of one thread, medians: a million oscillation probabilities beside the C kernel on the
same arrays, −2 ln L of DUNE (780 far bins, two parameters) beside the function of nutune.h with its arguments ready, 100,000 calls of it
by emcee, and by how much 100,000 calls, and as many on two threads, make the process grow.
"""

import ctypes
import pathlib
import resource
import statistics
import subprocess
import tempfile
import threading
import time

import numpy as np

import nutune

KERNELS = pathlib.Path(__file__).resolve().parents[1] / "Sources/CKernels"
ENERGIES = 1_000_000


def race(rounds, calls, *sides):
    """Median seconds of each side for one call."""
    times = [[] for _ in sides]
    for _ in range(rounds):
        for index, side in enumerate(sides):
            start = time.thread_time()
            for _ in range(calls):
                side()
            times[index].append((time.thread_time() - start) / calls)
    return [statistics.median(seconds) for seconds in times]


def kernel(folder):
    """The kernel for matter, compiled as SwiftPM does."""
    library = pathlib.Path(folder) / "kernel.so"
    sources = [KERNELS / "oscillation_batch.c", KERNELS / "oscillation_prepare.c"]
    subprocess.run(
        ["clang", "-O2", "-w", "-shared", "-fPIC", "-I", KERNELS / "include", *sources, "-lm", "-o", library], check=True)
    return ctypes.CDLL(str(library))


class Coefficients(ctypes.Structure):
    """Room for nutune_oscillation_coefficients."""

    _fields_ = [("values", ctypes.c_double * 64)]


def oscillations(folder):
    oscillation = nutune.Oscillation(preset="nufit-6.0-no")
    energies, ours, theirs = np.linspace(0.3, 10, ENERGIES), np.empty((3, 3, ENERGIES)), np.empty((3, 3, ENERGIES))
    code, p, number = kernel(folder), oscillation.parameters, ctypes.c_double
    code.nutune_oscillation_prepare.restype = Coefficients
    coefficients = code.nutune_oscillation_prepare(
        (number * 3)(p["sin2_theta12"], p["sin2_theta13"], p["sin2_theta23"]), number(p["delta_cp"]),
        number(p["dm2_21"]), number(p["dm2_31"]), number(1.266932679 * 1284.9), number(1.526493e-4 * 0.5 * 2.848),
        ctypes.c_int(0))

    def in_c():
        code.nutune_oscillation_matter(
            ctypes.byref(coefficients), ctypes.c_void_p(energies.ctypes.data), ctypes.c_size_t(ENERGIES),
            ctypes.c_void_p(theirs.ctypes.data), ctypes.c_size_t(ENERGIES))

    def in_python():
        oscillation.probabilities(energies, baseline=1284.9, density=2.848, out=ours)

    in_c()
    in_python()
    assert abs(ours - theirs).max() < 1e-6
    python, c = race(41, 1, in_python, in_c)
    print(f"a million probabilities: {python * 1e3:.2f} ms, C kernel {c * 1e3:.2f} ms, ratio {python / c:.2f}")


def likelihoods(far):
    position, value, message = np.array([0.5, 2.45e-3]), ctypes.c_double(), ctypes.c_void_p()
    arguments = (far.pointer, position.ctypes.data, ctypes.byref(value), ctypes.byref(message))
    function = nutune._library.library.nutune_likelihood_value
    python, c, gradient = race(
        21, 500, lambda: far([0.5, 2.45e-3]), lambda: function(*arguments), lambda: far.gradient([0.5, 2.45e-3]))
    print(f"−2 ln L: {python * 1e6:.1f} µs, nutune.h {c * 1e6:.1f} µs, ratio {python / c:.2f}")
    print(f"−2 ln L with derivatives: {gradient * 1e6:.1f} µs, ratio to −2 ln L {gradient / python:.2f}")


def sampling(far, calls=100_000, walkers=32):
    """The posterior by emcee with its stretch moves; seconds of the thread, and what emcee itself takes of them."""
    try:
        import emcee
    except ImportError:
        print("emcee is not installed: nothing is sampled")
        return
    low, high = np.array(far.bounds).T

    def log_posterior(x):
        return -0.5 * far(x) if (x > low).all() and (x < high).all() else -np.inf

    scale = np.array([parameter.scale for parameter in far.parameters.values()])
    start = far.values + 0.3 * scale * np.random.default_rng(1).standard_normal((walkers, len(far.names)))
    times = []
    for function in (log_posterior, lambda x: -0.5 * ((x - far.values) / scale @ ((x - far.values) / scale))):
        sampler = emcee.EnsembleSampler(walkers, len(far.names), function)
        sampler.random_state = np.random.RandomState(1).get_state()
        begin = time.thread_time()
        sampler.run_mcmc(start, calls // walkers)
        times.append(time.thread_time() - begin)
        if function is log_posterior:
            accepted = sampler.acceptance_fraction.mean()
    print(
        f"emcee {emcee.__version__}, stretch moves, {walkers} walkers, {calls // walkers * walkers} calls: {times[0]:.1f} s, "
        f"{accepted:.0%} of the moves accepted; with a parabola in place of −2 ln L {times[1]:.1f} s")


def resident():
    """Memory of the process that is in use, in bytes."""
    return int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def memory(far, calls=100_000, rounds=4):
    def call(count):
        for index in range(count):
            far([0.45 + 1e-6 * index, 2.45e-3])

    call(calls // 10)
    sizes = [resident()]
    for _ in range(rounds):
        call(calls // rounds)
        sizes.append(resident())
    threads = [threading.Thread(target=call, args=(calls // 2,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    grown = [f"{(size - sizes[0]) / 1e6:+.2f}" for size in sizes[1:] + [resident()]]
    print(
        f"{sizes[0] / 1e6:.0f} MB before {calls} calls, after each {calls // rounds} of them {', '.join(grown[:-1])} MB, "
        f"after as many on two threads {grown[-1]} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        oscillations(temporary)
    likelihood = nutune.Study("dune-closure", threads=1).likelihood("truth")
    likelihoods(likelihood)
    sampling(likelihood)
    memory(likelihood)
