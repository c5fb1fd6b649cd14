import threading

import numpy as np
import pytest

import nutune


def deviance(events, rates):
    """−2 ln L of a shape: 2 Σ [ν − n + n ln(n/ν)]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(events > 0, events * np.log(events / rates), 0)
    return 2 * (rates - events + logs).sum()


def test_the_likelihood_is_that_of_its_rates(truth):
    for position in ([0.5, 2.45e-3], [0.43, 2.4e-3]):
        rates, data = truth.rates(position), truth.data
        assert list(rates) == ["far-numu-fhc"] == list(truth.fitted)
        events = data["far-numu-fhc"]
        assert events.shape == rates["far-numu-fhc"].shape == truth.binnings["far-numu-fhc"].shape
        assert rates["far-numu-fhc"].sum() == pytest.approx(events.sum(), rel=1e-12)
        assert truth(position) == pytest.approx(deviance(events, rates["far-numu-fhc"]), rel=1e-9)


def test_the_gradient_is_the_slope_of_the_value(truth):
    position = np.array([0.52, 2.46e-3])
    value, slopes = truth.gradient(position)
    assert truth.has_analytic_gradient and value == pytest.approx(truth(position), rel=1e-9)
    for index, parameter in enumerate(truth.parameters.values()):
        step = np.zeros(2)
        step[index] = 1e-3 * parameter.scale
        difference = truth(position + step) - truth(position - step)
        assert slopes[index] == pytest.approx(difference / step[index] / 2, rel=1e-5)


def test_asimov_data_are_described_exactly(truth):
    asimov = truth.with_data(truth.rates(truth.values))
    assert asimov(truth.values) == pytest.approx(0, abs=1e-9)
    assert asimov.gradient(truth.values)[1] == pytest.approx([0, 0], abs=1e-2)
    assert asimov([0.5, 2.45e-3]) > 0 and truth(truth.values) > 1, "the data fluctuate"
    # Twice the events, twice the deviance.
    twice = truth.with_data({"far-numu-fhc": 2 * asimov.data["far-numu-fhc"]})
    assert twice([0.5, 2.45e-3]) == pytest.approx(2 * asimov([0.5, 2.45e-3]), rel=1e-9)


def test_parameters_know_names_bounds_units_and_priors(coarse):
    coarse["oscillation"]["fit"] = ["sin2_theta23", "dm2_32", "delta_cp"]
    without = nutune.Study(coarse, threads=1).far_likelihood
    coarse["fit"]["priors"] = ["dm2_32 = 2.45e-3 ± 3e-5"]
    study = nutune.Study(coarse, threads=1)
    far = study.far_likelihood
    assert (study.names, study.bounds, study.units, study.priors) == (far.names, far.bounds, far.units, far.priors)
    assert far.names == ("sin2_theta23", "dm2_32", "delta_cp") and far.units == ["", "eV²", "rad"]
    assert far.parameters["delta_cp"].period == pytest.approx(2 * np.pi)
    assert far.bounds[0] == (0.001, 0.999) and far.priors == {"dm2_32": (2.45e-3, 3e-5)}
    position = far.values.copy()
    position[1] = 2.5e-3
    assert far(position) - without(position) == pytest.approx((5e-5 / 3e-5) ** 2, rel=1e-9)


def test_parameters_by_name_and_in_order_are_the_same(truth):
    assert truth({"sin2_theta23": 0.5}) == truth([0.5, truth.values[1]]) == truth(np.array([0.5, truth.values[1]]))
    with pytest.raises(KeyError, match="expected one of sin2_theta23"):
        truth({"sin2_theta32": 0.5})
    with pytest.raises(ValueError, match="expected sin2_theta23, dm2_32"):
        truth([0.5])
    with pytest.raises(nutune.NuTuneError, match="dm2_32: found nan"):
        truth([0.5, np.nan])


def test_data_of_another_shape_are_refused(truth):
    with pytest.raises(ValueError, match="expected 780"):
        truth.with_data({"far-numu-fhc": np.ones(7)})
    with pytest.raises(KeyError, match="far-numu-fhc"):
        truth.with_data({"near": np.ones(7)})
    with pytest.raises(nutune.NuTuneError):
        truth.with_data({"far-numu-fhc": -np.ones(780)})


def test_two_threads_get_the_same_numbers(truth):
    positions = [[0.4 + 0.002 * index, 2.45e-3] for index in range(100)]
    alone = [truth.gradient(position)[0] for position in positions]
    found = {}

    def work(name):
        found[name] = [truth.gradient(position)[0] for position in positions]

    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: alone, 1: alone}


def test_a_likelihood_outlives_its_study(coarse):
    far = nutune.Study(coarse, threads=1).likelihood("truth")
    import gc
    gc.collect()
    assert far(far.values) > 0


@pytest.mark.slow
def test_calls_leave_no_memory_behind(truth):
    def resident():
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096

    def calls(count):
        for index in range(count):
            truth([0.45 + 1e-6 * index, 2.45e-3])
            if index % 10 == 0:
                truth.gradient([0.45, 2.45e-3])
                with pytest.raises(nutune.NuTuneError):
                    truth([float("nan"), 1])

    calls(2000)
    before = resident()
    calls(20_000)
    # One leaked array of 780 doubles a call would be 125 MB.
    assert resident() - before < 8e6
