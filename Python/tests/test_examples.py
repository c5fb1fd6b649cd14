"""The examples run as their first lines say, on the coarse study."""

import importlib.util
import json
import pathlib
import subprocess
import sys

import pytest
from conftest import COARSE

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "examples"


def output(tmp_path, name, *arguments, needs):
    missing = [package for package in needs if importlib.util.find_spec(package) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    (tmp_path / "coarse.yaml").write_text(json.dumps(COARSE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, "coarse.yaml", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_closure(tmp_path):
    text = output(tmp_path, "closure.py", "--set", "models.neural.training.steps=30", needs=["iminuit"])
    assert "shape distance (tv) 0." in text and text.count("with the learned model") == 2


def test_sample_posterior(tmp_path):
    text = output(tmp_path, "sample_posterior.py", "truth", "--steps", "200", needs=["emcee"])
    mass = float(text.split("dm2_32: ")[1].split()[0])
    assert mass == pytest.approx(2.44e-3, abs=1e-4)


def test_octant_sensitivity(tmp_path):
    rows = output(tmp_path, "octant_sensitivity.py", "--points", "3", needs=["iminuit"]).split()[1:]
    sigmas = [float(row.split(",")[1]) for row in rows]
    # At maximal mixing there is no wrong octant; away from it data of a disappearance know a little.
    assert len(sigmas) == 3 and sigmas[1] < 0.1 and all(0 <= sigma < 5 for sigma in sigmas)


def test_plot_far_spectrum(tmp_path):
    output(tmp_path, "plot_far_spectrum.py", needs=["matplotlib", "mplhep"])
    assert (tmp_path / "far-spectrum.pdf").read_bytes().startswith(b"%PDF")
