"""The shared library behind the package, whose functions release the interpreter's lock while they run."""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import NuTuneError

FloatArray = npt.NDArray[np.float64]

#: Progress of a training or a run: user pointer, stage, step, steps, loss → 0 to go on.
PROGRESS = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_double)

_P, _S, _N, _I, _D = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int32, ctypes.c_double

# Arguments as nutune.h declares them, without the message, which is the last one of all that can fail.
_ARGUMENTS: dict[str, list[Any]] = {
    "provenance": [_P],
    "context_open": [_P, _N, _P],
    "context_describe": [_P, _P],
    "model_open": [_P, _S, _P, _N, _P],
    "model_describe": [_P, _P],
    "model_cross_section": [_P, _S, _S, _N, _P, _P, _P, _P],
    "model_total_cross_section": [_P, _S, _S, _N, _P, _P],
    "model_structure_functions": [_P, _S, _S, _N, _P, _P, _P],
    "oscillation_open": [_P, _S, _S, _P, _N, _P],
    "oscillation_describe": [_P, _P],
    "oscillation_probabilities": [_P, _D, _D, _D, _I, _N, _P, _P],
    "study_open": [_P, _S, _S, _P, _N, _I, _P],
    "study_describe": [_P, _P],
    "study_train": [_P, _S, PROGRESS, _P, _P, _P],
    "study_run": [_P, _S, _S, _P, _N, _I, _S, _I, _I, PROGRESS, _P, _P],
    "likelihood_open": [_P, _S, _I, PROGRESS, _P, _P],
    "likelihood_describe": [_P, _P],
    "likelihood_data": [_P, _P],
    "likelihood_with_data": [_P, _P, _P],
    "likelihood_rates": [_P, _P, _P],
    "likelihood_value": [_P, _P, _P],
    "likelihood_gradient": [_P, _P, _P, _P],
    "likelihood_pulls": [_P, _P, _P],
}


def _open() -> ctypes.CDLL:
    path = os.environ.get("NUTUNE_LIBRARY") or str(pathlib.Path(__file__).with_name("libNuTuneC.so"))
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"nutune: {error}; expected the libraries of Debian that NuTune needs: "
            "apt install libgsl27 libopenblas0 libmd0 libhdf5-103-1") from None
    for name, arguments in _ARGUMENTS.items():
        function = getattr(library, f"nutune_{name}")
        function.argtypes = [*arguments, _P]
        function.restype = ctypes.c_int32
    library.nutune_free.argtypes = [_P]
    library.nutune_free.restype = None
    library.nutune_release.argtypes = [_P]
    library.nutune_release.restype = None
    return library


library = _open()


def failure(code: int, message: ctypes.c_void_p) -> NuTuneError:
    """The error of a code, whose text is freed."""
    return NuTuneError(code, taken(message))


def taken(text: ctypes.c_void_p) -> str:
    """A text that the library gave away, which is freed."""
    if not text.value:
        return ""
    try:
        return ctypes.string_at(text.value).decode()
    finally:
        library.nutune_free(text)


def call(name: str, *arguments: Any) -> None:
    """Calls a function of nutune.h by its name without prefix; a failure raises `NuTuneError`."""
    message = ctypes.c_void_p()
    code = getattr(library, f"nutune_{name}")(*arguments, ctypes.byref(message))
    if code != 0:
        raise failure(code, message)


def described(name: str, *arguments: Any) -> Any:
    """What a function of nutune.h that writes JSON says."""
    text = ctypes.c_void_p()
    call(name, *arguments, ctypes.byref(text))
    return json.loads(taken(text))


class Object:
    """An object of the library, released with its owner.

    Objects do not change, so that several threads may use one at a time.
    """

    def __init__(self, pointer: ctypes.c_void_p) -> None:
        self.pointer = pointer
        self._end = weakref.finalize(self, library.nutune_release, ctypes.c_void_p(pointer.value))
        self._end.atexit = False


def texts(values: Sequence[str]) -> Any:
    """An array of texts for C."""
    return (ctypes.c_char_p * max(len(values), 1))(*[value.encode() for value in values])


def settings(values: Mapping[str, Any] | None) -> list[str]:
    """Changes `path.to.key=value` as the command line takes them with `--set`."""
    return [f"{key}={document(value)}" for key, value in (values or {}).items()]


def document(value: Any, indent: int | None = None) -> str:
    """A value as JSON, which is YAML, too."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def plain(value: Any) -> Any:
    """A value of YAML: mappings, lists and tuples, NumPy arrays and numbers as plain ones."""
    if isinstance(value, Mapping):
        return {str(key): plain(element) for key, element in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value.item() if isinstance(value, np.generic) else value


def doubles(values: npt.ArrayLike) -> FloatArray:
    """An array of doubles in one piece; the same array where it is one already."""
    return np.ascontiguousarray(values, dtype=np.float64)


def address(array: FloatArray) -> int:
    """Where the first element is."""
    return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


def provenance() -> dict[str, str]:
    """Version, commit and digest (`build`) of the library, and its path."""
    return described("provenance")  # type: ignore[no-any-return]
