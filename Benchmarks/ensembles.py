"""Ensembles of the systematics, as Markdown tables: the shift that members share and what they cost, near statistics side
by side, and honesty over independent data.

usage: Benchmarks/ensembles.py shift [MEMBERS] ['CHANGE; CHANGE...']...
       Benchmarks/ensembles.py statistics [DRAWS]
       Benchmarks/ensembles.py honesty [DATA_SETS] [MEMBERS]

`shift` makes one row for the settings of dune-ensemble and one for each list of changes, such as
'models.neural.training.steps=8000; fold.nodes_w2=140; fold.nodes_q2=80'. Ensembles stay in runs/ensembles, and members that
are finished are not computed again (those of `shift` are: their time is measured). NUTUNE names another executable than that
of the release build. Standard library only.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUTUNE = os.environ.get("NUTUNE", ROOT / ".build/release/nutune")
STUDIES = ROOT / "catalogs/studies"
NAMES = ["sin2_theta23", "dm2_32"]

# The network of dune-ensemble, so that all tables speak of the same model.
SOURCES = {
    "seeds": "[network]",
    "seeds and architecture": "[network, architecture]",
    "seeds, flux, statistics": "[network, flux, statistics]",
    "all, with architecture": "[network, architecture, flux, statistics]",
}


def ensemble(folder, study, changes):
    """Merged results of an ensemble, computed where they are not there."""
    out = ROOT / "runs/ensembles" / folder
    command = [NUTUNE, "ensemble", "run", STUDIES / study, "--out", out]
    for change in changes:
        command += ["--set", change]
    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if code.returncode not in (0, 2):
        sys.exit(f"{folder}: {code.stderr.strip().splitlines()[-1]}")
    return json.loads((out / "ensemble.json").read_text())


def spread(values, digits):
    """Mean ± standard deviation."""
    return f"{statistics.mean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"


def shift(members, settings):
    """Mean, median and scatter of the fits with a network and data of 30 M events of each member's own, at the true flux.

    A flux throw would hide the shift behind its own scatter, and near maximal mixing skew it; where a setting varies the
    flux, the fits with the true cross section have a row of their own.
    """
    print("| settings | members | shift of sin²θ₂₃ [σ_stat] | median | scatter | shift of Δm²₃₂ | median | scatter | far tv | CPU s a member |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for setting in [""] + settings:
        folder = "shift-" + (re.sub("[^A-Za-z0-9.]+", "-", setting) or "default")
        shutil.rmtree(ROOT / "runs/ensembles" / folder, ignore_errors=True)
        changes = [
            "systematics.ensemble.vary=[network, statistics]",
            "systematics.statistics.method=redraw",
            "systematics.ensemble.breakdown=0",
            f"systematics.ensemble.members={members}",
        ] + [change.strip() for change in setting.split(";") if change.strip()]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        results = ensemble(folder, "dune-ensemble.yaml", changes)
        seconds = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / members
        for key, name in [("model", setting or "dune-ensemble"), ("truth", "– with the true cross section")]:
            fitted = results["sets"][0].get(key)
            if not fitted:
                continue
            cells = [name, str(fitted["members"])]
            for values in biases(results, key):
                error = statistics.stdev(values) / len(values) ** 0.5
                cells += [f"{statistics.mean(values):+.2f} ± {error:.2f}", f"{statistics.median(values):+.2f}"]
                cells.append(f"{statistics.stdev(values):.2f}")
            cells += [f"{fitted['far_tv'][0]:.4f}", f"{seconds:.1f}"]
            print(f"| {' | '.join(cells)} |", flush=True)


def biases(results, key="model"):
    """Shifts of all members from the fit with the true cross section, in its statistical errors, by parameter."""
    fit, sigma = results["reference"], results["sigma_stat"]
    # Ensembles of older versions stay in runs/ensembles; they have the former name of the key.
    reference = fit.get("nearest_minimum") or fit["compared_fit"]
    fits = results["sets"][0][key]["fits"]
    return [[(fit[i] - reference[name]) / sigma[name] for fit in fits] for i, name in enumerate(NAMES)]


def near_statistics(draws):
    """Infinitely many, 30 M, 3 M and 0.3 M near events, the same network, data drawn anew in every member."""
    print("| near events | near tv | far tv | bias sin²θ₂₃ [σ] | bias Δm²₃₂ [σ] | members |")
    print("|---|---|---|---|---|---|")
    for title, events in [("30 M", "30.0e6"), ("3 M", "3.0e6"), ("0.3 M", "0.3e6")]:
        changes = [f"near.events={events}", f"systematics.ensemble.members={draws}"]
        row(title, ensemble(f"statistics-{title.replace(' ', '')}", "systematics/statistics-30m.yaml", changes))
    changes = [f"systematics.ensemble.members={draws}"]
    row("infinite, seeds drawn instead", ensemble("statistics-infinite", "systematics/seeds.yaml", changes))


def row(title, results):
    """One row: tv and bias with their spread over the members."""
    model = results["sets"][0]["model"]
    cells = [f"{model[key][0]:.4f} ± {model[key][1]:.4f}" for key in ("near_tv", "far_tv")]
    cells += [spread(values, 2) for values in biases(results)]
    print(f"| {title} | {' | '.join(cells)} | {model['members']} |", flush=True)


def honesty(count, members):
    """Actual shift over the ensemble's spread, for independent near and far data."""
    rows = {title: [] for title in SOURCES}
    for data in range(1, count + 1):
        for title, vary in SOURCES.items():
            changes = [
                f"seed.data={data}",
                f"systematics.ensemble.vary={vary}",
                f"systematics.ensemble.members={members}",
                "systematics.ensemble.breakdown=0",
                "far.sample=poisson",
            ]
            name = title.replace(", ", "-").replace(" ", "-")
            rows[title].append(ensemble(f"honesty-{data}-{name}", "dune-ensemble.yaml", changes))
    print("| members differ in | parameter | shift [σ_stat], each data set | spread | rms of shift/spread | truth in 68 %, 95 % |")
    print("|---|---|---|---|---|---|")
    for title, all_results in rows.items():
        models = [results["sets"][0]["model"] for results in all_results]
        held = [sum(model["holds_truth"][key] for model in models) for key in ("68.27", "95.45")]
        for name in NAMES:
            shifts = [model["shift"][name]["value"] for model in models]
            spreads = [model["spread"][name]["value"] for model in models]
            ratios = [shift / spread for shift, spread in zip(shifts, spreads)]
            rms = statistics.mean(ratio * ratio for ratio in ratios) ** 0.5
            print(
                f"| {title} | {name} | {', '.join(f'{shift:+.2f}' for shift in shifts)} | {statistics.mean(spreads):.2f} "
                f"| {rms:.1f} | {held[0]}/{count}, {held[1]}/{count} |",
                flush=True,
            )


def main():
    """Chooses the table."""
    if sys.argv[1:2] == ["shift"]:
        shift(int((sys.argv[2:3] or [20])[0]), sys.argv[3:])
        return
    numbers = [int(argument) for argument in sys.argv[2:]]
    if sys.argv[1:2] == ["statistics"]:
        near_statistics(*(numbers or [12]))
    elif sys.argv[1:2] == ["honesty"]:
        honesty(*(numbers or [5, 12]))
    else:
        sys.exit(__doc__)


main()
