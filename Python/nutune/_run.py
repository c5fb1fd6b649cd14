"""A whole study, run into a folder."""

from __future__ import annotations

import ctypes
import json
import os
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ._catalogs import Folders
from ._library import call, taken
from ._progress import Listener, Progress, interruptible
from ._results import Run
from ._study import Source


def run(
    study: str | os.PathLike[str] | Mapping[str, Any], out: str | os.PathLike[str] | None = None, *,
    resume: bool = False, threads: int | None = None, set: Mapping[str, Any] | None = None,
    progress: Callable[[Progress], object] | None = None, report: bool = False,
    directory: str | os.PathLike[str] | None = None, catalogs: Folders | None = None,
) -> Run:
    """Runs a study into a folder: near data, trainings, predictions, fits, results; what `nutune run` does, with its numbers.

    What does not converge is kept, and a warning says so, as are the warnings of the results. Ctrl-C, or an error in
    `progress`, ends the run at the beginning of the next stage or at the next checkpoint of a training; with `resume` a
    later one goes on there and ends with the same numbers.

    Args:
        study: path of a study file, name of a study in a catalog, YAML text (of more than one line), or a dict.
        out: the folder; `runs/` and the name of the study when None.
        resume: reuses the finished stages in the folder.
        threads: of the computations; results do not depend on it. All that the process may use when None.
        set: other values, `{"near.events": 3e7}`, as with `--set`.
        progress: is told when a stage begins (step 0 of 1) and when it has ended (1 of 1), and of the steps of trainings
            in between, on the thread that computes.
        report: makes figures, histograms and `report.html`, too, which needs gnuplot; `nutune report` makes them later.
        directory: what file names in text or a dict are relative to; the current folder when None.
        catalogs: catalogs folders, nearest first; those of `nutune.catalog_folders` when None.

    Returns:
        The folder, which reads results, distributions, fits and models.

    Raises:
        NuTuneError: with one sentence for each mistake in the study; a folder that another run is at work in.
    """
    listener = Listener(progress)
    given = Source(study, set, directory, threads, catalogs)
    folder = None if out is None else os.path.abspath(out).encode()

    def work() -> dict[str, Any]:
        summary = ctypes.c_void_p()
        call(
            "study_run", *given.arguments, folder, int(resume), int(report), listener.function, None,
            ctypes.byref(summary))
        return json.loads(taken(summary))  # type: ignore[no-any-return]

    summary = interruptible(work, listener)
    for sentence in summary["warnings"]:
        warnings.warn(sentence, stacklevel=2)
    return Run(summary["folder"])
