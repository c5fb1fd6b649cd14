"""What goes wrong."""

from __future__ import annotations


class NuTuneError(Exception):
    """A mistake that the caller can act on: what happened, where, what was found and what was expected.

    Attributes:
        code: kind of failure, as the exit codes of the command line: 1 a computation failed, 64 wrong usage, 65 bad
            data, 66 missing input, 70 internal error, 73 output that cannot be written, 130 cancelled.
        sentences: one sentence for each mistake.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.sentences = text.split("\n")
