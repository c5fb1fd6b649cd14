import json
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from conftest import COARSE

import nutune


def scan(folder, label, likelihood):
    """Values of a fit's scan of the command line, and those of the package at the same points, relative to the same."""
    record = nutune.Run(folder).fit(label)
    axes, values = record["axes"], np.array(record["scan"])
    best = record["results"]["best_fit"]
    reference = likelihood([best[name] for name in likelihood.names])
    found = np.array([likelihood([x, y]) - reference for y in axes["y"] for x in axes["x"]])
    return values, found


def test_text_file_dict_and_name_are_one_study(tmp_path, truth):
    path = tmp_path / "coarse.yaml"
    path.write_text(json.dumps(COARSE), encoding="utf-8")
    position = [0.5, 2.45e-3]
    text = "\n".join(f"{key}: {json.dumps(value)}  # a comment" for key, value in COARSE.items())
    assert nutune.Study(path, threads=1).minus_two_log_likelihood(position) == truth(position)
    assert nutune.Study(text, threads=2).minus_two_log_likelihood(position) == truth(position)


def test_settings_change_values(coarse):
    with pytest.warns(UserWarning, match="fit.scan_points has no effect"):
        study = nutune.Study(coarse, settings={"far.events": 100, "oscillation.fit": ["sin2_theta23"]}, threads=1)
    assert study.names == ("sin2_theta23",)
    assert study.far_likelihood.data["far-numu-fhc"].sum() < 200


def test_a_study_knows_its_samples(study):
    assert study.models == {"neural": "neural-sf", "process": "gaussian-process-sf", "heavy": "toy-sf"}
    assert study.learners == ("neural", "process")
    near = study.near["near-numu-fhc"]
    assert near.contents.shape == near.binning.shape and near.contents.sum() == near.events
    assert near.events == pytest.approx(3e7, rel=1e-3) and near.truth.sum() == pytest.approx(1)
    assert near.binning.observables == ("lepton_energy", "cos_theta") and near.binning.units == ("GeV", "")
    energies, cosines = near.binning.edges
    assert (len(energies) - 1, len(cosines) - 1) == near.binning.shape
    assert study.far["far-numu-fhc"].contents == pytest.approx(study.likelihood("truth").data["far-numu-fhc"], abs=0)


def test_mistakes_in_a_study_are_all_told(coarse):
    coarse["truth"], coarse["channels"] = {"model": "toy"}, ["numuon"]
    with pytest.raises(nutune.NuTuneError) as error:
        nutune.Study(coarse)
    assert error.value.code == 65 and len(error.value.sentences) == 2
    with pytest.raises(nutune.NuTuneError, match="expected a mapping"):
        nutune.Study("a list\n- 1\n")
    with pytest.raises(ValueError):
        nutune.Study({**coarse, "near": {"events": float("nan")}})


def test_an_untrained_model_has_no_likelihood(study, coarse):
    with pytest.raises(nutune.NuTuneError, match="not trained yet"):
        nutune.Study(coarse, threads=1).likelihood("neural")
    with pytest.raises(nutune.NuTuneError, match="did you mean “neural”"):
        study.likelihood("neurla")
    with pytest.raises(nutune.NuTuneError, match="does not learn"):
        study.train("heavy")


def test_a_model_that_does_not_learn_needs_no_training(study, truth):
    heavy = study.likelihood("heavy")
    assert heavy([0.5, 2.45e-3]) != truth([0.5, 2.45e-3])


@pytest.mark.parametrize("label", ["truth", "heavy"])
def test_fixed_models_fit_as_the_command_line_does(run_folder, study, label):
    values, found = scan(run_folder, label, study.likelihood(label))
    assert (values == found).all()


@pytest.mark.parametrize("label", ["neural", "process"])
def test_trained_models_fit_as_the_command_line_does(run_folder, coarse, label):
    study = nutune.Study(coarse, threads=2)
    told = []
    model = study.train(label, progress=told.append)
    if label == "neural":
        assert told[-1].stage == "train-neural" and 0 < told[-1].step <= told[-1].steps
    run = nutune.Run(run_folder)
    assert model.record["converged"] == run.models[label]["training"]["converged"]
    # The model of the run, the model that was trained here, and the likelihoods of both.
    assert model(2.0, 1.0, 0.9) == run.model(label)(2.0, 1.0, 0.9)
    for name in (label, f"{run_folder}#{label}"):
        values, found = scan(run_folder, label, study.likelihood(name))
        assert (values == found).all()


def test_a_model_that_knows_its_uncertainty_is_integrated_out(run_folder, coarse):
    study = nutune.Study(coarse, model=f"{run_folder}#process", threads=2)
    far = study.far_likelihood
    values, found = scan(run_folder, "process.at_posterior_mean", study.likelihood(at_posterior_mean=True))
    assert (values == found).all()
    assert far(far.values) != study.likelihood(at_posterior_mean=True)(far.values)
    assert far.has_analytic_gradient
    value, slopes = far.gradient([0.5, 2.45e-3])
    difference = far([0.5001, 2.45e-3]) - far([0.4999, 2.45e-3])
    assert value == far([0.5, 2.45e-3]) and slopes[0] == pytest.approx(difference / 2e-4, rel=1e-3)


def test_an_error_in_progress_ends_the_training(coarse):
    coarse["models"]["neural"]["training"] = {"steps": 200_000, "checkpoint_interval": 0}
    study = nutune.Study(coarse, threads=1)

    def stop(progress):
        raise RuntimeError(f"enough after {progress.step}")

    with pytest.raises(RuntimeError, match="enough after 20"):
        study.train("neural", progress=stop)


def test_ctrl_c_ends_a_training(coarse):
    coarse["models"]["neural"]["training"] = {"steps": 2_000_000}
    program = (
        "import json, sys, nutune\n"
        "study = nutune.Study(json.loads(sys.argv[1]), threads=1)\n"
        "print('ready', flush=True)\n"
        "study.train('neural', progress=lambda p: print(p.step, flush=True))\n")
    process = subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(coarse)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell ignores the signal in what it runs in the background, and its children would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert process.stdout.readline() == "ready\n" and int(process.stdout.readline()) > 0
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors and process.returncode != 0
    assert time.monotonic() - start < 5


def test_other_threads_go_on_during_a_training(coarse):
    coarse["models"]["neural"]["training"] = {"steps": 300}
    study = nutune.Study(coarse, threads=1)
    counted = [0]
    done = threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    study.train("neural")
    done.set()
    thread.join()
    assert counted[0] > 10
