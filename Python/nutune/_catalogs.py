"""Catalogs: where experiments, fluxes, oscillation parameters and studies are found by name."""

from __future__ import annotations

import ctypes
import os
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

from ._library import Object, call, described, texts

_KINDS = ("experiments", "fluxes", "oscillations", "studies", "measurements", "cross-sections", "priors")

#: Catalogs folders as a caller gives them.
Folders = Sequence[str | os.PathLike[str]]


def catalog_folders(near: str | os.PathLike[str] | None = None) -> list[str]:
    """The catalogs folders in reach, nearest first; the last one is that of the package.

    `NUTUNE_CATALOGS` (folders separated by colons) stands in front of the package's own; without it every folder named
    `catalogs` counts that lies in or above `near` or the current folder.

    Args:
        near: a folder, that of a study for instance.
    """
    own = str(pathlib.Path(__file__).with_name("catalogs"))
    named = os.environ.get("NUTUNE_CATALOGS")
    if named:
        return _unique([*filter(None, named.split(":")), own])
    found: list[str] = []
    for start in [os.getcwd()] if near is None else [near, os.getcwd()]:
        folder = pathlib.Path(os.path.abspath(start))
        for place in [folder, *folder.parents]:
            for candidate in (place, place / "catalogs"):
                if candidate.name == "catalogs" and any((candidate / kind).is_dir() for kind in _KINDS):
                    found.append(str(candidate))
    return _unique([*found, own])


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


class Context(Object):
    """Catalogs and plugins, which everything else is made from."""

    def __init__(self, catalogs: Folders | None = None, near: str | os.PathLike[str] | None = None) -> None:
        given = None if catalogs is None else [os.path.abspath(folder) for folder in catalogs]
        folders = catalog_folders(near) if given is None else given
        pointer = ctypes.c_void_p()
        call("context_open", texts(folders), len(folders), ctypes.byref(pointer))
        super().__init__(pointer)


def inventory(catalogs: Folders | None = None) -> dict[str, Any]:
    """What there is: plugins with their parameters (`plugins`, by kind), names of catalog entries (`entries`, by kind), and
    the catalogs folders (`folders`)."""
    context = Context(catalogs)
    return described("context_describe", context.pointer)  # type: ignore[no-any-return]
