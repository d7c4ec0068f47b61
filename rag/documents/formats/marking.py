"""Where on a page of a PDF the words of a text stand, by the numbers of its characters.

Compared are letters and digits alone: the text of a document has other spaces, line breaks and
hyphens than its pages.
"""

from collections.abc import Sequence

_PIECES = 40  # as many as a quote can be broken into by notes and columns, and more
_SHORTEST = 8  # letters; fewer are everywhere


def places(codes: Sequence[int], before: str, words: str) -> list[tuple[int, int]]:
    """Runs of a page's characters that are the words, in their order.

    Args:
        codes: The characters of the page, as numbers of UTF-16.
        before: What stands on the page before the words, as far as the text has it.
        words: What to find; of what is not there in one piece, the pieces.

    Returns:
        Half-open; together they hold all letters of the words, or as many of the first as there
        are. Marks after a word, as a full stop, belong to it.
    """
    seen = [at for at, code in enumerate(codes) if chr(code).isalnum()]
    page = "".join(chr(codes[at]) for at in seen)
    sought = letters(words)
    found = []
    for first, last in _pieces(page, sought, letters(before).count(sought) if sought else 0):
        end = seen[last] if last < len(seen) else len(codes)
        found.append((seen[first], _ended(codes, seen[last - 1] + 1, end)))
    return found


def letters(text: str) -> str:
    """The letters and digits of a text, without those that UTF-16 has in two halves."""
    return "".join(each for each in text if each.isalnum() and ord(each) < 0x10000)


def _pieces(page: str, sought: str, earlier: int) -> list[tuple[int, int]]:
    whole = _after(page, sought, earlier)
    if whole >= 0:
        return [(whole, whole + len(sought))] if sought else []
    found: list[tuple[int, int]] = []
    while len(sought) and len(found) < _PIECES:
        length = _longest(page, sought)
        if length < min(_SHORTEST, len(sought)):
            break
        at = page.find(sought[:length], found[-1][1] if found else 0)
        at = page.find(sought[:length]) if at < 0 else at
        found.append((at, at + length))
        sought = sought[length:]
    return found


def _after(page: str, sought: str, earlier: int) -> int:
    """Where it stands after so many others, or the last of them; -1 where it does not."""
    at = page.find(sought)
    for _ in range(earlier):
        following = page.find(sought, at + len(sought))
        if at < 0 or following < 0:
            break
        at = following
    return at


def _longest(page: str, sought: str) -> int:
    """How much of the beginning stands on the page somewhere."""
    least, most = 0, len(sought)
    while least < most:
        middle = (least + most + 1) // 2
        if sought[:middle] in page:
            least = middle
        else:
            most = middle - 1
    return least


def _ended(codes: Sequence[int], end: int, most: int) -> int:
    """The end of a run with the marks that follow its last letter without a space."""
    while end < most and not chr(codes[end]).isspace() and codes[end] not in (0x2, 0xFFFE):
        end += 1
    return end
