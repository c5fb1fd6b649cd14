"""Long computations: progress, Ctrl-C."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ._errors import NuTuneError
from ._library import PROGRESS

Result = TypeVar("Result")

#: How often the main thread looks for Ctrl-C, in seconds.
_PERIOD = 0.1


@dataclass(frozen=True)
class Progress:
    """Progress of a training or a run.

    Attributes:
        stage: what is trained, `train-neural`, with `+flux_1` behind it for a training with a shifted flux; or the stage of
            a run, `near-data`, `tune-neural`, `fit-neural`.
        step: steps done; of a stage of a run 0 when it begins and 1 when it has ended.
        steps: steps planned; 1 for a stage that begins or has ended.
        loss: the loss before the latest step; None for methods without one.
    """

    stage: str
    step: int
    steps: int
    loss: float | None


class Listener:
    """Passes progress on to a function of the caller, and asks the library to end when that raised or Ctrl-C came."""

    def __init__(self, tell: Callable[[Progress], object] | None) -> None:
        self.tell = tell
        self.error: BaseException | None = None
        self.is_cancelled = False
        self.function = PROGRESS(self._hear)

    def _hear(self, _user: int | None, stage: bytes, step: int, steps: int, loss: float) -> int:
        try:
            if self.tell is not None and not self.is_cancelled:
                self.tell(Progress(stage.decode(), step, steps, None if math.isnan(loss) else loss))
        except BaseException as error:  # It must not pass through Swift.
            self.error = error
            self.is_cancelled = True
        return int(self.is_cancelled)


def interruptible(work: Callable[[], Result], listener: Listener | None = None) -> Result:
    """Does something that takes long; Ctrl-C in the main thread ends the wait at once.

    The computation itself ends at its next checkpoint, within seconds, on a thread of its own. An error that the
    caller's function for progress raised is raised here.
    """
    def done() -> Result:
        try:
            return work()
        except NuTuneError:
            if listener is not None and listener.error is not None:
                raise listener.error from None
            raise

    if threading.current_thread() is not threading.main_thread():
        return done()
    outcome: list[tuple[bool, Any]] = []

    def run() -> None:
        try:
            outcome.append((True, done()))
        except BaseException as error:
            outcome.append((False, error))

    thread = threading.Thread(target=run, name="nutune", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_PERIOD)
    except BaseException:
        if listener is not None:
            listener.is_cancelled = True
        raise
    succeeded, result = outcome[0]
    if not succeeded:
        raise result
    return result  # type: ignore[no-any-return]
