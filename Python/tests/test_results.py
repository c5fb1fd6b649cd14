import importlib.util

import numpy as np
import pytest

import nutune


def test_results_of_a_run(run_folder):
    run = nutune.Run(run_folder)
    assert set(run.models) == {"neural", "process", "heavy"} and run.trained == ["neural", "process"]
    assert run.study["name"] == "coarse"
    assert 0 < run.models["neural"]["far"]["tv"] < 1
    assert run.fit("truth")["results"]["best_fit"] == run.truth["oscillation"]["best_fit"]


def test_histograms_and_figures_of_a_run(run_folder, study):
    run = nutune.Run(run_folder)
    if not run.figures:
        pytest.skip("gnuplot is not installed, so that the run has no report")
    histogram = run.histograms["far-numu-fhc"]["data"]
    expected = study.far["far-numu-fhc"].contents
    assert np.asarray(histogram.values()) == pytest.approx(expected, rel=1e-12)
    assert [axis.name for axis in histogram.axes] == ["lepton_energy", "cos_theta"]
    figure = run.figure("far-numu-fhc-lepton_energy")
    widths = figure["lepton_energy_high"] - figure["lepton_energy_low"]
    assert figure["data"] * widths == pytest.approx(expected.sum(axis=1), rel=1e-9)
    assert figure.units["data"] == "1/GeV" and figure.units["lepton_energy_low"] == "GeV"
    with pytest.raises(nutune.NuTuneError, match="expected one of"):
        run.figure("nothing")


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(nutune.NuTuneError, match="expected a finished run") as error:
        nutune.Run(tmp_path)
    assert error.value.code == 66


def histogram():
    axis = nutune._results.Axis(np.array([0.0, 1.0, 3.0]), {"name": "x", "label": "E_l"})
    return nutune.Histogram((axis,), np.array([2.0, 5.0]), np.array([2.0, 5.0]))


def test_a_histogram_follows_the_protocol_of_uhi():
    own = histogram()
    assert list(own.axes[0]) == [(0, 1), (1, 3)] and own.axes[0][-1] == (1, 3) and len(own.axes[0]) == 2
    assert own.kind == "COUNT" and (own.values() == own.counts()).all()


def test_a_histogram_becomes_one_of_hist():
    if importlib.util.find_spec("hist") is None:
        pytest.skip("hist is not installed")
    converted = histogram().to_hist()
    assert converted.axes[0].name == "x"
    assert (converted.values() == [2, 5]).all() and (converted.variances() == [2, 5]).all()
    assert (converted.axes[0].edges == [0, 1, 3]).all()
