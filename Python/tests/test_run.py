import json
import signal
import subprocess
import sys
import time

import pytest
from conftest import COARSE

import nutune


def numbers(value):
    """Results without durations."""
    if isinstance(value, dict):
        return {key: numbers(entry) for key, entry in value.items() if key != "seconds"}
    return [numbers(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_run_has_the_numbers_of_the_command_line(run_folder, tmp_path):
    told = []
    run = nutune.run(COARSE, tmp_path / "run", threads=2, progress=told.append)
    expected = nutune.Run(run_folder)
    assert numbers(run.truth) == numbers(expected.truth) and numbers(run.models) == numbers(expected.models)
    assert run.study["values"] == expected.study["values"]
    assert run.trained == ["neural", "process"]
    assert run.model("neural")(2.0, 1.0, 0.9) == expected.model("neural")(2.0, 1.0, 0.9)
    assert run.fit("heavy")["scan"] == expected.fit("heavy")["scan"]
    far, same = run.distributions["far-numu-fhc"], expected.distributions["far-numu-fhc"]
    assert far.data.shape == far.binning.shape and far.data.sum() == pytest.approx(1)
    assert (far.models["neural"] == same.models["neural"]).all() and (far.truth == same.truth).all()

    stages = [(each.stage, each.step, each.steps) for each in told]
    assert ("near-data", 0, 1) in stages and ("fit-heavy", 1, 1) in stages
    assert any(stage == "tune-neural" and 0 < step <= 60 and steps > 1 for stage, step, steps in stages)
    assert "fit-heavy" in (tmp_path / "run/run.log").read_text(encoding="utf-8")

    # Everything is there already.
    told.clear()
    again = nutune.run(COARSE, tmp_path / "run", resume=True, progress=told.append)
    assert numbers(again.models) == numbers(run.models)
    assert all(each.steps == 1 for each in told)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_an_error_in_progress_ends_a_run_that_goes_on(coarse, tmp_path):
    del coarse["models"]["process"], coarse["models"]["neural"]

    def stop(progress):
        if progress.stage == "fit-heavy":
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        nutune.run(coarse, tmp_path / "a", progress=stop)
    assert not (tmp_path / "a/results.json").exists()
    later = nutune.run(coarse, tmp_path / "a", resume=True, set={"fit.scan_points": 11})
    log = (tmp_path / "a/run.log").read_text(encoding="utf-8")
    assert "fit-truth: as before" in log
    assert numbers(later.models) == numbers(nutune.run(coarse, tmp_path / "b", threads=1).models)


INTERRUPTED = """
import json, sys, time
import nutune

def tell(progress):
    if progress.stage == "tune-neural" and progress.step > 0:
        print("training", flush=True)
        time.sleep(0.2)

try:
    nutune.run(json.loads(sys.argv[1]), sys.argv[2], threads=1, progress=tell)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ctrl_c_ends_a_run_that_goes_on(coarse, tmp_path):
    del coarse["models"]["process"], coarse["models"]["heavy"]
    coarse["models"]["neural"]["training"] = {"steps": 100, "checkpoint_interval": 0}
    coarse["oscillation"]["fit"] = []
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, json.dumps(coarse), str(tmp_path / "a")], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert process.stdout.readline() == "training\n"
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = iter(process.stdout.readline, "")
    assert "interrupted\n" in said and time.monotonic() - start < 2
    process.communicate(timeout=60)
    assert process.returncode == 0 and time.monotonic() - start < 10
    assert not (tmp_path / "a/results.json").exists()

    later = nutune.run(coarse, tmp_path / "a", resume=True)
    assert "near-data: as before" in (tmp_path / "a/run.log").read_text(encoding="utf-8")
    assert numbers(later.models) == numbers(nutune.run(coarse, tmp_path / "b").models)


def test_mistakes_touch_no_folder(coarse, tmp_path):
    coarse["truth"] = {"model": "toy"}
    with pytest.raises(nutune.NuTuneError) as error:
        nutune.run(coarse, tmp_path / "a")
    assert error.value.code == 65 and not (tmp_path / "a").exists()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_pulls_are_those_of_the_results(coarse, tmp_path):
    del coarse["models"]["neural"]
    coarse["fit"]["nuisance"] = {"density": 0.05}
    (tmp_path / "study.yaml").write_text(json.dumps(coarse), encoding="utf-8")
    run = nutune.run(tmp_path / "study.yaml", tmp_path / "run")
    study = nutune.Study(coarse)
    for label, fit in (
            ("truth", run.truth["oscillation"]), ("heavy", run.models["heavy"]["oscillation"]),
            (f"{run.folder}#process", run.models["process"]["oscillation"])):
        far = study.likelihood(label)
        pulls = far.pulls([fit["nearest_minimum"][name] for name in far.names])
        assert {name: pull.value for name, pull in pulls.items()} == fit["pulls"]
        assert far.nuisances == ("density",) and pulls["density"].width == 0.05
        assert pulls["density"].value != 0
