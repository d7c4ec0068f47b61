"""Pictures of pages for whoever asks: one is drawn at a time, a few may wait, the last are kept."""

import threading
from collections import OrderedDict

from rag.assistant import Assistant
from rag.documents.formats.extracted import Picture
from ui.server.errors import Busy

_WAITING = 4
_KEPT = 16 * 2**20  # bytes

Span = tuple[int, int] | None


class Pictures:
    """Draws pages of the documents of an assistant, which stays the caller's."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._places = threading.BoundedSemaphore(1 + _WAITING)
        self._drawing = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], Picture] = OrderedDict()

    def of(self, document_id: str, sha256: str, number: int, span: Span = None) -> Picture:
        """A picture of a page, as of ``Assistant.page``, of the version with this hash.

        Raises:
            Busy: When too many wait already.
            UnknownDocument, PageNotShown: As of ``Assistant.page``.
        """
        key = document_id, sha256, number, span
        if (kept := self._kept.get(key)) is not None:
            return kept
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            with self._drawing:
                if (kept := self._kept.get(key)) is None:
                    kept = self._assistant.page(document_id, number, span)
                    self._keep(key, kept)
                return kept
        finally:
            self._places.release()

    def _keep(self, key: tuple[object, ...], picture: Picture) -> None:
        self._kept[key] = picture
        while sum(len(each.png) for each in self._kept.values()) > _KEPT:
            self._kept.popitem(last=False)
