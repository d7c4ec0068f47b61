"""Bytes to text in the encoding that a page or a message declares, and never a guessed one."""

import codecs
import re

from rag.documents.formats.extracted import Unextractable

_LATIN = re.compile(r"(?:iso-?8859-?1|latin-?1|(?:us-)?ascii)\Z", re.IGNORECASE)
_KNOWN = re.compile(  # Python's names of encodings of text; it knows others, as of zip files
    r"utf-8|cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)"
    r"|gb(?:2312|k|18030)|big5|euc_(?:jp|kr)|shift_jis|iso2022_jp"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, declared: str) -> str:
    """The text of bytes; a byte order mark says more than what is declared.

    Raises:
        Unextractable: When the encoding is not known, or the bytes are not text in it.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, name, name)
    known = python_name(declared)
    if known is None:
        raise Unextractable(f"declares an encoding that is not known, {declared}; save it as UTF-8")
    return _decode(data, known, declared)


def python_name(encoding: str) -> str | None:
    """What Python calls an encoding of text; None where it is not known."""
    if _LATIN.match(encoding):  # as browsers take it
        return "cp1252"
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    return name if _KNOWN.fullmatch(name) else None


def unicode_text(data: bytes, otherwise: str | None = None) -> str:
    """The text of bytes in UTF-8, or in UTF-16 with its mark.

    Nothing is guessed: a wrong guess would put letters into a quote that nobody wrote.

    Args:
        data: The bytes.
        otherwise: The encoding of those that are neither; None where there is no other.

    Raises:
        Unextractable: When they are not text.
    """
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if otherwise:
            return decoded(data, otherwise)
        raise _not_text(data, error, "UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unextractable(f"is not text, with NUL characters in it (line {line})")
    return text


def _decode(data: bytes, name: str, declared: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise _not_text(data, error, declared) from error


def _not_text(data: bytes, error: UnicodeDecodeError, encoding: str) -> Unextractable:
    line = data.count(b"\n", 0, error.start) + 1
    return Unextractable(f"is not {encoding} text (line {line}); save it as UTF-8")
