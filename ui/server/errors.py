"""Every way in which the server says no, beside those of ``rag.errors``.

    ServiceError
    ├── Busy
    ├── TookTooLong
    ├── TooManyRequests
    ├── NotJson
    ├── UnknownHost
    ├── OtherSite
    ├── NoSuchPlace
    ├── DocumentChanged
    ├── UnknownModel
    ├── UnknownAnswer
    ├── NotKept
    ├── NotTheOwner
    ├── NotSignedIn
    ├── WrongCredentials
    ├── TooManyAttempts
    ├── UsersUnreadable
    └── CountsClosed

They carry facts; only ``ui.wording.requests`` turns one into words and a status.
"""


class ServiceError(Exception):
    """A request that the server does not answer."""


class Busy(ServiceError):
    """All places for questions are taken; in ``seconds`` one may be free."""

    seconds = 5.0


class TookTooLong(ServiceError):
    """The question was not answered in the time set for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} seconds")
        self.seconds = seconds


class TooManyRequests(ServiceError):
    """The address has made as many requests as one may; in ``seconds`` it may make another."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} seconds")
        self.seconds = seconds


class NotJson(ServiceError):
    """The body is not declared to be JSON, as that of a form of any web page would be."""


class UnknownHost(ServiceError):
    """The request is for a host of a name that is not Steward's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OtherSite(ServiceError):
    """The request is made by a page of an origin that is not allowed.

    Attributes:
        origin: As the browser names it; "" where it does not.
    """

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin


class NoSuchPlace(ServiceError):
    """The document has no text between these offsets.

    Attributes:
        length: Of the document, in code points.
    """

    def __init__(self, length: int) -> None:
        super().__init__(f"the document has {length} characters")
        self.length = length


class DocumentChanged(ServiceError):
    """The document is no longer the one that was quoted."""


class UnknownModel(ServiceError):
    """A model of another name than the one there is."""

    def __init__(self, name: str, known: str) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


class UnknownAnswer(ServiceError):
    """What is judged is no answer that is remembered."""


class NotKept(ServiceError):
    """What was said could not be written; in ``seconds`` it may."""

    seconds = 5.0


class NotTheOwner(ServiceError):
    """It is asked without the owner's token, or with another."""


class NotSignedIn(ServiceError):
    """The request says nothing of who sends it, or a session that has ended."""


class WrongCredentials(ServiceError):
    """The token is not the right one, or there is no user of this name and password."""


class TooManyAttempts(ServiceError):
    """The address has tried too many passwords; in ``seconds`` it may try another."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} seconds")
        self.seconds = seconds


class UsersUnreadable(ServiceError):
    """The file of users cannot be read; why is for the log, and for no stranger."""


class CountsClosed(ServiceError):
    """The counts are asked for from elsewhere, without leave to see everything."""
