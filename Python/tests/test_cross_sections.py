import numpy as np
import pytest

import nutune

FERMI, MUON, W = 1.1663788e-5, 0.1056583755, 80.377
CONVERSION = 0.3893793721e-27 / 1e-38  # GeV⁻² in 10⁻³⁸ cm²


def test_the_cross_section_is_the_contraction_of_its_structure_functions():
    model = nutune.CrossSection("toy-sf")
    neutrino, lepton, cosine = np.array([2.0, 3.0]), np.array([1.2, 1.0]), np.array([0.9, 0.7])
    momentum = np.sqrt(lepton**2 - MUON**2)
    omega, q2 = neutrino - lepton, 2 * neutrino * (lepton - momentum * cosine) - MUON**2
    for channel, sign in [("numu", 1), ("numubar", -1)]:
        w1, w2, w3, w4, w5 = model.structure_functions(omega, q2, channel=channel)
        mass = 0.93891875
        a, b = w2, -omega * w2 + sign * q2 * w3 / (2 * mass) - MUON**2 * w5 / mass
        c = (q2 + MUON**2) * (
            w1 / 2 - w2 / 4 - sign * omega * w3 / (4 * mass) + MUON**2 * omega * w4 / (2 * mass * q2))
        expected = (
            FERMI**2 * momentum / (np.pi * (1 + q2 / W**2) ** 2) * (a * neutrino + b + c / neutrino) * CONVERSION)
        found = model(neutrino, lepton, cosine, channel=channel)
        # Masses of nucleon and W, and G_F, are known here to a few digits.
        assert found == pytest.approx(expected, rel=2e-4)


def test_the_total_is_the_integral_over_the_lepton():
    model = nutune.CrossSection("toy-sf")
    nodes, weights = np.polynomial.legendre.leggauss(160)
    lepton = MUON + (1.5 - MUON) * (nodes + 1) / 2
    # cos θ = 1 − v³ is dense where the forward peak is.
    v = 2 ** (1 / 3) * (nodes + 1) / 2
    values = model(1.5, lepton[:, None], 1 - v[None, :] ** 3)
    sum_ = (values * 3 * v**2 * weights).sum(axis=1) * 2 ** (1 / 3) / 2
    total = (sum_ * weights).sum() * (1.5 - MUON) / 2
    assert model.total([1.5])[0] == pytest.approx(total, rel=2e-3)


def test_arrays_broadcast_and_points_without_a_lepton_are_zero():
    model = nutune.CrossSection("toy-sf", {"quasi_elastic.axial_mass": 1.1})
    values = model(np.array([1.0, 2.0])[:, None, None], np.array([0.5, 1.5])[:, None], np.linspace(-1, 1, 3))
    assert values.shape == (2, 2, 3)
    assert (values[0, 1] == 0).all() and (values[1] > 0).any()
    assert model.structure_functions(0.5, np.ones((2, 3))).shape == (5, 2, 3)
    assert model.total(2.0).shape == ()
    assert model.total(2.0) != nutune.CrossSection("toy-sf").total(2.0)


@pytest.mark.parametrize(("ask", "code", "words"), [
    (lambda: nutune.CrossSection("toy-fs"), 65, "did you mean “toy-sf”"),
    (lambda: nutune.CrossSection("neural-sf"), 64, "has to be trained first"),
    (lambda: nutune.CrossSection("toy-sf", {"axial": 1}), 65, "axial"),
    (lambda: nutune.CrossSection("toy-sf")(2.0, 1.0, 1.5), 65, "cosθ = 1.5"),
    (lambda: nutune.CrossSection("toy-sf")(2.0, 1.0, 0.5, channel="nutau"), 65, "nutau"),
    (lambda: nutune.CrossSection("toy-sf").structure_functions(-1.0, 1.0), 65, "ω = -1.0"),
    (lambda: nutune.CrossSection("toy-sf").total(float("nan")), 65, "nan"),
])
def test_mistakes_are_sentences_with_a_code(ask, code, words):
    with pytest.raises(nutune.NuTuneError) as error:
        ask()
    assert error.value.code == code
    assert words in str(error.value) and "expected" in str(error.value)
