"""Far-detector likelihoods."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._library import FloatArray, Object, address, call, described, doubles, failure, library
from ._sample import Binning, shaped

#: Values of the parameters in order, or some of them by name; the others are then those of the study.
Values = npt.ArrayLike | Mapping[str, float]


@dataclass(frozen=True)
class Parameter:
    """A fitted parameter.

    Attributes:
        name: `sin2_theta23`.
        unit: empty without one.
        value: that of the study, the truth in a closure test.
        starts: values from which fits descend, one near each local minimum that there may be.
        bounds: lowest and highest value of the search; None when there are none.
        scale: a typical change.
        period: of an angle; its bounds are one period and limit nothing.
        prior: mean and standard deviation of its Gaussian prior, which is part of −2 ln L; None without one.
    """

    name: str
    unit: str
    value: float
    starts: tuple[float, ...]
    bounds: tuple[float, float] | None
    scale: float
    period: float | None
    prior: tuple[float, float] | None


@dataclass(frozen=True)
class Pull:
    """The best value of a nuisance parameter.

    Attributes:
        value: in standard deviations of its prior; of a parameter without one the scale itself, relative to what near data
            and exposures say. As `pulls` and `scales` of `results.json`.
        width: standard deviation of the prior, relative to the number of events, the energy or the density that it
            changes; 1 for a component of the flux covariance, which is in units of its own; None without a prior.
    """

    value: float
    width: float | None


class Likelihood(Object):
    """The far-detector likelihood of a study with one cross section, as `nutune run` fits it.

    −2 ln L is relative to data that the prediction describes exactly. Nuisance parameters are profiled and what near
    data left open of a model is integrated out, as the study says; priors of parameters are part of it.

    It is made by `Study.likelihood`. Calls may come from several threads at a time.
    """

    def __init__(self, pointer: ctypes.c_void_p) -> None:
        super().__init__(pointer)
        about = described("likelihood_describe", pointer)
        #: The fitted parameters by name, in order.
        self.parameters: dict[str, Parameter] = {p["name"]: _parameter(p) for p in about["parameters"]}
        #: Their names, in order.
        self.names: tuple[str, ...] = tuple(self.parameters)
        #: Values of the study, shape (parameters,).
        self.values: FloatArray = np.array([p.value for p in self.parameters.values()])
        #: Lowest and highest value of each parameter, in order.
        self.bounds: list[tuple[float, float] | None] = [p.bounds for p in self.parameters.values()]
        #: Units of the parameters, in order.
        self.units: list[str] = [p.unit for p in self.parameters.values()]
        #: Gaussian priors by name: mean and standard deviation.
        self.priors: dict[str, tuple[float, float]] = {p.name: p.prior for p in self.parameters.values() if p.prior}
        #: Bins of the far samples, by name, in order.
        self.binnings: dict[str, Binning] = {s["name"]: Binning.of(s) for s in about["samples"]}
        #: Far samples that are fitted; others are only predicted.
        self.fitted: tuple[str, ...] = tuple(s["name"] for s in about["samples"] if s["fitted"])
        #: Samples whose number of events counts, and not only their shape.
        self.compares_numbers: tuple[str, ...] = tuple(s["name"] for s in about["samples"] if s["compares_numbers"])
        #: Names of the nuisance parameters that are profiled.
        self.nuisances: tuple[str, ...] = tuple(entry["name"] for entry in about["nuisances"])
        self._widths: list[float | None] = [entry.get("width") for entry in about["nuisances"]]
        #: Whether `gradient` is analytic; otherwise it is by central differences over a thousandth of each scale.
        self.has_analytic_gradient: bool = about["analytic_gradient"]
        self._bins = sum(binning.size for binning in self.binnings.values())
        self._vector = ctypes.c_double * len(self.names)
        self._value = library.nutune_likelihood_value
        self._gradient = library.nutune_likelihood_gradient

    def __repr__(self) -> str:
        return f"<nutune.Likelihood of {', '.join(self.names)}: {', '.join(self.binnings)}>"

    def _position(self, parameters: Values) -> Any:
        if isinstance(parameters, Mapping):
            unknown = [name for name in parameters if name not in self.parameters]
            if unknown:
                raise KeyError(f"found the parameter {unknown[0]!r}; expected one of {', '.join(self.names)}")
            parameters = [parameters.get(p.name, p.value) for p in self.parameters.values()]
        if len(parameters) != len(self.names):  # type: ignore[arg-type]
            raise ValueError(f"found values {parameters!r}; expected {', '.join(self.names)}")
        return self._vector(*parameters)  # type: ignore[misc]

    def minus_two_log_likelihood(self, parameters: Values) -> float:
        """−2 ln L at values of the parameters.

        Args:
            parameters: shape (parameters,) in the order of `names`, or some of them by name.
        """
        value, message = ctypes.c_double(), ctypes.c_void_p()
        code = self._value(self.pointer, self._position(parameters), ctypes.byref(value), ctypes.byref(message))
        if code != 0:
            raise failure(code, message)
        return value.value

    __call__ = minus_two_log_likelihood

    def gradient(self, parameters: Values) -> tuple[float, FloatArray]:
        """−2 ln L and its derivatives, shape (parameters,), per unit of each parameter."""
        value, message, slopes = ctypes.c_double(), ctypes.c_void_p(), np.empty(len(self.names))
        code = self._gradient(
            self.pointer, self._position(parameters), ctypes.byref(value), address(slopes), ctypes.byref(message))
        if code != 0:
            raise failure(code, message)
        return value.value, slopes

    def pulls(self, parameters: Values) -> dict[str, Pull]:
        """Best values of the nuisance parameters at values of the fitted ones, by name, with the widths of their priors.

        At the nearest minimum of a run they are what its results say.

        Args:
            parameters: shape (parameters,) in the order of `names`, or some of them by name.
        """
        values = np.empty(len(self.nuisances))
        call("likelihood_pulls", self.pointer, self._position(parameters), address(values))
        return {
            name: Pull(float(value), width) for name, value, width in zip(self.nuisances, values, self._widths)
        }

    def rates(self, parameters: Values) -> dict[str, FloatArray]:
        """Expected events in the bins of every far sample, by name, each of the shape of its bins.

        The model is at its posterior mean and nuisance parameters are at their central values. Where a shape is
        compared, there are as many events as observed ones.
        """
        result = np.empty(self._bins)
        call("likelihood_rates", self.pointer, self._position(parameters), address(result))
        return shaped(result, self.binnings)

    @property
    def data(self) -> dict[str, FloatArray]:
        """Events in the bins of every far sample, by name, each of the shape of its bins."""
        result = np.empty(self._bins)
        call("likelihood_data", self.pointer, address(result))
        return shaped(result, self.binnings)

    def with_data(self, events: Mapping[str, npt.ArrayLike]) -> Likelihood:
        """The same likelihood of other far events.

        Args:
            events: by sample, in the shape of its bins or flat; samples that are left out keep theirs. Asimov data are
                what `rates` gives.
        """
        unknown = [name for name in events if name not in self.binnings]
        if unknown:
            raise KeyError(f"found the sample {unknown[0]!r}; expected one of {', '.join(self.binnings)}")
        parts = {**self.data, **events}
        for name, binning in self.binnings.items():
            if np.size(parts[name]) != binning.size:
                raise ValueError(f"{name}: found {np.size(parts[name])} bins; expected {binning.size}")
        flat = doubles(np.concatenate([np.ravel(parts[name]) for name in self.binnings]))
        pointer = ctypes.c_void_p()
        call("likelihood_with_data", self.pointer, address(flat), ctypes.byref(pointer))
        return Likelihood(pointer)


def _parameter(entry: dict[str, Any]) -> Parameter:
    prior = entry.get("prior")
    return Parameter(
        name=entry["name"], unit=entry["unit"], value=entry["value"], starts=tuple(entry["starts"]),
        bounds=tuple(entry["bounds"]) if "bounds" in entry else None, scale=entry["scale"], period=entry.get("period"),
        prior=(prior["mean"], prior["sigma"]) if prior else None)
