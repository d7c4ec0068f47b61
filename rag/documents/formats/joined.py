"""Texts of several parts to one text: the chapters of a book, a message and its attachments."""

from collections.abc import Iterable


class Joined:
    """A text in Markdown, written part by part, with a blank line between two.

    Attributes:
        places: As of ``Extracted``.
    """

    def __init__(self) -> None:
        self.places: list[tuple[int, str]] = []
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        """All parts."""
        return "\n\n".join(self._parts)

    def add(
        self, text: str, place: str | None = None, within: Iterable[tuple[int, str]] = ()
    ) -> None:
        """Add a part; of one without a text nothing.

        Args:
            text: Of the part.
            place: What it is called; None where it goes on with the one before.
            within: Its own places.
        """
        if not text:
            return
        start = self._length
        if place:
            self.places.append((start, place))
        for offset, name in within:
            if place and not offset:
                self.places.pop()
            self.places.append((start + offset, f"{place}, {name}" if place else name))
        self._parts.append(text)
        self._length += len(text) + 2
