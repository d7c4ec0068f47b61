"""Questions to begin with for each user, made of the documents that are shown to this one."""

import logging
import threading

from starlette.types import Scope

from rag.assistant import Assistant
from rag.errors import StewardError
from rag.suggestions import suggest
from ui.access.gate import as_seen
from ui.wording.chat import about

log = logging.getLogger(__name__)

_KEPT = 64


class Suggested:
    """Makes them once for all who see the same, and again when that has changed."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._made: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __call__(self, scope: Scope) -> tuple[str, ...]:
        """Those for whoever sends a request; none where the index cannot be read."""
        assistant = as_seen(self._assistant, scope)
        try:
            seen = tuple(each.id + each.sha256 for each in assistant.documents())
            with self._lock:
                if seen not in self._made:
                    if len(self._made) >= _KEPT:
                        self._made.clear()
                    self._made[seen] = suggest(assistant, about)
                return self._made[seen]
        except StewardError:
            log.exception("no questions to begin with")
            return ()
