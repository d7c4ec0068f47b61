"""The sessions of browsers that have signed in: random names in cookies, kept in memory.

A restart of the server ends them, as does a change of the user's password.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from ui.access.credentials import Grant

SECONDS = 12 * 3600
"""After which one has to sign in again."""

_MOST = 10_000


class Sessions:
    """Which session is whose."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[bytes, tuple[float, Grant]] = OrderedDict()

    def begin(self, grant: Grant) -> str:
        """A new session's name."""
        name = secrets.token_urlsafe(32)
        self._begun[_digest(name)] = self._clock(), grant
        if len(self._begun) > _MOST:
            self._begun.popitem(last=False)
        return name

    def grant(self, name: str) -> Grant | None:
        """Whose session it is, if there is one of this name."""
        begun, grant = self._begun.get(_digest(name), (0.0, None))
        if grant and self._clock() - begun < SECONDS:
            return grant
        self.end(name)
        return None

    def end(self, name: str) -> None:
        """Forget a session."""
        self._begun.pop(_digest(name), None)


def _digest(name: str) -> bytes:
    # By digests, so that how long a look-up takes tells nothing of a name.
    return hashlib.sha256(name.encode(errors="replace")).digest()
