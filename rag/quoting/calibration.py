"""The index's own reading of the confidence: what it is worth on these documents.

A logistic recalibration of the confidence, after Platt (1999), "Probabilistic Outputs for Support
Vector Machines", and the threshold that goes with it; fitted by ``eval.measuring.calibration_fit``
on questions about these documents, and kept in the index folder, where an ingest leaves it alone.
"""

import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import CalibrationDamaged, IndexUnwritable

FILE = "calibration.json"
"""In the index folder."""

_CLOSEST = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a confidence becomes a probability, and from which one on Steward answers.

    The defaults leave the confidence as it is.

    Attributes:
        slope: Of the logistic regression on the confidence's logit.
        offset: Of the same.
        threshold: The probability below which Steward refuses.
        questions: How many it rests on; 0 for the default.
    """

    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    questions: int = 0

    def probability(self, confidence: float) -> float:
        """The calibrated confidence, of one between 0 and 1."""
        return 1.0 / (1.0 + math.exp(-self.slope * logit(confidence) - self.offset))


def logit(confidence: float) -> float:
    """ln(p / (1 - p)) of a confidence, which is kept a millionth from 0 and 1."""
    inside = min(max(confidence, _CLOSEST), 1.0 - _CLOSEST)
    return math.log(inside / (1.0 - inside))


def read(index: Path) -> Calibration:
    """The calibration of an index; the default where it has none.

    Raises:
        CalibrationDamaged: When there is one that cannot be read.
    """
    try:
        written = json.loads((index / FILE).read_text(encoding="utf-8"))
        if not all(math.isfinite(number) for number in written.values()):
            raise ValueError("not a number")
        return Calibration(**written)
    except FileNotFoundError:
        return Calibration()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CalibrationDamaged(index, f"{FILE} cannot be read") from error


def fitted_at(index: Path) -> float | None:
    """When an index was calibrated, in seconds since 1970; None where it never was."""
    try:
        return (index / FILE).stat().st_mtime
    except OSError:
        return None


def write(index: Path, calibration: Calibration) -> None:
    """Put a calibration into an index folder, in one step.

    Raises:
        IndexUnwritable: When it cannot be written.
    """
    new = index / f"{FILE}.new"
    try:
        new.write_text(json.dumps(asdict(calibration)), encoding="utf-8")
        os.replace(new, index / FILE)
    except OSError as error:
        raise IndexUnwritable(index, error.strerror or str(error)) from error
