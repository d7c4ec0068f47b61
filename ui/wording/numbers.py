"""Numbers as people read them."""

import math
from collections.abc import Callable


def percent(share: float, whole: Callable[[float], int] = math.floor) -> str:
    """A share of 1, such as a confidence, as people read it: "29%".

    Args:
        share: Between 0 and 1.
        whole: Makes a whole number of the percentage.
    """
    # Rounding first takes off what floating point adds or leaves out: 0.55 * 100 is
    # 55.00000000000001, and 0.29 * 100 is 28.999999999999996.
    return f"{whole(round(share * 100, 6))}%"


def counted(number: int, noun: str) -> str:
    """So many of a thing: "1 passage", "2,500 passages"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
