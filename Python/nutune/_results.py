"""What a run leaves in its folder."""

from __future__ import annotations

import csv
import json
import math
import os
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ._cross_sections import CrossSection
from ._errors import NuTuneError
from ._library import FloatArray
from ._sample import Binning


class Axis(Sequence[tuple[float, float]]):
    """One axis of a histogram, as the protocol of UHI wants it: its bins as pairs of edges."""

    def __init__(self, edges: FloatArray, metadata: Mapping[str, str]) -> None:
        self.edges = edges
        self.name = metadata.get("name", "")
        self.label = metadata.get("label", "")
        self.unit = metadata.get("unit", "")

    @property
    def traits(self) -> Axis:
        return self

    #: Neither circular nor of categories.
    circular = False
    discrete = False

    def __len__(self) -> int:
        return len(self.edges) - 1

    def __getitem__(self, index: int) -> tuple[float, float]:  # type: ignore[override]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        return float(self.edges[index]), float(self.edges[index + 1])

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Axis) and np.array_equal(self.edges, other.edges)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Histogram:
    """A histogram that programs of the field can plot (protocol `PlottableHistogram` of UHI).

    Attributes:
        axes: its axes.
        contents: in the bins, shape (bins of the first axis, …).
        squared_errors: variances of the contents in the same shape; None where they are not known.
        metadata: as in the file.
    """

    axes: tuple[Axis, ...]
    contents: FloatArray
    squared_errors: FloatArray | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "COUNT"

    def values(self) -> FloatArray:
        """The contents."""
        return self.contents

    def variances(self) -> FloatArray | None:
        """The variances."""
        return self.squared_errors

    def counts(self) -> FloatArray:
        """The contents, for plots with Poisson errors."""
        return self.contents

    def to_hist(self) -> Any:
        """The histogram as a `hist.Hist`, which needs the package `hist`."""
        import hist

        axes = [
            hist.axis.Variable(axis.edges, name=axis.name, label=axis.label, underflow=False, overflow=False)
            for axis in self.axes
        ]
        if self.squared_errors is None:
            result: Any = hist.Hist(*axes, storage=hist.storage.Double())
            result[...] = self.contents
        else:
            result = hist.Hist(*axes, storage=hist.storage.Weight())
            result[...] = np.stack([self.contents, self.squared_errors], axis=-1)
        return result


@dataclass(frozen=True)
class Figure:
    """The numbers behind a figure.

    Attributes:
        columns: by name without unit, each of shape (rows,): doubles with NaN for empty fields, or texts.
        units: of the columns, as printed; empty without one.
    """

    columns: dict[str, Any]
    units: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]


@dataclass(frozen=True)
class Distribution:
    """Data, truth and predictions of a sample as shares of its events, each of the shape of its bins.

    A sum of components whose number of events is compared has truth and models relative to the events of the data.

    Attributes:
        title: for people.
        binning: its bins.
        events: number of events behind the data; None where it is infinite.
        data: shares of the data.
        truth: those of the truth; None where nobody knows it.
        models: those of each model, by label.
    """

    title: str
    binning: Binning
    events: float | None
    data: FloatArray
    truth: FloatArray | None
    models: dict[str, FloatArray]


class Run:
    """The folder of a run.

    Args:
        folder: of a finished run, `runs/dune-closure`.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        #: The folder.
        self.folder = pathlib.Path(folder)
        #: The content of `results.json`.
        self.results: dict[str, Any] = self._json("results.json", "a finished run")

    def __repr__(self) -> str:
        return f"<nutune.Run {self.folder}: {', '.join(self.models)}>"

    @property
    def study(self) -> dict[str, Any]:
        """The effective study, with every default."""
        return self.results["study"]  # type: ignore[no-any-return]

    @property
    def truth(self) -> dict[str, Any]:
        """The results of the truth."""
        return self.results["truth"]  # type: ignore[no-any-return]

    @property
    def models(self) -> dict[str, dict[str, Any]]:
        """The results of every model, by label."""
        return self.results["models"]  # type: ignore[no-any-return]

    @property
    def trained(self) -> list[str]:
        """Labels of the trained models in the folder, which `model` opens."""
        return sorted(
            path.stem for path in (self.folder / "models").glob("*.safetensors") if "+" not in path.stem)

    def model(self, label: str) -> CrossSection:
        """A trained model of the run as a cross section."""
        return CrossSection(f"{self.folder.resolve()}#{label}")

    def fit(self, label: str) -> dict[str, Any]:
        """The oscillation fit with one model (or `truth`): results, axes (`x`, `y`) and scan, flat, of shape [y][x]."""
        return self._json(f"fits/{label}.json", "a fit of the run")  # type: ignore[no-any-return]

    @property
    def distributions(self) -> dict[str, Distribution]:
        """The distributions of every sample, by name, and of far samples that are sums of others (`predictions.json`)."""
        file = self._json("predictions.json", "the predictions of a finished run")
        samples = [*file["samples"], *(entry["sample"] for entry in file.get("sums") or [])]
        return {entry["name"]: _distribution(entry) for entry in samples}

    @property
    def histograms(self) -> dict[str, dict[str, Any]]:
        """All histograms that a report made, by sample and by what they are of (`data`, `truth`, `model:neural`).

        They are `hist.Hist` where that package is installed and `nutune.Histogram` otherwise.
        """
        paths = sorted((self.folder / "histograms").glob("*.json"))
        return {
            path.stem: {name: _histogram(entry) for name, entry in _read(path, "histograms").items()} for path in paths
        }

    @property
    def figures(self) -> list[str]:
        """Names of the figures whose numbers `figure` reads."""
        return sorted(path.stem for path in (self.folder / "figures").glob("*.csv"))

    def figure(self, name: str) -> Figure:
        """The numbers behind a figure, by the name of its file without ending."""
        path = self.folder / "figures" / f"{name}.csv"
        try:
            with open(path, encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
        except (OSError, ValueError) as error:
            known = ", ".join(self.figures) or "none: `nutune report` makes them"
            raise NuTuneError(66, f"{path}: found no readable table ({error}); expected one of {known}") from None
        columns: dict[str, Any] = {}
        units: dict[str, str] = {}
        for index, title in enumerate(header):
            label, _, unit = title.partition(" [")
            label = title if label in columns else label
            columns[label] = _column([row[index] for row in rows])
            units[label] = unit.rstrip("]")
        return Figure(columns, units)

    def _json(self, name: str, expected: str) -> Any:
        return _read(self.folder / name, expected)


def _read(path: pathlib.Path, expected: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NuTuneError(66, f"{path}: found {error.strerror}; expected {expected}") from None
    except ValueError as error:
        raise NuTuneError(65, f"{path}: found {error}; expected {expected}") from None


def _distribution(entry: Mapping[str, Any]) -> Distribution:
    binning = Binning.in_file(entry["binning"])

    def shares(values: list[float]) -> FloatArray:
        return np.array(values).reshape(binning.shape)

    truth = entry.get("truth")
    return Distribution(
        entry["title"], binning, entry.get("events"), shares(entry["data"]), None if truth is None else shares(truth),
        {label: shares(values) for label, values in entry["models"].items()})


def _column(words: list[str]) -> Any:
    try:
        return np.array([float(word) if word else math.nan for word in words])
    except ValueError:
        return np.array(words)


def _histogram(entry: Mapping[str, Any]) -> Any:
    storage = entry["storage"]
    histogram = Histogram(
        tuple(Axis(np.array(axis["edges"], dtype=float), axis.get("metadata", {})) for axis in entry["axes"]),
        np.array(storage["values"], dtype=float),
        np.array(storage["variances"], dtype=float) if "variances" in storage else None, entry.get("metadata", {}))
    try:
        return histogram.to_hist()
    except ImportError:
        return histogram
