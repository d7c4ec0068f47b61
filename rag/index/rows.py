"""Where each passage stands among all of an index: they follow the documents, one by one."""

from collections.abc import Collection

from rag.errors import UnknownDocument
from rag.index.manifest import Manifest


class Rows:
    """Counts passages from 0, in the order of a manifest; a passage costs no memory but its id.

    Attributes:
        ids: Of all passages, in that order.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.ids = manifest.passage_ids()
        self._ranges: dict[str, range] = {}
        end = 0
        for document, count in zip(manifest.documents, manifest.passage_counts, strict=True):
            self._ranges[document.id] = range(end, end + count)
            end += count

    def row(self, passage_id: str) -> int:
        """The passage's place; raises KeyError where it has none."""
        document, _, ordinal = passage_id.rpartition(":")
        found = self._ranges[document]
        if not ordinal.isdecimal() or int(ordinal) >= len(found):
            raise KeyError(passage_id)
        return found[int(ordinal)]

    def of(self, document_ids: Collection[str]) -> list[int]:
        """The places of these documents' passages, ascending; raises UnknownDocument."""
        return sorted(row for id in {*document_ids} for row in self.range(id))

    def range(self, document_id: str) -> range:
        """The places of one document's passages; raises UnknownDocument."""
        try:
            return self._ranges[document_id]
        except KeyError:
            raise UnknownDocument(document_id) from None
