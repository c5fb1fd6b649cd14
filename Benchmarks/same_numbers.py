#!/usr/bin/env python3
"""Runs studies with two builds of nutune and compares every number of what they leave, bit for bit.

    python3 Benchmarks/same_numbers.py OLD NEW [--out runs/same] [--only WORD] [--jobs 2]

OLD and NEW are programs. Short trainings of every shipped study, an ensemble and a coverage run. Times, versions, digests,
names of renamed keys and files (RENAMED) and what the new build adds are left out of the comparison. Exits with 1 when a
number differs. Standard library only.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHORT = {"neural-sf": "training.steps=60", "normalizing-flow": "training.steps=30"}
# Keys that mean when, where and by which build, not what.
# `disappearance` of a fit's record became one of its `derived` quantities; the number is in the bias.
IGNORED = {"disappearance", "derived", "provenance", "seconds", "seal", "digest", "started", "version", "working_folder", "catalogs", "study_file"}
# Old name: new name.
RENAMED = {"compared_fit": "nearest_minimum", "oscillation_frozen": "oscillation_at_posterior_mean"}
# Old ending: new ending, of labels of fits, which are keys of coverage and names of files.
RENAMED_ENDINGS = {".frozen": ".at_posterior_mean"}


def runs():
    """(name, arguments after the program without --out)."""
    for path in sorted((ROOT / "catalogs/studies").glob("**/*.yaml")):
        text = path.read_text()
        if "ensemble:" in text or "coverage" in path.stem:
            continue
        changes = []
        for line in text.splitlines():
            stripped = line.strip()
            for model, change in SHORT.items():
                if f"model: {model}" in stripped and ":" in stripped.split("{")[0] and not stripped.startswith("#"):
                    label = stripped.split(":")[0]
                    if label not in ("truth", "prior"):
                        changes += ["--set", f"models.{label}.{change}"]
        yield path.stem, ["run", str(path), *changes]
    ensemble = ["systematics.ensemble.members=3", "systematics.ensemble.breakdown=1", "models.neural.training.steps=100"]
    yield "dune-ensemble", ["ensemble", "run", "dune-ensemble", *[x for c in ensemble for x in ("--set", c)]]
    yield "dune-process-coverage", ["coverage", "dune-process-coverage", "--experiments", "2"]


def renamed(name):
    """The name in the new build."""
    for old, new in RENAMED_ENDINGS.items():
        if name.endswith(old):
            return name[: -len(old)] + new
    return RENAMED.get(name, name)


def differences(old, new, path=""):
    """Places where two JSON values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        old = {renamed(key): value for key, value in old.items()}
        for key in sorted(set(old) | set(new)):
            if key in IGNORED:
                continue
            if key not in old:
                continue  # what a newer build adds
            if key not in new:
                yield f"{path}.{key}: only in the old one"
            else:
                yield from differences(old[key], new[key], f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{path}: {len(old)} and {len(new)} values"
        for index, pair in enumerate(zip(old, new)):
            yield from differences(*pair, f"{path}.{index}")
    elif old != new:
        yield f"{path}: {old} and {new}"


def main():
    parser = argparse.ArgumentParser(description="Compares the numbers of two builds.")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "runs/same")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    failed = 0
    for name, arguments in runs():
        if options.only not in name:
            continue
        folders = []
        for label, program in (("old", options.old), ("new", options.new)):
            folder = options.out / label / name
            done = subprocess.run(
                [program, *arguments, "--out", str(folder), "--jobs", options.jobs], cwd=ROOT, capture_output=True, text=True)
            if done.returncode not in (0, 2):
                sys.exit(f"{name} ({label}): exit {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
            folders.append((folder, done.returncode))
        (old, old_code), (new, new_code) = folders
        found = [] if old_code == new_code else [f"exit codes {old_code} and {new_code}"]
        files = 0
        for file in sorted(old.glob("**/*.json")):
            place = file.relative_to(old)
            twin = new / place.with_name(renamed(place.stem) + ".json")
            if place.parts[0] in ("stages", "claims", "histograms") or not twin.exists():
                continue
            files += 1
            found += [f"{place}{x}" for x in differences(json.loads(file.read_text()), json.loads(twin.read_text()))]
        print(f"{name}: {files} files, {len(found)} differences", flush=True)
        for line in found[:10]:
            print(f"  {line}")
        failed += bool(found)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
