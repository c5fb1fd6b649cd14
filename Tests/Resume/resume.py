#!/usr/bin/env python3
"""Changes every value of a small study in turn and holds a resumed run against one from the start.

    Tests/Resume/resume.py [--nutune .build/release/nutune] [--values 20] [--seed 1] [--jobs 2]

A finished run is copied, one value of its effective study is changed, and `nutune run --resume` goes on in the copy; the
same study runs in an empty folder. What the two leave has to be the same to the last bit, times aside: a stage that does
not know that it depends on a value would leave a stale file. Without --values all values are changed (some minutes).
Standard library only.
"""

import argparse
import concurrent.futures
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/Fuzz"))
import areas  # noqa: E402  the small catalog and study of the fuzzer

# Not values of a study: names, and what is derived from others.
UNCHANGED = {"schema", "name", "experiment.name", "experiment.base", "oscillation.preset", "modes", "channels"}
IGNORED = {"provenance", "seconds", "seal"}


def candidates(value):
    """Other values of the same kind."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, 2 * value]
    if isinstance(value, float):
        return [1.07 * value, 0.93 * value, value + 0.01]
    if isinstance(value, list) and value and all(isinstance(x, (int, float)) for x in value):
        return [value[:-1] + [1.03 * value[-1]], value[:-1] + [0.97 * value[-1]]]
    if isinstance(value, list):
        return [list(reversed(value))] if len(value) > 1 else []
    texts = {
        "asimov": ["poisson"], "own": ["near"], "near": ["own"], "poisson": ["multinomial", "asimov"],
        "smooth": ["histogram"], "silu": ["tanh"], "bootstrap": ["redraw"], "model": ["data"], "noise": ["none"],
    }
    return texts.get(value, ["tanh", "histogram", "none", "total", "ratio"] if isinstance(value, str) else [])


def text(value):
    return json.dumps(value)


def run(nutune, folder, out, changes, resume=False):
    # A report is drawn from what is compared, and takes most of the time of so small a study.
    command = [nutune, "run", "study.yaml", "--out", out, "--jobs", "1", "--no-report"] + (["--resume"] if resume else [])
    for change in changes:
        command += ["--set", change]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def cleaned(thing):
    if isinstance(thing, dict):
        return {key: cleaned(value) for key, value in thing.items() if key not in IGNORED}
    return [cleaned(value) for value in thing] if isinstance(thing, list) else thing


def difference(one, two):
    """First file that two folders do not share, nil when they share all."""
    for kind in ("data", "models", "fits", "."):
        names = [{path.name for path in (folder / kind).iterdir() if path.is_file()} for folder in (one, two)]
        if names[0] != names[1] and kind != ".":
            return f"{kind}: {sorted(names[0] ^ names[1])}"
        for name in sorted(names[0] & names[1]):
            if kind == "." and name not in ("results.json", "predictions.json", "structure_functions.json"):
                continue
            files = [folder / kind / name for folder in (one, two)]
            if name.endswith(".json"):
                same = cleaned(json.loads(files[0].read_text())) == cleaned(json.loads(files[1].read_text()))
            else:
                same = files[0].read_bytes() == files[1].read_bytes()
            if not same:
                return f"{kind}/{name}"
    return None


def changed(nutune, folder, base, number, path, value):
    """(path, outcome): `same`, `refused`, or what differs."""
    for candidate in candidates(value):
        change = f"{path}={text(candidate)}"
        check = subprocess.run(
            [nutune, "check", "study.yaml", "--set", change], cwd=folder, capture_output=True, text=True, check=False)
        if check.returncode == 0:
            break
    else:
        return path, "refused"
    resumed, fresh = folder / f"resumed-{number}", folder / f"fresh-{number}"
    shutil.copytree(base, resumed)
    outcomes = [run(nutune, folder, str(resumed), [change], resume=True), run(nutune, folder, str(fresh), [change])]
    codes = [outcome.returncode for outcome in outcomes]
    if codes[0] != codes[1]:
        return path, f"{change}: exit codes {codes}"
    if codes[0] not in (0, 2):
        return path, "refused"
    found = difference(resumed, fresh)
    shutil.rmtree(resumed)
    shutil.rmtree(fresh)
    return path, f"{change}: {found} differs" if found else "same"


def main():
    parser = argparse.ArgumentParser(description="Changes every value of a study and compares a resumed run.")
    parser.add_argument("--nutune", default=str(ROOT / ".build/release/nutune"))
    parser.add_argument("--values", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    nutune = str(pathlib.Path(options.nutune).resolve())
    with tempfile.TemporaryDirectory(prefix="nutune-resume-") as work:
        folder = pathlib.Path(work)
        areas.catalog(work)
        study = json.loads(json.dumps(areas.STUDY))
        study["fit"] = {"scan_points": 11, "marginalize": True, "nuisance": {"flux": 1}}
        (folder / "study.yaml").write_text(json.dumps(study))
        first = run(nutune, folder, "base", [])
        if first.returncode not in (0, 2):
            sys.exit(f"the study does not run: {first.stderr}")
        values = json.loads((folder / "base/study.json").read_text())["values"]
        paths = [path for path in sorted(values) if path not in UNCHANGED and not path.endswith((".name", ".file", ".model"))]
        random.Random(options.seed).shuffle(paths)
        paths = paths[: options.values] if options.values else paths
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(
                lambda item: changed(nutune, folder, folder / "base", item[0], item[1], values[item[1]]), enumerate(paths)))
    wrong = [outcome for _, outcome in results if outcome not in ("same", "refused")]
    refused = sorted(path for path, outcome in results if outcome == "refused")
    for outcome in wrong:
        print(outcome)
    print(f"{len(results)} values: {sum(o == 'same' for _, o in results)} resumed as from the start, "
          f"{len(wrong)} stale, {len(refused)} that nothing was found for: {', '.join(refused)}")
    sys.exit(1 if wrong or not any(o == "same" for _, o in results) else 0)


if __name__ == "__main__":
    main()
