import numpy as np
import pytest

import nutune


def reference(parameters, energy, baseline, density, antineutrino=False):
    """P(ν_a → ν_b) by diagonalisation of the Hamiltonian, shape (3, 3)."""
    s12, s13, s23 = (np.sqrt(parameters[f"sin2_theta{ij}"]) for ij in ("12", "13", "23"))
    c12, c13, c23 = (np.sqrt(1 - s * s) for s in (s12, s13, s23))
    sign = -1 if antineutrino else 1
    phase = np.exp(-1j * sign * parameters["delta_cp"])
    r23 = np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
    r13 = np.array([[c13, 0, s13 * phase], [0, 1, 0], [-s13 * np.conj(phase), 0, c13]])
    r12 = np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    mixing = r23 @ r13 @ r12
    squares = np.diag([0, parameters["dm2_21"], parameters["dm2_31"]])
    hamiltonian = mixing @ squares @ mixing.conj().T + np.diag([sign * 1.526493e-4 * 0.5 * density * energy, 0, 0])
    values, vectors = np.linalg.eigh(hamiltonian)
    amplitude = vectors @ np.diag(np.exp(-1j * values * 2 * 1.2669326791 * baseline / energy)) @ vectors.conj().T
    return abs(amplitude.T) ** 2


@pytest.mark.parametrize("antineutrino", [False, True])
@pytest.mark.parametrize("density", [0.0, 2.848])
def test_probabilities_are_those_of_a_diagonalised_hamiltonian(density, antineutrino):
    oscillation = nutune.Oscillation({"delta_cp": -1.2}, preset="nufit-6.0-no")
    energies = np.array([0.6, 1.3, 2.5, 7.0])
    found = oscillation.probabilities(energies, baseline=1284.9, density=density, antineutrino=antineutrino)
    assert found.shape == (3, 3, 4)
    for index, energy in enumerate(energies):
        expected = reference(oscillation.parameters, energy, 1284.9, density, antineutrino)
        assert found[:, :, index] == pytest.approx(expected, abs=3e-6)  # constants known to six digits


def test_nothing_is_copied():
    oscillation = nutune.Oscillation()
    energies, out = np.linspace(0.5, 5, 1000), np.full((3, 3, 1000), np.nan)
    result = oscillation.probabilities(energies, baseline=1284.9, density=2.848, out=out)
    assert result is out and abs(out.sum(axis=1) - 1).max() < 1e-12
    # An array that is not in one piece gives the same numbers.
    strided = np.repeat(energies, 2)[::2]
    assert (oscillation.probabilities(strided, baseline=1284.9, density=2.848) == out).all()
    assert oscillation.probabilities(0.5, baseline=1284.9, density=2.848) == pytest.approx(out[:, :, 0], abs=0)


@pytest.mark.parametrize(
    "out", [np.empty((9, 3)), np.empty((3, 3, 3), dtype=np.float32), np.empty((3, 3, 6))[:, :, ::2]])
def test_an_array_that_cannot_be_written_to_is_refused(out):
    with pytest.raises(ValueError, match="expected doubles in one piece"):
        nutune.Oscillation().probabilities([1.0, 2.0, 3.0], baseline=1000.0, out=out)


@pytest.mark.parametrize(("ask", "words"), [
    (lambda: nutune.Oscillation({"sin2_theta23": 2.0}), "sin2_theta23"),
    (lambda: nutune.Oscillation(preset="nufit-7"), "nufit-6.0-no"),
    (lambda: nutune.Oscillation().probabilities([-1.0], baseline=1000.0), "position 0"),
    (lambda: nutune.Oscillation().probabilities([1.0], baseline=-1000.0), "-1000"),
])
def test_mistakes_are_sentences(ask, words):
    with pytest.raises(nutune.NuTuneError, match=words):
        ask()
