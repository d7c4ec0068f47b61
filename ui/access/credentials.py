"""What callers say of themselves, checked: the access token, or a user's name and password.

Each comparison takes as long whatever is wrong, and an address has so many attempts in a minute.
Hashing a password takes a tenth of a second and 64 MB, so that one is hashed at a time, and what
was right is remembered, as a keyed digest, for programs that send it with every request.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ui.access.users import Known, User, Users
from ui.server.errors import Busy, TooManyAttempts, WrongCredentials
from ui.settings import ServerSettings

ATTEMPTS = 20
"""Of an address in a minute: passwords, whether right or not, and wrong tokens."""

_WAITING = 20
"""Passwords that may wait to be hashed."""

_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Grant:
    """That somebody was let in: as whom, and by which password's hash, "" for the token."""

    name: str
    password: str


class Credentials:
    """Knows the access token and the users.

    Raises:
        SettingsFault: From every method, when the file of users cannot be read.
    """

    def __init__(self, settings: ServerSettings) -> None:
        token = settings.access_token
        self._key = secrets.token_bytes()
        self._token = self._digest(token.get_secret_value()) if token else None
        self._users = Users(settings.users)
        self.has_token = token is not None
        self.named = settings.users is not None
        self.guarded = settings.is_guarded
        self._attempts = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(ATTEMPTS)
        self._right: OrderedDict[bytes, Grant] = OrderedDict()
        self._hasher = PasswordHasher()
        # Hashed for who is nobody, so that it takes as long as for somebody.
        self._nobody = self._hasher.hash(secrets.token_urlsafe()) if self.named else ""
        self._hashing = ThreadPoolExecutor(1, "passwords")
        self._waiting = 0

    async def check(self, name: str, secret: str, address: str) -> Grant:
        """Let in who knows the secret.

        Args:
            name: Of a user; "" for whoever has the token.
            secret: The password, or the token.
            address: Whose attempt it is.

        Raises:
            WrongCredentials: When it is not the right one.
            TooManyAttempts: When the address has made too many, whether this is the right one.
            Busy: When too many passwords wait.
        """
        if not self._attempts.test(self._limit, address):
            raise TooManyAttempts(self._free_in(address))
        if not name:
            if self._token is None or not hmac.compare_digest(self._digest(secret), self._token):
                self._attempts.hit(self._limit, address)
                raise WrongCredentials
            return Grant("", "")
        digest = self._digest(f"{name}:{secret}")
        remembered = self._right.get(digest)
        if remembered and self.user(remembered):
            return remembered
        self._attempts.hit(self._limit, address)
        grant = await self._hashed(name, secret)
        self._right[digest] = grant
        if len(self._right) > _REMEMBERED:
            self._right.popitem(last=False)
        return grant

    async def check_bearer(self, given: str, address: str) -> Grant:
        """The same for the token, or NAME:PASSWORD, as one text."""
        right = self._token is not None and hmac.compare_digest(self._digest(given), self._token)
        name, colon, password = given.partition(":")
        if colon and self.named and not right:
            return await self.check(name, password, address)
        return await self.check("", given, address)

    def user(self, grant: Grant) -> User | None:
        """Who was let in, as the users are now; None where that user or password is gone."""
        if not grant.name:
            return User("") if self._token is not None else None
        known = self._users.find(grant.name)
        return known.user if known and known.password == grant.password else None

    async def _hashed(self, name: str, password: str) -> Grant:
        known = self._users.find(name)
        if self._waiting >= _WAITING:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._hashing, self._is_right, known, password)
        finally:
            self._waiting -= 1
        if known is None or not right:
            raise WrongCredentials
        return Grant(name, known.password)

    def _is_right(self, known: Known | None, password: str) -> bool:
        with suppress(VerificationError):
            return self._hasher.verify(known.password if known else self._nobody, password)
        return False

    def _free_in(self, address: str) -> float:
        window = self._attempts.get_window_stats(self._limit, address)
        return max(1.0, window.reset_time - time.time())

    def _digest(self, secret: str) -> bytes:
        return hmac.digest(self._key, secret.encode(errors="replace"), hashlib.sha256)
