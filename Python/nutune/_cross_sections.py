"""Cross sections and structure functions on arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._catalogs import Context, Folders
from ._library import FloatArray, Object, address, call, described, doubles, settings, texts


class CrossSection(Object):
    """A cross section: a plugin (`toy-sf`), or a model that was trained before (`runs/x#neural`, or its catalog name).

    Args:
        name: of the plugin or the trained model; the path of a run is relative to the current folder.
        parameters: other values of the plugin's parameters, `{"quasi_elastic.axial_mass": 1.1}`.
        catalogs: catalogs folders, nearest first; those of `nutune.catalog_folders` when None.

    Raises:
        NuTuneError: an unknown name or parameter, a model that has to be trained first.
    """

    def __init__(
        self, name: str, parameters: Mapping[str, Any] | None = None, *, catalogs: Folders | None = None
    ) -> None:
        changes = settings(parameters)
        context, pointer = Context(catalogs), ctypes.c_void_p()
        call(
            "model_open", context.pointer, name.encode(), texts(changes), len(changes), ctypes.byref(pointer))
        self._take(pointer)

    def _take(self, pointer: ctypes.c_void_p) -> None:
        Object.__init__(self, pointer)
        about = described("model_describe", pointer)
        #: The name it was asked for by.
        self.name: str = about["name"]
        #: The plugin.
        self.plugin: str = about["plugin"]
        #: Whether it has structure functions.
        self.has_structure_functions: bool = about["has_structure_functions"]
        #: Lowest and highest neutrino energy in GeV; None for all.
        self.energy_range: tuple[float, float] | None = (
            tuple(about["energy_range"]) if "energy_range" in about else None)

    def __repr__(self) -> str:
        return f"<nutune.{type(self).__name__} {self.name} ({self.plugin})>"

    def __call__(
        self, neutrino_energy: npt.ArrayLike, lepton_energy: npt.ArrayLike, cos_theta: npt.ArrayLike, *,
        channel: str = "numu", target: str = "Ar40",
    ) -> FloatArray:
        """d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon; zero where no lepton can be made.

        Args:
            neutrino_energy: E_ν in GeV, any shape.
            lepton_energy: E_l in GeV.
            cos_theta: cosθ of the lepton to the beam.
            channel: `numu`, `numubar`, `nue` or `nuebar`.
            target: the nucleus.

        Returns:
            The shape to which the three arrays broadcast.
        """
        given = (neutrino_energy, lepton_energy, cos_theta)
        arrays = np.broadcast_arrays(*(np.asarray(array, dtype=np.float64) for array in given))
        points = [doubles(array) for array in arrays]
        result = np.empty(arrays[0].shape)
        call(
            "model_cross_section", self.pointer, channel.encode(), target.encode(), result.size,
            *map(address, points), address(result))
        return result

    def total(self, neutrino_energy: npt.ArrayLike, *, channel: str = "numu", target: str = "Ar40") -> FloatArray:
        """σ(E_ν) in 10⁻³⁸ cm² per nucleon, integrated over the lepton.

        Args:
            neutrino_energy: E_ν in GeV, any shape, which the result has, too.
        """
        energies = doubles(neutrino_energy)
        result = np.empty(np.shape(neutrino_energy))
        call(
            "model_total_cross_section", self.pointer, channel.encode(), target.encode(), result.size,
            address(energies), address(result))
        return result

    def structure_functions(
        self, omega: npt.ArrayLike, q2: npt.ArrayLike, *, channel: str = "numu", target: str = "Ar40"
    ) -> FloatArray:
        """W₁…W₅ in GeV⁻¹ per nucleon; F₁ = M W₁ and F_i = ω W_i for i ≥ 2.

        Args:
            omega: energy transfers ω > 0 in GeV, any shape.
            q2: Q² > 0 in GeV².

        Returns:
            Shape (5, …), the shape to which both arrays broadcast behind the five.
        """
        arrays = np.broadcast_arrays(np.asarray(omega, dtype=np.float64), np.asarray(q2, dtype=np.float64))
        points = [doubles(array) for array in arrays]
        result = np.empty((5, *arrays[0].shape))
        call(
            "model_structure_functions", self.pointer, channel.encode(), target.encode(), points[0].size,
            *map(address, points), address(result))
        return result
