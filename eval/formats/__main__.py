"""``python -m eval.formats``: how well files are read that other programs made.

Needs pandoc, chromium and poppler-utils, and makes more files where LibreOffice is installed.
"""

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from eval.formats.agreement import (
    Agreement,
    agreement,
    is_on_its_page,
    marked,
    pages,
    picked,
    seconds,
    words_by_pdftotext,
)
from eval.formats.corpus import Made, make, texts
from rag.documents.formats.apart import Apart
from rag.documents.formats.extracted import Extracted


def main() -> None:
    """Make the corpus, read it and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.formats", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to make the files in")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--data", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--quotes", type=int, default=100)
    given = parser.parse_args()
    try:
        corpus = make(given.out, texts(given.seeds, given.data))
    except OSError as error:
        sys.exit(f"The corpus cannot be made: {error}")
    with Apart() as child:
        read = {each.path: child.extract(each.path.read_bytes(), each.path.name) for each in corpus}
    pdf = {path: found for path, found in read.items() if path.suffix == ".pdf"}
    console = Console(highlight=False, soft_wrap=True)
    for line in (*_agreements(corpus, read), *_pages(pdf, given.quotes), _speed(list(pdf))):
        console.print(line, markup=False)


def _agreements(corpus: Sequence[Made], read: Mapping[Path, Extracted]) -> Iterator[str]:
    kinds: dict[str, list[Agreement]] = defaultdict(list)
    for each in corpus:
        expected = words_by_pdftotext(each.path) if each.text is None else each.text
        kinds[each.kind].append(agreement(expected, read[each.path].text))
    yield f"{len(corpus)} files, all read"
    for kind, found in kinds.items():
        kept, words, added = (sum(each[at] for each in found) for at in range(3))
        worst = min(each.kept / each.words for each in found)
        yield (
            f"{kind}: {len(found)} files, {kept:,} of {words:,} words in order "
            f"({_percent(kept / words)}; the worst file {_percent(worst)}), {added:,} besides"
        )


def _percent(share: float) -> str:
    return f"{math.floor(round(share * 10_000, 6)) / 100:.2f}%"  # never rounded up


def _pages(pdf: Mapping[Path, Extracted], number: int) -> Iterator[str]:
    quotes = picked(pdf, number)
    wrong = [each for each in quotes if not is_on_its_page(each, pdf[each.path].text)]
    whole = [each for each in quotes if marked(each, pdf[each.path]) == 1]
    yield f"{len(quotes) - len(wrong)} of {len(quotes)} quotes are on the page that they name"
    yield f"{len(whole)} of {len(quotes)} are marked whole on its picture"
    for each in wrong:
        text = pdf[each.path].text[each.start : each.end]
        yield f"  not found on page {each.page} of {each.path}: {text!r}"


def _speed(paths: Sequence[Path]) -> str:
    number = sum(map(pages, paths))
    own, other = seconds(paths)
    return f"{number} pages: {number / own:.0f} a second; by pdftotext {number / other:.0f}"


if __name__ == "__main__":
    main()
