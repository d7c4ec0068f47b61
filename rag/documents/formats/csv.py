"""CSV: each row a line that stands alone."""

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from rag.documents.formats.blocks import Blocks
from rag.documents.formats.encodings import unicode_text
from rag.documents.formats.extracted import Extracted, Unextractable
from rag.documents.formats.rows import TOO_LARGE, write_rows

_DELIMITERS = ",;\t|"
_LOOKED_AT = 50  # rows


def extract(data: bytes, source: str) -> Extracted:
    """The rows of a file of comma-separated values, or of values between other signs.

    Args:
        data: UTF-8, or UTF-16 with its mark.
        source: Its name.

    Raises:
        Unextractable: When it is of another encoding, or no table.
    """
    text = unicode_text(data)
    blocks = Blocks()
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
        cut = write_rows(blocks, rows)
    except csv.Error as error:
        raise Unextractable(f"is no table that can be read ({error})") from error
    shown = blocks.text
    return Extracted(
        text=shown,
        is_markdown=True,
        places=blocks.places,
        body=(0, len(shown)),
        cut=(TOO_LARGE,) if cut else (),
    )


def _delimiter(text: str) -> str:
    """What stands between the values: the sign by which most rows are of one width.

    ``csv.Sniffer`` decides by letters too, and by patterns that take time by the square of a text.
    """

    def agreement(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            widths.update(len(row) for row in islice(rows, _LOOKED_AT) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=agreement)  # the first of those that are as good
