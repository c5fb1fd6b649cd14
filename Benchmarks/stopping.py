"""Goodness of fit and far error over data seeds and numbers of near events, as a Markdown table; and a wrong model.

usage: Benchmarks/stopping.py [--nutune FILE] [--catalogs FOLDER] [--out FOLDER] [--seeds 10] [--first-seed 1] [--events 1e6,3e6,1e7,3e7]
                              [--models neural,process] [--set models.neural.training.stopping=none] [--jobs 2]

The folder keeps the runs, and a finished run is not computed again: give each build and each setting one of its own.
Means over the seeds; after ± the standard deviation of one seed. Standard library only.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = {
    "neural": "{model: neural-sf}",
    "neural-prior": "{model: neural-sf, prior: toy-detuned}",
    "flow": "{model: normalizing-flow}",
    "process": "{model: gaussian-process-sf, prior: toy-detuned}",
    "process-smooth": "{model: gaussian-process-sf}",
}
STUDY = """schema: nutune.study/1
name: stopping
title: Stopping and goodness of fit
description: Models tuned on near data with fluctuations.
experiment: dune
channels: [numu]
truth: {{model: {truth}}}
models:
{models}
near: {{events: {events}}}
far: {{events: 6200, sample: asimov}}
fold: {{nodes_w2: 64, nodes_q2: 40}}
fit: {{scan_points: 11}}
slices: {{energies: []}}
oscillation:
  model: three-flavor
  preset: nufit-6.0-no
  fit: [sin2_theta23, dm2_32]
seed: {{study: {seed}, network: 1}}
"""


def run(arguments, name, models, events, seed, truth="toy-sf", changes=()):
    """Results of one study, by model."""
    folder = arguments.out / name
    study = folder.with_suffix(".yaml")
    folder.parent.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f"  {label}: {MODELS[label]}" for label in models)
    study.write_text(STUDY.format(truth=truth, models=lines, events=events, seed=seed))
    command = [arguments.nutune, "run", study, "--resume", "--jobs", "1", "--out", folder]
    for change in changes:
        command += ["--set", change]
    environment = os.environ | {"NUTUNE_CATALOGS": str(arguments.catalogs)}
    if not (folder / "report.html").exists():
        code = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if code.returncode not in (0, 2):
            print(f"{name}: {code.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            return {}
    return json.loads((folder / "results.json").read_text())["models"]


def expected(model):
    """Expected deviance of a right model: as reported, or bins − 1 where nothing is."""
    fit = model["near"].get("goodness_of_fit") or {}
    return fit.get("expected_deviance") or model["near"]["bins"] - 1


def row(events, label, found):
    """A row of means over the seeds (± the standard deviation of one)."""

    def cell(values, form):
        values = list(values)
        spread = f" ± {form.format(statistics.stdev(values)).lstrip('+')}" if len(values) > 1 else ""
        return form.format(statistics.mean(values)) + spread

    fits = [model["near"].get("goodness_of_fit") or {} for model in found]
    bias = [model["oscillation"].get("bias_sigma") or {} for model in found]
    cells = [
        f"{float(events) / 1e6:g} M", label, str(len(found)),
        cell((model["near"]["deviance"] / expected(model) for model in found), "{:.2f}"),
        cell((model["far"]["tv"] for model in found), "{:.4f}"),
        cell((b["sin2_theta23"] for b in bias if b), "{:+.2f}") if all(bias) else "–",
        cell((b["dm2_32"] for b in bias if b), "{:+.2f}") if all(bias) else "–",
        cell((model["training"]["steps"] for model in found), "{:.0f}"),
        str(sum(fit.get("verdict", "good") != "good" for fit in fits)) if all(fits) else "–",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def print_wrong_model(arguments):
    """A truth with resonances, learned around a prior that has none: it has to be flagged."""
    for events in ["infinite", "30000000"]:
        found = run(arguments, f"wrong-{events}", ["process"], events, 1, truth="toy-sf-resonance",
                    changes=["models.process.prior={model: toy-sf}", "models.process.kernel.amplitude=0.1"])
        for label, model in found.items():
            fit = model["near"].get("goodness_of_fit") or {}
            print(f"wrong model ({label}, {events} events): near deviance {model['near']['deviance']:.3g} for "
                  f"{model['near']['bins']} bins, far tv {model['far']['tv']:.4f}, verdict {fit.get('verdict', 'none')}, "
                  f"p {fit.get('p_value')}, visible with {fit.get('visible_events')} events")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--nutune", default=ROOT / ".build/release/nutune", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--catalogs", default=ROOT / "catalogs", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--out", default=ROOT / "runs/stopping", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--seeds", default=10, type=int)
    parser.add_argument("--first-seed", default=1, type=int)
    parser.add_argument("--events", default="1e6,3e6,1e7,3e7")
    parser.add_argument("--models", default="neural,process")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--jobs", default=2, type=int)
    parser.add_argument("--skip-wrong", action="store_true")
    arguments = parser.parse_args()
    labels = arguments.models.split(",")
    print("| near events | model | seeds | near deviance / expected | far tv | bias sin²θ₂₃ [σ] | bias Δm²₃₂ [σ] | steps "
          "| flagged |")
    print("|---" * 9 + "|")
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for events in arguments.events.split(","):
            whole = str(round(float(events)))
            jobs = [pool.submit(run, arguments, f"{events}-{seed}", labels, whole, seed, changes=arguments.set)
                    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds)]
            found = [job.result() for job in jobs]
            for label in labels:
                models = [result[label] for result in found if label in result]
                if models:
                    row(events, label, models)
    if not arguments.skip_wrong:
        print()
        print_wrong_model(arguments)


if __name__ == "__main__":
    main()
