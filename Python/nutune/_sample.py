"""Samples and their bins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._library import FloatArray

#: Units of the observables that are not in GeV.
_UNITS = {"cos_theta": "", "theta": "deg", "q2": "GeV2"}


@dataclass(frozen=True)
class Binning:
    """Bins in two observables of the charged lepton, each divided by hadronic or reconstructed energy where that is measured.

    Attributes:
        observables: names of the two, `lepton_energy` and `cos_theta`, and of the third one where there is one.
        units: theirs, empty without one.
        grids: edges along both, of every grid; most samples have one, ragged bins have several.
        third: edges of the third observable, which divide every bin; None without one.
    """

    observables: tuple[str, ...]
    units: tuple[str, ...]
    grids: tuple[tuple[FloatArray, FloatArray], ...]
    third: FloatArray | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Binning:
        return cls(
            tuple(each["name"] for each in entry["observables"]), tuple(each["unit"] for each in entry["observables"]),
            tuple((np.array(a), np.array(b)) for a, b in entry["grids"]),
            np.array(entry["third"]) if "third" in entry else None)

    @classmethod
    def in_file(cls, entry: Mapping[str, Any]) -> Binning:
        """Bins as they stand in a file of a run."""
        grids = entry.get("grids") or [entry]
        axes = [grids[0]["first"], grids[0]["second"], *([entry["third"]] if "third" in entry else [])]
        return cls(
            tuple(axis["observable"] for axis in axes), tuple(_UNITS.get(axis["observable"], "GeV") for axis in axes),
            tuple((np.array(grid["first"]["edges"]), np.array(grid["second"]["edges"])) for grid in grids),
            np.array(entry["third"]["edges"]) if "third" in entry else None)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the contents: (bins of the first, bins of the second), or (bins,) where there are several grids; with the
        bins of the third observable behind them where there is one."""
        sizes = [(len(first) - 1, len(second) - 1) for first, second in self.grids]
        own = sizes[0] if len(sizes) == 1 else (sum(a * b for a, b in sizes),)
        return own if self.third is None else (*own, len(self.third) - 1)

    @property
    def size(self) -> int:
        """Number of bins."""
        return int(np.prod(self.shape))

    @property
    def edges(self) -> tuple[FloatArray, FloatArray]:
        """Edges along both observables of a sample with one grid."""
        if len(self.grids) != 1:
            raise ValueError(f"found {len(self.grids)} grids of bins; expected one, see `grids`")
        return self.grids[0]


def shaped(flat: FloatArray, binnings: Mapping[str, Binning]) -> dict[str, FloatArray]:
    """Contents of several samples one after another as views of each one's shape."""
    parts: dict[str, FloatArray] = {}
    start = 0
    for name, binning in binnings.items():
        parts[name] = flat[start:start + binning.size].reshape(binning.shape)
        start += binning.size
    return parts


@dataclass(frozen=True)
class Sample:
    """A dataset of a study.

    Attributes:
        name: `near-numu-fhc`.
        title: of its detector, for people.
        channel: `numu`, `numubar`, `nue` or `nuebar`.
        target: the nucleus.
        mode: horn mode of the beam.
        measured_as: name of the measured sample that it is a component of; its own where it is measured as it is.
        binning: its bins.
        contents: events in the bins, probabilities where there are infinitely many, or measured values; of the shape of
            the bins.
        events: number of events; None where it is infinite.
        truth: probabilities of the bins under the truth; None without one.
    """

    name: str
    title: str
    channel: str
    target: str
    mode: str
    measured_as: str
    binning: Binning
    contents: FloatArray
    events: float | None
    truth: FloatArray | None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Sample:
        binning = Binning.of(entry)
        truth = entry.get("truth")
        return cls(
            name=entry["name"], title=entry["title"], channel=entry["channel"], target=entry["target"],
            mode=entry["mode"], measured_as=entry["measured_as"], binning=binning,
            contents=np.array(entry["contents"]).reshape(binning.shape), events=entry.get("events"),
            truth=None if truth is None else np.array(truth).reshape(binning.shape))
