"""The index's own reading of the confidence: what it is worth on these documents.

A logistic recalibration of the confidence, after Platt (1999), "Probabilistic Outputs for Support
Vector Machines", and the thresholds that go with it; fitted by ``eval.measuring.calibration_fit``
on questions about these documents, and kept in the index folder, where an ingest leaves it alone.
The thresholds of an index without one are in ``thresholds.json``, which ``python -m
eval.fitting.thresholds`` writes.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.errors import CalibrationDamaged, IndexUnwritable
from rag.outcomes import Kind
from rag.settings import Settings

SHIPPED = Path(__file__).with_name("thresholds.json")
FILE = "calibration.json"
"""In the index folder."""

_SHIPPED: Mapping[str, float] = json.loads(SHIPPED.read_text(encoding="utf-8"))
_CLOSEST = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a confidence becomes a probability, and what Steward makes of that.

    The defaults leave the confidence as it is.

    Attributes:
        slope: Of the logistic regression on the confidence's logit.
        offset: Of the same.
        threshold: The probability from which on Steward answers.
        perhaps_threshold: Likewise quotes what may answer; never above the other.
        questions: How many it rests on; 0 for the default.
    """

    slope: float = 1.0
    offset: float = 0.0
    threshold: float = _SHIPPED["threshold"]
    perhaps_threshold: float = _SHIPPED["perhaps_threshold"]
    questions: int = 0

    def probability(self, confidence: float) -> float:
        """The calibrated confidence, of one between 0 and 1."""
        return 1.0 / (1.0 + math.exp(-self.slope * logit(confidence) - self.offset))

    def kind(self, probability: float) -> Kind:
        """What quotes with such a probability are."""
        if probability >= self.threshold:
            return "answer"
        return "perhaps" if probability >= self.perhaps_threshold else "none"

    def within(self, settings: Settings) -> "Calibration":
        """The same with the thresholds that are set, where they are."""
        sure, perhaps = settings.threshold, settings.perhaps_threshold
        sure = self.threshold if sure is None else sure
        perhaps = self.perhaps_threshold if perhaps is None else perhaps
        return replace(self, threshold=sure, perhaps_threshold=min(sure, perhaps))


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
