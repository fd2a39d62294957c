"""Every error Limner raises on purpose, in one tree.

    LimnerError                    1  anything of ours; the exit code of the command line stands beside it
    ├── InputError                 2  the request cannot be carried out as written
    │   ├── BriefError             2  the words of a brief (empty, too long, no letters)
    │   ├── DialError              2  an unknown dial, or a value outside -1..1
    │   ├── RecipeError            2  a recipe that cannot be read or is not valid
    │   └── PictureError           2  a file that is not a picture, or holds no recipe
    ├── CapabilityError            2  the chosen engine lacks what was asked for
    ├── RefusedError               3  a brief that the policy does not paint
    ├── WeightsError               4  weights that are missing, damaged, or made for another version
    ├── StorageError               5  a folder that cannot be written, a full disk
    ├── MissingExtraError          6  a feature whose optional packages are not installed
    ├── TrainingError              7  a training run that cannot start or go on
    ├── ServiceError               1  a service that cannot be reached, or whose answer is of no use
    └── Cancelled                130  the person asked to stop

A message says what is wrong, with which value, and what to do next.  `hint` holds the last part
separately, so that a face (command line, web) can show it in its own way.
"""

from __future__ import annotations


class LimnerError(Exception):
    """Root of all errors raised on purpose.

    Args:
        message: what is wrong, with the offending value.
        hint: what to do next; empty if the message already says so.
    """

    exit_code = 1
    """Exit status of the command line for this class."""

    code = "error"
    """Stable name of this class for programs that read JSON."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message if not hint else f"{message} {hint}")
        self.message = message
        self.hint = hint


class InputError(LimnerError):
    """The request cannot be carried out as it is written."""

    exit_code = 2
    code = "input"


class BriefError(InputError):
    """The words of a brief cannot be read: empty, too long, or without a single letter."""

    code = "brief"


class DialError(InputError):
    """An unknown dial or a value outside its range.

    Args:
        nearest: names of existing dials that resemble the unknown one, best first.
    """

    code = "dial"

    def __init__(self, message: str, hint: str = "", nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.nearest = nearest


class RecipeError(InputError):
    """A recipe that cannot be read, or whose values are not allowed."""

    code = "recipe"


class PictureError(InputError):
    """A file that is not a readable picture, or a picture that holds no recipe."""

    code = "picture"


class CapabilityError(LimnerError):
    """The chosen engine cannot do what was asked; raised before any work starts."""

    exit_code = 2
    code = "capability"


class RefusedError(LimnerError):
    """A brief that the policy does not paint; the message says why and what to write instead."""

    exit_code = 3
    code = "refused"


class WeightsError(LimnerError):
    """Weights that are missing, damaged or made for another version of Limner."""

    exit_code = 4
    code = "weights"


class StorageError(LimnerError):
    """A folder that cannot be written, a full disk, a file that vanished."""

    exit_code = 5
    code = "storage"


class MissingExtraError(LimnerError):
    """A feature whose optional packages are not installed."""

    exit_code = 6
    code = "extra"


class TrainingError(LimnerError):
    """A training run that cannot start or cannot go on."""

    exit_code = 7
    code = "training"


class ServiceError(LimnerError):
    """A service that cannot be reached, answers with an error, or whose answer is of no use.

    Args:
        status: HTTP status of the answer; None if there was none.
    """

    code = "service"

    def __init__(self, message: str, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status


class Cancelled(LimnerError):
    """The person asked to stop; what was finished before is kept."""

    exit_code = 130
    code = "cancelled"
