"""Studies: data, training, likelihoods."""

from __future__ import annotations

import ctypes
import json
import os
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ._catalogs import Context, Folders
from ._cross_sections import CrossSection
from ._library import FloatArray, Object, call, described, document, settings as changed, taken, texts
from ._likelihood import Likelihood, Parameter, Values
from ._progress import Listener, Progress, interruptible
from ._sample import Sample

__all__ = ["Sample", "Study", "TrainedModel"]


class Source:
    """A study as a caller gives it: path, name in a catalog, text or dict, with its changes, catalogs and threads.

    Attributes:
        arguments: the first ones of the functions that read a study.
    """

    def __init__(
        self, source: str | os.PathLike[str] | Mapping[str, Any], settings: Mapping[str, Any] | None,
        directory: str | os.PathLike[str] | None, threads: int | None, catalogs: Folders | None,
    ) -> None:
        text = document(source, indent=1) if isinstance(source, Mapping) else os.fspath(source)
        folder: str | None = None
        if isinstance(source, Mapping) or "\n" in text:
            folder = os.path.abspath(directory if directory is not None else os.curdir)
        near = folder if folder is not None else (os.path.dirname(text) or None) if os.path.exists(text) else None
        self._context = Context(catalogs, near)
        changes = changed(settings)
        self.arguments = (
            self._context.pointer, text.encode(), None if folder is None else folder.encode(), texts(changes),
            len(changes), len(os.sched_getaffinity(0)) if threads is None else threads)


class TrainedModel(CrossSection):
    """A cross section that a study has trained.

    Attributes:
        record: how the training went: `converged`, `verdict`, `steps`, `loss` and more, as in `results.json`.
    """

    def __init__(self, pointer: ctypes.c_void_p, record: dict[str, Any]) -> None:
        self._take(pointer)
        self.record = record


class Study(Object):
    """A study, read and checked, its datasets folded and its data made: what `nutune run` has before it trains.

    Args:
        source: path of a study file, name of a study in a catalog, YAML text (of more than one line), or a dict.
        model: cross section of the likelihood that the study's own methods ask: `truth`, the label of a model that was
            trained with `train` or does not learn, or a model that was trained before, `runs/x#neural`.
        settings: other values, `{"near.events": 3e7}`, as with `--set`.
        directory: what file names in text or a dict are relative to; the current folder when None.
        threads: of computations that take long; results do not depend on it. All that the process may use when None.
        catalogs: catalogs folders, nearest first; those of `nutune.catalog_folders` when None.

    Raises:
        NuTuneError: with one sentence for each mistake in the study.
    """

    def __init__(
        self, source: str | os.PathLike[str] | Mapping[str, Any], model: str = "truth", *,
        settings: Mapping[str, Any] | None = None, directory: str | os.PathLike[str] | None = None,
        threads: int | None = None, catalogs: Folders | None = None,
    ) -> None:
        given = Source(source, settings, directory, threads, catalogs)

        def work() -> ctypes.c_void_p:
            pointer = ctypes.c_void_p()
            call("study_open", *given.arguments, ctypes.byref(pointer))
            return pointer

        super().__init__(interruptible(work))
        about = described("study_describe", self.pointer)
        #: Name and title.
        self.name: str = about["name"]
        self.title: str = about["title"]
        #: Plugin of each model, by label.
        self.models: dict[str, str] = {entry["label"]: entry["plugin"] for entry in about["models"]}
        #: Labels of the models that learn.
        self.learners: tuple[str, ...] = tuple(entry["label"] for entry in about["models"] if entry["learns"])
        #: Near samples by name.
        self.near: dict[str, Sample] = {entry["name"]: Sample.of(entry) for entry in about["near"]}
        #: Far samples by name, the components of those that are sums.
        self.far: dict[str, Sample] = {entry["name"]: Sample.of(entry) for entry in about["far"]}
        #: Lowest and highest folded neutrino energy in GeV.
        self.energies: tuple[float, float] = tuple(about["energies"])
        #: Seeds of the data and of what models start from.
        self.seeds: dict[str, int] = about["seeds"]
        #: Cross section of the study's own methods.
        self.model = model
        self._likelihood: Likelihood | None = None
        for sentence in about["warnings"]:
            warnings.warn(sentence, stacklevel=2)

    def __repr__(self) -> str:
        return f"<nutune.Study {self.name}: {', '.join(self.models)}>"

    def train(self, label: str, progress: Callable[[Progress], object] | None = None) -> TrainedModel:
        """Trains a model of the study on its near data, with the same result as `nutune run`.

        Afterwards `likelihood(label)` uses it. Ctrl-C, or an error in `progress`, ends the training.

        Args:
            label: of the model in the study.
            progress: is told of the progress, on the thread that trains.
        """
        listener = Listener(progress)

        def work() -> TrainedModel:
            pointer, record = ctypes.c_void_p(), ctypes.c_void_p()
            call(
                "study_train", self.pointer, label.encode(), listener.function, None, ctypes.byref(pointer),
                ctypes.byref(record))
            return TrainedModel(pointer, json.loads(taken(record)))

        trained = interruptible(work, listener)
        if label == self.model:
            self._likelihood = None
        return trained

    def likelihood(
        self, model: str | None = None, *, at_posterior_mean: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> Likelihood:
        """The far-detector likelihood with one cross section, the one that `nutune run` fits.

        Where fluxes are profiled and the study asks for it, the model is trained again with each shifted flux. A model
        that was trained before stays as it is, as with `{trained: …}` in a study.

        Args:
            model: `truth`, a label, or a model that was trained before; `self.model` when None.
            at_posterior_mean: holds a model that knows its uncertainty at its mean instead of integrating it out.
            progress: is told of trainings with shifted fluxes.
        """
        listener = Listener(progress)
        name = self.model if model is None else model

        def work() -> Likelihood:
            pointer = ctypes.c_void_p()
            call(
                "likelihood_open", self.pointer, name.encode(), int(at_posterior_mean), listener.function, None,
                ctypes.byref(pointer))
            return Likelihood(pointer)

        return interruptible(work, listener)

    @property
    def far_likelihood(self) -> Likelihood:
        """The likelihood with `model`, prepared at first use."""
        if self._likelihood is None:
            self._likelihood = self.likelihood()
        return self._likelihood

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fitted parameters, in order."""
        return self.far_likelihood.names

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The fitted parameters by name, with units, bounds and priors."""
        return self.far_likelihood.parameters

    @property
    def values(self) -> FloatArray:
        """Values of the study, shape (parameters,)."""
        return self.far_likelihood.values

    @property
    def bounds(self) -> list[tuple[float, float] | None]:
        """Lowest and highest value of each parameter, in order."""
        return self.far_likelihood.bounds

    @property
    def units(self) -> list[str]:
        """Units of the parameters, in order."""
        return self.far_likelihood.units

    @property
    def priors(self) -> dict[str, tuple[float, float]]:
        """Gaussian priors by name: mean and standard deviation."""
        return self.far_likelihood.priors

    def rates(self, parameters: Values) -> dict[str, FloatArray]:
        """Expected far events with `model`; see `Likelihood.rates`."""
        return self.far_likelihood.rates(parameters)

    def minus_two_log_likelihood(self, parameters: Values) -> float:
        """−2 ln L with `model`; see `Likelihood.minus_two_log_likelihood`."""
        return self.far_likelihood.minus_two_log_likelihood(parameters)

    def gradient(self, parameters: Values) -> tuple[float, FloatArray]:
        """−2 ln L and its derivatives with `model`; see `Likelihood.gradient`."""
        return self.far_likelihood.gradient(parameters)
