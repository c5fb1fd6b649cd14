"""What is mutated: for each kind of file that nutune reads, a small valid original and the commands that read it."""
import hashlib
import json
import os
import pathlib
import shutil

import mutate

STUDY = {
    "schema": "nutune.study/1", "name": "fuzz", "experiment": "tiny", "channels": ["numu"],
    "truth": {"model": "toy-sf"},
    "models": {"neural": {"model": "neural-sf", "network": {"hidden": [6]}, "training": {"steps": 12}},
               "process": {"model": "gaussian-process-sf", "prior": "wrong", "kernel": {"length_w2": 3, "length_q2": 3}}},
    "near": {"events": 1e5}, "far": {"events": 500, "sample": "asimov"},
    "oscillation": {"model": "three-flavor", "preset": "values", "fit": ["sin2_theta23", "dm2_32"]},
    "fold": {"cell_scale": 15, "nodes_w2": 24, "nodes_q2": 16, "accuracy": 1e-2}, "slices": {"energies": [1, 2]},
    "fit": {"scan_points": 11, "marginalize": False},
    "systematics": {"flux": {"covariance": "tenth"},
                    "ensemble": {"members": 2, "vary": ["network", "flux"], "breakdown": 2, "scan_points": 21}},
    "seed": {"study": 1}, "title": "Fuzz",
}
BINS = {"lepton_energy": {"from": 0.5, "to": 4, "bins": 4}, "cos_theta": [0, 0.6, 0.8, 0.9, 1]}
CITATIONS = [{"key": "A:2020", "bibtex": "@article{A:2020, title = \"A\"}"}]
ENTRIES = {
    "experiments/tiny": {
        "schema": "nutune.experiment/1", "name": "tiny", "title": "Tiny", "target": "Ar40",
        "baseline": {"length": 1285, "density": 2.8}, "citations": CITATIONS,
        "near": {"detector": {"model": "smearing", "energy": {"resolution": 0.05}}, "fluxes": {"fhc": "flux"},
                 "binning": BINS, "exposure": {"pot": 1e21, "mass": 50}},
        "far": {"detector": {"model": "ideal"}, "fluxes": {"fhc": "flux"}, "events": 500}},
    "fluxes/flux": {"schema": "nutune.flux/1", "name": "flux", "title": "Flux", "model": "tabulated-flux",
                    "file": "flux.csv", "citations": CITATIONS},
    "oscillations/values": {
        "schema": "nutune.oscillation/1", "name": "values", "title": "Values", "model": "three-flavor",
        "parameters": {"sin2_theta12": 0.3, "sin2_theta13": 0.022, "sin2_theta23": 0.47, "delta_cp": -2.5,
                       "dm2_21": 7.5e-5, "dm2_31": 2.5e-3}},
    "priors/wrong": {"schema": "nutune.prior/1", "name": "wrong", "title": "Wrong", "model": "toy-sf",
                     "dis": {"scale": 0.8}},
    "flux-covariances/tenth": {
        "schema": "nutune.flux-covariance/1", "name": "tenth", "title": "Tenth", "detectors": ["near", "far"],
        "modes": ["fhc"], "bins": {"numu": [0, 2, 3, 8]},
        "components": [{"name": "all", "fraction": 0.1, "correlation_length": 1, "correlation": {"detector": 0.9}}]},
    "stories/story": {
        "schema": "nutune.story/1", "name": "story", "title": "Story",
        "slides": [{"heading": "One", "claim": "A claim.", "run": "run", "figures": [],
                    "finding": "tv is {models.neural.far.tv}."}]},
}
FLUX = "E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT\n" + "".join(
    f"{i / 2},{i / 2 + 0.5},{v}e-9\n" for i, v in enumerate([1, 2, 4, 6, 7, 6, 4, 2, 1, 1]))
MATRIX = "1,0.1,0,0\n0.1,1,0.1,0\n0,0.1,1,0.1\n0,0,0.1,1\n"
MEASURED = "".join(f"{i // 2} {i // 2 + 1} {i % 2 / 2} {i % 2 / 2 + 0.5} {v} {v}\n"
                   for i, v in enumerate([1.0, 2.0, 1.5, 0.5]))
HEPDATA = {
    "independent_variables": [
        {"header": {"name": "P", "units": "GEV"}, "values": [{"low": i // 2, "high": i // 2 + 1} for i in range(4)]},
        {"header": {"name": "COS(THETA)"}, "values": [{"low": i % 2 / 2, "high": i % 2 / 2 + 0.5} for i in range(4)]}],
    "dependent_variables": [{"header": {"name": "SIG", "units": "1E-38 CM**2/GEV/NUCLEON"},
                             "values": [{"value": v, "errors": [{"symerror": v, "label": "total"}]}
                                        for v in [1.0, 2.0, 1.5, 0.5]]}]}
ROOT = {"objects": {"h": {"kind": "histogram", "titles": ["t"], "edges": [0, 1, 2, 3], "contents": [1.0, 2.0, 1.0]}}}
COLUMNS = "lepton_momentum.low,lepton_momentum.high,cos_theta.low,cos_theta.high,value,error"
ENTRY = "--name new --title New --no-citation --yes --force --catalog out"
FLUX_OPTIONS = "--area cm2 --per GeV --pot 1 --energy GeV"
MEASUREMENT_OPTIONS = ("--energy GeV --channel numu --target Ar40 --flux flux --unit 1e-38_cm2/GeV/nucleon "
                       "--covariance-unit relative --covariance matrix.txt")


def write(folder, name, content):
    path = pathlib.Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def catalog(folder):
    for name, entry in ENTRIES.items():
        write(folder, f"catalogs/{name}.yaml", json.dumps(entry))
    write(folder, "catalogs/fluxes/flux.csv", FLUX)
    write(folder, "study.yaml", json.dumps(STUDY))


def prepare(folder, run):
    """A catalog, a finished run, an ensemble, coverage and tables, all of the tiny study."""
    catalog(folder)
    run("run study.yaml --out run", 0, 2)
    run("ensemble run study.yaml --out ensemble", 0, 2)
    run("coverage study.yaml --out coverage --experiments 2", 0, 2)
    run("cross-section toy-sf --channel numu --target Ar40 --energies 0.3:8:1 --grid 6x5 --out table.h5", 0)
    run("cross-section toy-sf --channel numu --target Ar40 --energies 0.3:8:1 --grid 6x5 --out table.csv", 0)


def studies(random, original, folder):
    catalog(folder)
    write(folder, "study.yaml", mutate.yaml(random, mutate.tree(random, STUDY)))
    return "check study.yaml"


def entries(random, original, folder):
    catalog(folder)
    name = random.choice(list(ENTRIES))
    shutil.copytree(f"{original}/run", f"{folder}/run") if name.startswith("stories") else None
    write(folder, f"catalogs/{name}.yaml", mutate.yaml(random, mutate.tree(random, ENTRIES[name])))
    if name.startswith("stories"):
        return "present story --runs . --out story.html"
    return random.choice(["check study.yaml", "check study.yaml", "list", f"show {name.split('/')[1]}"])


def tables(random, original, folder):
    catalog(folder)
    changed = json.loads(json.dumps(STUDY))
    kind = random.randrange(4)
    if kind == 0:
        write(folder, "catalogs/fluxes/flux.csv", mutate.table(random, FLUX))
    elif kind == 1:
        write(folder, "table.csv", mutate.table(random, pathlib.Path(original, "table.csv").read_text()))
        changed["models"]["table"] = {"model": "tabulated", "file": "table.csv"}
    elif kind == 2:
        entry = {key: value for key, value in ENTRIES["flux-covariances/tenth"].items() if key != "components"}
        entry.update(detectors={"N": "near"}, modes={"F": "fhc"}, bins="bins.csv", matrix="matrix.csv")
        rows = [f"{i},N,F,numu,{i},{i + 1}" for i in range(4)]
        bins = "\n".join(["index,detector,horn_mode,flavour,E_low_GeV,E_high_GeV"] + rows)
        which = random.randrange(2)
        write(folder, "catalogs/flux-covariances/tenth.yaml", json.dumps(entry))
        write(folder, "catalogs/flux-covariances/bins.csv", mutate.table(random, bins) if which else bins)
        write(folder, "catalogs/flux-covariances/matrix.csv", MATRIX if which else mutate.table(random, MATRIX))
        changed["systematics"]["flux"]["covariance"] = "tenth"
    else:
        write(folder, "response.csv", mutate.table(random, "measured,true,probability\n0,0,0.9\n1,0,0.1\n1,1,1\n"))
        changed["experiment"] = {"base": "tiny", "near": {"detector": {"model": "response-matrix", "file": "response.csv"}}}
    write(folder, "study.yaml", json.dumps(changed))
    return "check study.yaml"


def hdf5(random, original, folder):
    catalog(folder)
    write(folder, "table.h5", mutate.raw(random, pathlib.Path(original, "table.h5").read_bytes()))
    changed = json.loads(json.dumps(STUDY))
    changed["models"]["table"] = {"model": "tabulated", "file": "table.h5"}
    write(folder, "study.yaml", json.dumps(changed))
    return "check study.yaml"


def imports(random, original, folder):
    catalog(folder)
    kind = random.choice(["csv", "nuisance", "globes", "hepdata", "matrix", "root"])
    write(folder, "matrix.txt", mutate.table(random, MATRIX) if kind == "matrix" else MATRIX)
    measurement = f"--as measurement {MEASUREMENT_OPTIONS} {ENTRY}"
    if kind == "csv":
        write(folder, "flux.csv", mutate.table(random, FLUX))
        return f"import csv flux.csv --as flux --columns low,high,numu {FLUX_OPTIONS} {ENTRY}"
    if kind == "globes":
        lines = [" ".join([str(i / 4)] + ["1e3"] * 6) for i in range(1, 9)]
        write(folder, "flux.txt", mutate.table(random, "\n".join(lines).replace(" ", ",")).replace(b",", b" "))
        return f"import globes flux.txt --points centers {FLUX_OPTIONS} {ENTRY}"
    if kind == "root":
        write(folder, "answer.json", json.dumps(mutate.tree(random, ROOT)))
        write(folder, "python", '#!/bin/sh\ncase "$*" in *"import numpy, uproot") exit 0;; esac\ncat answer.json\n')
        os.chmod(f"{folder}/python", 0o755)
        write(folder, "flux.root", "root")
        return f"import root flux.root --histogram numu=h {FLUX_OPTIONS} {ENTRY}"
    if kind == "hepdata":
        write(folder, "data.yaml", mutate.yaml(random, mutate.tree(random, HEPDATA)))
    text = MEASURED.replace(" ", ",")
    write(folder, "data.txt", (text.encode() if kind == "matrix" else mutate.table(random, text)).replace(b",", b" "))
    what = "hepdata data.yaml" if kind == "hepdata" else "nuisance data.txt"
    return f"import {what} --columns {COLUMNS} {measurement}"


def results(random, original, folder):
    run, name, command = random.choice([
        ("run", "results.json", "compare run same"), ("run", "predictions.json", "compare run same"),
        ("run", "structure_functions.json", "report run"), ("run", "results.json", "report run"),
        ("run", "predictions.json", "report run"), ("run", "study.json", "cite run"),
        ("ensemble", "plan.json", "cite ensemble"), ("ensemble", "ensemble.json", "report ensemble"),
        ("coverage", "coverage.json", "report coverage")])
    shutil.copytree(f"{original}/run", f"{folder}/same")
    shutil.copytree(f"{original}/{run}", f"{folder}/{run}", dirs_exist_ok=True)
    document(random, f"{folder}/{run}/{name}")
    catalog(folder)
    return command


def seal(thing):
    """The digest that nutune keeps of a content: of its JSON with sorted keys, on one line."""
    content = {key: value for key, value in thing.items() if key != "seal"}
    text = json.dumps(whole(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def whole(thing):
    """Numbers as nutune writes them, without `.0`."""
    if isinstance(thing, dict):
        return {key: whole(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [whole(value) for value in thing]
    return int(thing) if isinstance(thing, float) and thing.is_integer() and abs(thing) < 1e16 else thing


def document(random, path):
    """Mutates a JSON file; one that is sealed gets a right seal most times, as from somebody who means it."""
    thing = json.loads(pathlib.Path(path).read_text())
    changed = mutate.tree(random, thing)
    if isinstance(changed, dict) and "seal" in thing and random.random() < 0.8:
        changed["seal"] = seal(changed)
    data = json.dumps(changed).encode("utf-8", "replace")
    pathlib.Path(path).write_bytes(mutate.raw(random, data) if random.random() < 0.15 else data)


def stages(random, original, folder):
    """A file of a finished run; most times its stage record is made to know it."""
    catalog(folder)
    shutil.copytree(f"{original}/run", f"{folder}/run")
    files = [f"{kind}/{name}" for kind in ["data", "fits", "models", "stages"]
             for name in sorted(os.listdir(f"{folder}/run/{kind}"))]
    name = random.choice(files)
    path = f"{folder}/run/{name}"
    if name.endswith(".json"):
        document(random, path)
    else:
        write(folder, f"run/{name}", mutate.raw(random, pathlib.Path(path).read_bytes()))
    for record in pathlib.Path(folder, "run/stages").glob("*.json"):
        try:
            stage = json.loads(record.read_text())
            if name in stage["outputs"] and random.random() < 0.8:
                stage["outputs"][name] = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
                stage["seal"] = seal(stage)
                record.write_text(json.dumps(stage))
        except (ValueError, KeyError, TypeError):
            pass
    # A report takes as long as the rest; every other case is enough to see what it does with such files.
    return "run study.yaml --out run --resume --jobs 1" + random.choice(["", " --no-report"])


def ensembles(random, original, folder):
    shutil.copytree(f"{original}/ensemble", f"{folder}/ensemble")
    members = [f"members/{name}" for name in sorted(os.listdir(f"{folder}/ensemble/members"))]
    name = random.choice(["plan.json", "plan.json", "reference.json", random.choice(members)])
    if name.startswith("members") and random.random() < 0.3:
        other = random.choice([member for member in members if member != name])
        shutil.copy(f"{folder}/ensemble/{other}", f"{folder}/ensemble/{name}")
    else:
        document(random, f"{folder}/ensemble/{name}")
    return random.choice(["ensemble status ensemble", "ensemble merge ensemble", "ensemble merge ensemble",
                          "ensemble merge ensemble --incomplete", "ensemble run ensemble --block 0 --jobs 1"])


def coverage(random, original, folder):
    catalog(folder)
    shutil.copytree(f"{original}/coverage", f"{folder}/coverage")
    document(random, f"{folder}/coverage/experiments/{random.randrange(2)}.json")
    return "coverage study.yaml --out coverage --experiments 2 --jobs 1"


WORDS = ("run check list show cross-section oscillate ensemble coverage report compare present import export cite schema plugin "
         "plan status merge study.yaml run x toy-sf neural-sf tiny numu Ar40 --out --set --jobs --resume --json --help "
         "--channel --target --energies --total --grid --baseline --density --preset --antineutrino --block --block-size "
         "--experiments --version --plugin 0.5:2:0.5 1:0:1 0:1:0 1:1e9:1e-9 NxM 3x3 99999x99999 1285 2.8 -1 1e999 nan "
         "values models.neural=1 far.events=-1 far=[] a.b.c.d=1 =1 a= 9223372036854775807 0 ensemble").split()


def arguments(random, original, folder):
    catalog(folder)
    shutil.copytree(f"{original}/ensemble", f"{folder}/ensemble")
    starts = ["cross-section toy-sf --channel numu --target Ar40 --energies 1:2:1", "check study.yaml",
              "oscillate --baseline 1285 --density 2.8 --energies 1:2:1", "ensemble status ensemble", "show tiny", "list"]
    words = random.choice(starts).split() if random.random() < 0.6 else []
    for _ in range(random.randint(1, 4)):
        place = random.randint(0, len(words))
        words[place:place + random.randint(0, 1)] = [
            random.choice(WORDS + [word for word in mutate.WORDS if "\0" not in word])]
    # Whole studies are no question of arguments, and take their time.
    return [word for word in words if word not in ("run", "coverage")]


AREAS = {function.__name__: function for function in [
    studies, entries, tables, hdf5, imports, results, stages, ensembles, coverage, arguments]}
