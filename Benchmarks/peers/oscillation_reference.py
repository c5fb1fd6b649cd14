"""Probabilities to 25 digits from diagonalisations with 50, which tell the error of every contender of the race.

usage: oscillation_reference.py OUT.csv [--against FILE.csv]

216 settings: three experiments, both mass orderings, neutrinos and antineutrinos, 18 energies each; θ₂₃ and δ_CP vary
from row to row. The constants are those of NuFast. --against FILE first compares another table of the same columns with
what this program computes for its rows, and fails where they differ.
"""

import argparse
import csv
import itertools

import mpmath

mpmath.mp.dps = 50
#: Δm² L/(4E) = PHASE Δm²[eV²] L[km]/E[GeV], and A = POTENTIAL ρYₑ[g/cm³] E[GeV] in eV².
PHASE = 1000 / (4 * mpmath.mpf("1.97327e-7") * mpmath.mpf(10) ** 9)
POTENTIAL = mpmath.mpf("1.52588e-4")
SETTING = ["antinu", "s12sq", "s13sq", "s23sq", "delta_deg", "dm21", "dm31", "L", "E", "rho", "Ye"]
PROBABILITIES = ["Pee", "Pem", "Pet", "Pme", "Pmm", "Pmt", "Pte", "Ptm", "Ptt"]
#: Baseline in km, density in g/cm³, energies from … to in GeV.
EXPERIMENTS = [("1284.9", "2.848", 0.2, 10), ("810", "2.84", 0.3, 6), ("295", "2.6", 0.1, 2)]
ORDERINGS = [("0.02215", "2.513e-3"), ("0.02231", "-2.4091e-3")]


def settings():
    """Yields rows: names of SETTING to numbers as text."""
    angles = itertools.cycle(itertools.product(["0.44", "0.5", "0.561"], ["0", "90", "212", "270", "300"]))
    for (length, density, first, last), (s13, split), antinu in itertools.product(EXPERIMENTS, ORDERINGS, "01"):
        for step in range(18):
            s23, delta = next(angles)
            energy = f"{first * (last / first) ** (step / 17):.4g}"
            values = [antinu, "0.308", s13, s23, delta, "7.49e-5", split, length, energy, density, "0.5"]
            yield dict(zip(SETTING, values))


def mixing_matrix(row):
    """U = R₂₃ R₁₃(δ) R₁₂ of a row; δ changes its sign for antineutrinos."""
    squares = [mpmath.mpf(row[name]) for name in ("s12sq", "s13sq", "s23sq")]
    (s12, c12), (s13, c13), (s23, c23) = [(mpmath.sqrt(square), mpmath.sqrt(1 - square)) for square in squares]
    sign = -1 if int(row["antinu"]) else 1
    e = mpmath.expjpi(sign * mpmath.mpf(row["delta_deg"]) / 180)
    return (
        mpmath.matrix([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
        * mpmath.matrix([[c13, 0, s13 / e], [0, 1, 0], [-s13 * e, 0, c13]])
        * mpmath.matrix([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    )


def probabilities(row):
    """The nine probabilities of a row, from flavour to flavour as in PROBABILITIES."""
    u = mixing_matrix(row)
    length, energy = mpmath.mpf(row["L"]), mpmath.mpf(row["E"])
    squares = mpmath.diag([0, mpmath.mpf(row["dm21"]), mpmath.mpf(row["dm31"])])
    sign = -1 if int(row["antinu"]) else 1
    h = u * squares * u.transpose_conj()
    h[0, 0] += sign * POTENTIAL * mpmath.mpf(row["rho"]) * mpmath.mpf(row["Ye"]) * energy
    values, vectors = mpmath.eighe(h)
    phases = mpmath.diag([mpmath.expj(-2 * PHASE * length * value / energy) for value in values])
    s = vectors * phases * vectors.transpose_conj()
    return [abs(s[b, a]) ** 2 for a in range(3) for b in range(3)]


def largest_difference(file):
    with open(file) as lines:
        rows = list(csv.DictReader(lines))
    return max(
        abs(computed - mpmath.mpf(row[name]))
        for row in rows
        for name, computed in zip(PROBABILITIES, probabilities(row))
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--against")
    options = parser.parse_args()
    if options.against:
        difference = largest_difference(options.against)
        print(f"reference against {options.against}: largest |ΔP| {mpmath.nstr(difference, 2)}")
        assert difference < 1e-20, f"{options.against} has other probabilities than a diagonalisation with 50 digits"
    with open(options.out, "w") as file:
        table = csv.writer(file)
        table.writerow(SETTING + PROBABILITIES)
        for row in settings():
            table.writerow([row[name] for name in SETTING] + [mpmath.nstr(p, 25) for p in probabilities(row)])


if __name__ == "__main__":
    main()
