"""Closure studies with variations of neural-sf, as a Markdown table: seeds of the default, or one change at a time.

usage: Benchmarks/ablation.py seeds [COUNT]
       Benchmarks/ablation.py changes [SEED ...]

Run folders stay in runs/ablation, and a finished run is not computed again. Standard library only.
"""

import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUTUNE = ROOT / ".build/release/nutune"
STUDY = ROOT / "catalogs/studies/dune-closure.yaml"

CHANGES = {
    "default": [],
    "without psi": ["network.features=[w2, q2]"],
    "without w2": ["network.features=[psi, q2]"],
    "input scale 1": ["network.input_scale=1"],
    "input scale 2": ["network.input_scale=2"],
    "input scale 5": ["network.input_scale=5"],
    "3 × 32": ["network.hidden=[32, 32, 32]"],
    "2 × 128": ["network.hidden=[128, 128]"],
    "4 × 64": ["network.hidden=[64, 64, 64, 64]"],
    "tanh": ["network.activation=tanh"],
    "W_L/W_T": ["network.longitudinal=ratio"],
    "W_T + W_L, not positive": ["network.longitudinal=total"],
    "3000 steps": ["training.steps=3000"],
    "16000 steps": ["training.steps=16000"],
    "learning rate 3e-3": ["training.learning_rate=0.003"],
    "β₂ = 0.999": ["training.beta2=0.999"],
}


def folder_of(name, seed):
    """Run folder of one closure study."""
    return ROOT / "runs/ablation" / f"{name}-{seed}".replace("/", "over").replace(" ", "-")


def run(name, changes, seed):
    """Results of one closure study."""
    folder = folder_of(name, seed)
    command = [NUTUNE, "run", STUDY, "--resume", "--out", folder, "--set", f"seed.network={seed}"]
    for change in changes:
        command += ["--set", f"models.neural.{change}"]
    code = subprocess.run(command, capture_output=True, text=True, check=False)
    if code.returncode not in (0, 2):
        print(f"{name}, seed {seed}: {code.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads((folder / "results.json").read_text())["models"]["neural"]


def row(title, results):
    """A row of medians (largest in brackets)."""

    def cell(values, form):
        values = list(values)
        median = form.format(statistics.median(values))
        return median if len(values) == 1 else f"{median} ({form.format(max(values))})"

    bias = [r["oscillation"]["bias_sigma"] for r in results]
    slices = [cell([r["slices"][i]["tv"] for r in results], "{:.3f}") for i in range(len(results[0]["slices"]))]
    cells = [
        title,
        cell([r["near"]["tv"] for r in results], "{:.5f}"),
        cell([r["far"]["tv"] for r in results], "{:.4f}"),
        cell([abs(b["sin2_theta23"]) for b in bias], "{:.2f}"),
        cell([abs(b["dm2_32"]) for b in bias], "{:.2f}"),
        *slices,
        cell([r["training"]["loss"] for r in results], "{:.1e}"),
        f"{sum(r['training']['converged'] for r in results)}/{len(results)}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def print_mean_of_nets(seeds):
    """tv of the nets' mean prediction beside the mean tv of single nets: what averaging removes."""
    found = [json.loads((folder_of("default", seed) / "predictions.json").read_text()) for seed in seeds]
    far = [[s for s in run["samples"] if s["name"].startswith("far")][0] for run in found]
    rows = [("far", far)] + [
        (f"{slice_['energy']:g} GeV", [run["slices"][i] for run in found]) for i, slice_ in enumerate(found[0]["slices"])]
    for title, distributions in rows:
        truth = distributions[0]["truth"]
        nets = [d["models"]["neural"] for d in distributions]
        mean = [sum(bins) / len(nets) for bins in zip(*nets)]
        single = statistics.mean(total_variation(net, truth) for net in nets)
        print(f"{title}: tv {single:.4f} of a single net on average, {total_variation(mean, truth):.4f} of their mean")


def total_variation(first, second):
    """½Σ|p−q|."""
    return sum(abs(p - q) for p, q in zip(first, second)) / 2


def header(first):
    print(f"| {first} | near tv | far tv | abs. bias sin²θ₂₃ [σ] | abs. bias Δm²₃₂ [σ] | tv 1 GeV | tv 2 GeV | tv 3 GeV "
          "| tv 5 GeV | loss | converged |")
    print("|---" * 11 + "|")


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else "seeds"
    if what == "seeds":
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 10
        header("seed")
        found = []
        for seed in range(1, count + 1):
            result = run("default", [], seed)
            if result:
                found.append(result)
                row(str(seed), [result])
        row(f"**median (largest) of {len(found)}**", found)
        print()
        print_mean_of_nets(range(1, count + 1))
    elif what == "changes":
        seeds = [int(seed) for seed in sys.argv[2:]] or [1]
        header("change")
        for name, changes in CHANGES.items():
            found = [result for result in (run(name, changes, seed) for seed in seeds) if result]
            if found:
                row(name, found)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
