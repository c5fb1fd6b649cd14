"""Three-flavour probabilities in constant density by numpy and by packages that pip installs, each behind one function.

A function takes a Setting and energies in GeV, shape [energies], and returns probabilities, shape [9][energies], from
flavour to flavour in the order ee, eμ, eτ, μe, …. Every package has constants of its own; baseline and density are
scaled so that phase and potential are those of NuFast: what differs from the reference is the package's accuracy.
"""

import dataclasses
import functools
import importlib.metadata
import math

import numpy as np

HBARC = 1.97327e-7  # eV m
INVERSE_EV_PER_KM = 1e3 / HBARC
PHASE = 1e-9 * INVERSE_EV_PER_KM / 4  # Δm² L/(4E) = PHASE Δm²[eV²] L[km]/E[GeV]
POTENTIAL = 1.52588e-4  # 2 E V = POTENTIAL ρYₑ[g/cm³] E[GeV] in eV²


@dataclasses.dataclass(frozen=True)
class Setting:
    """Oscillation parameters, splittings in eV², phase in radians; baseline in km, density in g/cm³."""

    s12: float = 0.308
    s13: float = 0.02215
    s23: float = 0.470
    delta: float = math.radians(212)
    dm21: float = 7.49e-5
    dm31: float = 2.513e-3
    length: float = 1284.9
    density: float = 2.848
    electrons: float = 0.5
    antineutrino: bool = False

    @property
    def sines(self):
        return [math.sqrt(s) for s in (self.s12, self.s13, self.s23)]

    @property
    def angles(self):
        return [math.asin(s) for s in self.sines]

    @property
    def natural_length(self):
        """Baseline in eV⁻¹."""
        return self.length * INVERSE_EV_PER_KM

    @property
    def natural_potential(self):
        """Potential of neutrinos in eV, without the sign of antineutrinos."""
        return POTENTIAL * self.density * self.electrons / 2e9


@dataclasses.dataclass(frozen=True)
class Contender:
    """A way to compute probabilities, with the energies and repetitions that time it."""

    name: str
    probabilities: callable
    energies: int = 10_000
    repetitions: int = 5


def numpy_eigh(setting, energies):
    (s12, s13, s23), sign = setting.sines, -1 if setting.antineutrino else 1
    c12, c13, c23 = np.sqrt([1 - setting.s12, 1 - setting.s13, 1 - setting.s23])
    e = np.exp(sign * 1j * setting.delta)
    u = (
        np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
        @ np.array([[c13, 0, s13 / e], [0, 1, 0], [-s13 * e, 0, c13]])
        @ np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    )
    h = np.broadcast_to(u @ np.diag([0, setting.dm21, setting.dm31]) @ u.conj().T, (len(energies), 3, 3)).copy()
    h[:, 0, 0] += sign * POTENTIAL * setting.electrons * setting.density * energies
    values, vectors = np.linalg.eigh(h)
    phases = np.exp(-2j * PHASE * setting.length * values / energies[:, None])
    s = (vectors * phases[:, None, :]) @ vectors.conj().transpose(0, 2, 1)
    return (np.abs(s) ** 2).transpose(2, 1, 0).reshape(9, -1)


def nusquids():
    """nuSQuIDS with its default tolerances, with given ones, and in its mode for constant density."""
    import nuSQuIDS as nsq

    units = nsq.Const()
    potential = math.sqrt(2) * units.GF * units.Na * units.cm**-3

    def solver_for(setting, energies):
        kind = nsq.NeutrinoType.antineutrino if setting.antineutrino else nsq.NeutrinoType.neutrino
        if len(energies) == 1:
            solver = nsq.nuSQUIDS(3, kind)
            solver.Set_E(energies[0] * units.GeV)
        else:
            solver = nsq.nuSQUIDS(energies * units.GeV, 3, kind, False)
        for (i, j), angle in zip(((0, 1), (0, 2), (1, 2)), setting.angles):
            solver.Set_MixingAngle(i, j, angle)
        solver.Set_CPPhase(0, 2, setting.delta)
        solver.Set_SquareMassDifference(1, setting.dm21)
        solver.Set_SquareMassDifference(2, setting.dm31)
        density = setting.natural_potential / (potential * setting.electrons)
        solver.Set_Body(nsq.ConstantDensity(density, setting.electrons))
        solver.Set_Track(nsq.ConstantDensity.Track(setting.natural_length))
        return solver

    def probabilities(setting, energies, tolerance=None, constant=False):
        solver = solver_for(setting, energies)
        if tolerance is not None:
            solver.Set_rel_error(tolerance)
            solver.Set_abs_error(tolerance)
        solver.Set_AllowConstantDensityOscillationOnlyEvolution(constant)
        out = np.empty((9, len(energies)))
        for a in range(3):
            state = np.zeros(3) if len(energies) == 1 else np.zeros((len(energies), 3))
            state[..., a] = 1
            solver.Set_initial_state(state, nsq.Basis.flavor)
            solver.EvolveState()
            for b in range(3):
                if len(energies) == 1:
                    out[3 * a + b] = solver.EvalFlavor(b)
                else:
                    out[3 * a + b] = [solver.EvalFlavorAtNode(b, i) for i in range(len(energies))]
        return out

    yield Contender("nuSQuIDS, default tolerances", probabilities, 5, 1)
    for tolerance in (1e-8, 1e-12):
        given = functools.partial(probabilities, tolerance=tolerance)
        yield Contender(f"nuSQuIDS, tolerances {tolerance:.0e}", given, 100, 1)
    yield Contender("nuSQuIDS, constant-density mode", functools.partial(probabilities, constant=True), 1000, 1)


def nuoscprobexact():
    import hamiltonians3nu
    import oscprob3nu

    def probabilities(setting, energies):
        (s12, s13, s23), sign = setting.sines, -1 if setting.antineutrino else 1
        vacuum = hamiltonians3nu.hamiltonian_3nu_vacuum_energy_independent(
            s12, s23, s13, sign * setting.delta, setting.dm21, setting.dm31
        )
        h = hamiltonians3nu.hamiltonian_3nu_matter(vacuum, energies * 1e9, sign * setting.natural_potential)
        return oscprob3nu.probabilities_3nu(h, setting.natural_length).T

    yield Contender("NuOscProbExact", probabilities)


def magnus():
    from magnus import globaldefs, oscprob

    def probabilities(setting, energies):
        s12, s13, s23 = setting.sines
        table = oscprob.osc_prob_3nu_matter_constant_density(
            energies * 1e9, setting.natural_length, setting.natural_potential / (math.sqrt(2) * globaldefs.GF),
            s12=s12, s23=s23, s13=s13, dCP=setting.delta, D21=setting.dm21, D31=setting.dm31,
            nubar=setting.antineutrino, density_is_of_number_of_electrons=True,
        )
        return np.asarray(table).reshape(-1, 9).T

    yield Contender("Magnus", probabilities)


def jaxnu():
    """jaxnu with both its closed forms, compiled, and with its gradients by all six parameters."""
    import jax
    import jax.numpy as jnp
    import jaxnu as package
    from jaxnu import constants

    def parameters(setting):
        values = (*setting.angles, setting.delta, setting.dm21, setting.dm31)
        return package.OscParams(*(jnp.asarray(value) for value in values))

    @functools.partial(jax.jit, static_argnames=("anti", "backend"))
    def matrix(p, energies, length, density, ye, anti, backend):
        return package.probability_constant(p, energies, length, density=density, ye=ye, anti=anti, backend=backend)

    @functools.partial(jax.jit, static_argnames=("anti", "backend"))
    def with_gradients(p, *rest, anti, backend):
        def twice(p):
            table = matrix(p, *rest, anti=anti, backend=backend)
            return table, table

        return jax.jacfwd(twice, has_aux=True)(p)[::-1]

    def run(function, setting, energies, backend):
        length = setting.natural_length / constants.KM_TO_INV_EV
        density = setting.natural_potential / (constants.V_FACTOR_EV * setting.electrons)
        rest = (jnp.asarray(energies), length, density, setting.electrons)
        return jax.block_until_ready(
            function(parameters(setting), *rest, anti=setting.antineutrino, backend=backend)
        )

    def probabilities(setting, energies, backend):
        return np.asarray(run(matrix, setting, energies, backend)).transpose(2, 1, 0).reshape(9, -1)

    def gradients(setting, energies):
        table, _ = run(with_gradients, setting, energies, "nufast")
        return np.asarray(table).transpose(2, 1, 0).reshape(9, -1)

    yield Contender("jaxnu, its exact NuFast", functools.partial(probabilities, backend="nufast"))
    yield Contender("jaxnu, Cayley–Hamilton", functools.partial(probabilities, backend="cayley"))
    yield Contender("jaxnu, its exact NuFast, 6 gradients", gradients)


def nu_waves():
    from nu_waves.hamiltonian import matter
    from nu_waves.models.mixing import Mixing
    from nu_waves.models.spectrum import Spectrum
    from nu_waves.propagation.oscillator import Oscillator
    from nu_waves.utils import units

    def probabilities(setting, energies):
        t12, t13, t23 = setting.angles
        mixing = Mixing(3, {(1, 2): t12, (1, 3): t13, (2, 3): t23}, {(1, 3): setting.delta})
        spectrum = Spectrum(3, {(2, 1): setting.dm21, (3, 1): setting.dm31})
        hamiltonian = matter.Hamiltonian(mixing, spectrum, setting.antineutrino)
        density = setting.natural_potential / (units.VCOEFF_EV * setting.electrons)
        hamiltonian.set_constant_density(density, setting.electrons)
        table = Oscillator(hamiltonian).probability(setting.natural_length / units.KM_TO_EVINV, energies)
        return table.reshape(-1, 9).T

    yield Contender("nu-waves", probabilities)


PACKAGES = {
    "nuSQuIDS": nusquids, "nuoscprobexact": nuoscprobexact, "magnuspy": magnus, "jaxnu": jaxnu, "nu-waves": nu_waves
}


def contenders():
    """Returns what is installed here, and a note for each package that is not."""
    found, notes = [Contender("numpy eigh", numpy_eigh)], []
    for package, ways in PACKAGES.items():
        try:
            found += list(ways())
            notes.append(f"{package} {importlib.metadata.version(package)}")
        except ImportError as error:
            notes.append(f"{package} is not installed here ({error})")
    return found, notes
