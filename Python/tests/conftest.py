"""A coarse study, and a run of it by the command line, which the package has to agree with to the last digit."""

from __future__ import annotations

import copy
import os
import pathlib
import shutil
import subprocess

import pytest

import nutune

ROOT = pathlib.Path(__file__).resolve().parents[2]

COARSE = {
    "schema": "nutune.study/1",
    "name": "coarse",
    "experiment": "dune",
    "channels": ["numu"],
    "truth": {"model": "toy-sf"},
    "models": {
        "neural": {"model": "neural-sf", "network": {"hidden": [12]}, "training": {"steps": 60}},
        "process": {"model": "gaussian-process-sf", "prior": "toy-detuned", "kernel": {"length_w2": 2, "length_q2": 2}},
        "heavy": {"model": "toy-sf", "quasi_elastic": {"axial_mass": 1.2}},
    },
    "near": {"events": 3e7},
    "far": {"events": 6200, "sample": "poisson"},
    "oscillation": {
        "model": "three-flavor", "preset": "nufit-6.0-no", "fit": ["sin2_theta23", "dm2_32"],
    },
    "fold": {"cell_scale": 8, "nodes_w2": 40, "nodes_q2": 26, "accuracy": 2e-3},
    "fit": {"scan_points": 11},
    "slices": {"energies": []},
}


@pytest.fixture
def coarse() -> dict:
    """The coarse study, for tests that change it."""
    return copy.deepcopy(COARSE)


@pytest.fixture(scope="session")
def study() -> nutune.Study:
    return nutune.Study(COARSE, threads=2)


@pytest.fixture(scope="session")
def truth(study) -> nutune.Likelihood:
    return study.likelihood("truth")


@pytest.fixture(scope="session")
def program() -> str:
    """The command line of the same sources."""
    path = os.environ.get("NUTUNE_PROGRAM") or ROOT / ".build/release/nutune"
    if not os.access(path, os.X_OK):
        pytest.skip(f"no program {path}, which `make build` makes; NUTUNE_PROGRAM names another one")
    return str(path)


@pytest.fixture(scope="session")
def run_folder(program, tmp_path_factory) -> pathlib.Path:
    """The folder of a run of the coarse study by the command line."""
    import json

    folder = tmp_path_factory.mktemp("run")
    (folder / "coarse.yaml").write_text(json.dumps(COARSE), encoding="utf-8")
    words = [program, "run", str(folder / "coarse.yaml"), "--out", str(folder / "coarse"), "--jobs", "2"]
    if shutil.which("gnuplot") is None:
        words.append("--no-report")
    done = subprocess.run(
        words, capture_output=True, text=True, cwd=folder,
        env={**os.environ, "NUTUNE_CATALOGS": str(pathlib.Path(nutune.__file__).with_name("catalogs"))})
    assert done.returncode in (0, 2), done.stderr
    return folder / "coarse"
