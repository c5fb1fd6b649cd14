"""Oscillation probabilities on arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._catalogs import Context, Folders
from ._library import FloatArray, Object, address, call, described, doubles, settings, texts


class Oscillation(Object):
    """Neutrino oscillations with some parameters.

    Args:
        parameters: other values, `{"sin2_theta23": 0.5}`; δ in radians, splittings in eV².
        preset: a catalog entry with parameters; None for those of the plugin, which are NuFIT 6.0's, normal ordering.
        model: an oscillation plugin.
        catalogs: catalogs folders, nearest first.
    """

    def __init__(
        self, parameters: Mapping[str, Any] | None = None, *, preset: str | None = None, model: str = "three-flavor",
        catalogs: Folders | None = None,
    ) -> None:
        changes = settings(parameters)
        context, pointer = Context(catalogs), ctypes.c_void_p()
        call(
            "oscillation_open", context.pointer, model.encode(), preset.encode() if preset else None,
            texts(changes), len(changes), ctypes.byref(pointer))
        super().__init__(pointer)
        entries = described("oscillation_describe", pointer)["parameters"]
        #: Values of the parameters that a fit can vary, by name.
        self.parameters: dict[str, float] = {entry["name"]: entry["value"] for entry in entries}
        #: Their units, empty without one.
        self.units: dict[str, str] = {entry["name"]: entry["unit"] for entry in entries}

    def probabilities(
        self, energy: npt.ArrayLike, *, baseline: float, density: float = 0.0, electron_fraction: float = 0.5,
        antineutrino: bool = False, out: FloatArray | None = None,
    ) -> FloatArray:
        """P(ν_a → ν_b) on a path of constant density.

        An array of doubles in one piece is read where it lies, and the result is written where it stays.

        Args:
            energy: E_ν in GeV, shape (n,) or a number.
            baseline: length of the path in km.
            density: of the matter in g/cm³; 0 is vacuum.
            electron_fraction: electrons per nucleon.
            antineutrino: whether ν̄ oscillate.
            out: array of shape (3, 3, n) to write to, in one piece.

        Returns:
            Shape (3, 3, n), `[a, b]` is P(ν_a → ν_b) with flavours e, μ, τ; (3, 3) for one energy.
        """
        energies = doubles(energy)
        shape = (3, 3, *np.shape(energy))
        if out is None:
            out = np.empty(shape)
        elif out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError(
                f"found out of shape {out.shape} and type {out.dtype}; expected doubles in one piece, {shape}")
        call(
            "oscillation_probabilities", self.pointer, baseline, density, electron_fraction, int(antineutrino),
            energies.size, address(energies), address(out))
        return out
