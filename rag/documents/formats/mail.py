"""E-mail messages: what was written, and the attachments by their own formats.

Headers are metadata. Of a message in two forms the plain one is read. What it quotes of others
stays, with its signs. Encodings are as declared, else UTF-8, and never guessed.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from typing import cast

from rag.documents import formats
from rag.documents.formats import html
from rag.documents.formats.blocks import Blocks, one_line
from rag.documents.formats.encodings import decoded
from rag.documents.formats.extracted import Extracted, Unextractable
from rag.documents.formats.joined import Joined

DEEPEST = 4
"""Messages attached to messages."""
ATTACHMENTS = 100

_TEXT = {"", ".txt", ".md"}
_AUTHORS = 20
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_FLOWING = re.compile(r"(?m)^(?!>|-- $)(.*) \n(?!>|-- $|\s)")  # RFC 3676


def extract(data: bytes, source: str) -> Extracted:
    """The text of a message, with its attachments below it.

    Args:
        data: As in an ``.eml`` file.
        source: Its name.

    Raises:
        Unextractable: When it is encrypted, no message, or not in the encoding that it declares.
    """
    try:
        return _extracted(message_from_bytes(data, policy=default), 0)
    except (MemoryError, Unextractable):
        raise
    except Exception as error:  # of headers that are no headers email raises whatever it comes to
        raise Unextractable("is a broken message: save it anew") from error


def _extracted(message: EmailMessage, depth: int) -> Extracted:
    if not any(message.get(name) for name in ("From", "Date", "Subject")):
        raise Unextractable("is no e-mail message, or one without a header")
    if message.get_content_type() in _ENCRYPTED:
        raise Unextractable("is encrypted: save it decrypted")
    joined = Joined()
    cut: list[str] = []
    body = message.get_body(("plain", "html"))
    if body is not None:
        joined.add(_written(body))
    attached = [each for each in message.iter_attachments() if each is not body]
    if len(attached) > ATTACHMENTS:
        cut.append(f"attachments after the first {ATTACHMENTS}")
    for number, part in enumerate(attached[:ATTACHMENTS], 1):
        if part.get_content_maintype() == "image":  # as of other formats
            continue
        name = one_line(part.get_filename() or "") or f"no. {number}"
        try:
            found = _attachment(part, name, depth)
        except Unextractable as error:
            cut.append(f"the attachment {name}, which {error}")
            continue
        title = found.title or (name if part.get_filename() else "")
        heading = f"# {title}\n\n" if title and found.text else ""
        within = [(len(heading) + offset, place) for offset, place in found.places]
        joined.add(heading + found.text, f"attachment {name}", within)
        cut += [f"in the attachment {name}, {each}" for each in found.cut]
    sent = getattr(message["Date"], "datetime", None)
    return Extracted(
        text=joined.text,
        is_markdown=True,
        title=one_line(message["Subject"] or "") or None,
        authors=tuple(_authors(message)),
        published=sent.date().isoformat() if sent else None,
        places=tuple(joined.places),
        body=(0, len(joined.text)),
        cut=tuple(cut),
    )


def _attachment(part: MIMEPart, name: str, depth: int) -> Extracted:
    """The text of an attachment; raises Unextractable."""
    if part.get_content_type() == "message/rfc822":
        if depth == DEEPEST:
            raise Unextractable(f"is attached to more than {DEEPEST} messages within each other")
        return _extracted(cast(EmailMessage, part.get_content()), depth + 1)
    suffix = formats.suffix_of(name)
    if suffix in formats.FORMATS and suffix != ".eml":
        return formats.extract(_payload(part), name)
    if suffix in _TEXT and part.get_content_maintype() == "text":
        return Extracted(text=_written(part), is_markdown=True)
    raise Unextractable("is of a format that is not read")


def _written(part: MIMEPart) -> str:
    """The text of a part that is text."""
    if part.get_content_type() == "text/html":
        declared = part.get_content_charset()
        if declared is None:  # but perhaps in the page
            return html.extract(_payload(part), "").text
        return html.of_text(decoded(_payload(part), declared)).text
    charset = part.get_content_charset("utf-8")
    # What calls itself ASCII is often more, and of UTF-8.
    charset = "utf-8" if charset in ("ascii", "us-ascii") else charset
    text = decoded(_payload(part), charset).replace("\r\n", "\n")
    if part.get_param("format") == "flowed":
        text = _FLOWING.sub(r"\1 ", text)
    blocks = Blocks()
    for paragraph in re.split(r"\n[ \t]*\n", text):
        blocks.paragraph(paragraph)
    return blocks.text


def _payload(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _authors(message: EmailMessage) -> Iterator[str]:
    for address in getattr(message["From"], "addresses", ())[:_AUTHORS]:
        if name := one_line(address.display_name or address.addr_spec):
            yield name
