"""What `nutune export` writes for programs that are Python packages, taken by these packages."""

import os
import subprocess
import sys

import numpy as np
import pytest

import nutune


def exported(program, run_folder, folder, kind):
    """The folder of an export of the coarse run."""
    done = subprocess.run(
        [program, "export", str(run_folder), "--format", kind, "--out", str(folder)], capture_output=True, text=True,
        env={**os.environ, "NUTUNE_PYTHON": sys.executable})
    assert done.returncode == 0, done.stderr
    return folder


def test_the_validator_of_hepdata_accepts_the_submission(program, run_folder, tmp_path):
    module = pytest.importorskip("hepdata_validator.full_submission_validator")
    validator = module.FullSubmissionValidator()
    assert validator.validate(directory=str(exported(program, run_folder, tmp_path, "hepdata"))), validator.get_messages()
    (tmp_path / "submission.yaml").write_text("name: [", encoding="utf-8")
    assert not module.FullSubmissionValidator().validate(directory=str(tmp_path))


def test_uproot_reads_the_numbers_of_the_run(program, run_folder, tmp_path):
    uproot = pytest.importorskip("uproot")
    run = nutune.Run(run_folder)
    far, fit = run.distributions["far-numu-fhc"], run.fit("neural")["results"]
    with uproot.open(exported(program, run_folder, tmp_path, "root") / "coarse.root") as file:
        found = file["far-numu-fhc/neural"].values()
        assert found == pytest.approx(far.events * far.models["neural"], rel=1e-12)
        matrix = file["fits/neural-covariance"].values()
        errors = [fit["errors"][name] for name in ("sin2_theta23", "dm2_32")]
        assert np.sqrt(np.diag(matrix)) == pytest.approx(errors, rel=1e-12)
        points = sum(len(line) for contour in fit["contours"].values() for line in contour["lines"])
        assert file["fits/neural-contours"].num_entries == points
