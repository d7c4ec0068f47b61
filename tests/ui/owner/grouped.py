"""How well people's questions are gathered: ``python -m tests.ui.owner.grouped --data DATA``.

Two own-words questions are about one thing where their marked answers overlap, and near each other
where they are about one passage. Of the pairs that ``gather`` puts together it counts how many are;
of the pairs about one thing how many it puts together. The documents are those that nothing was
trained on.
"""

import argparse
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from rag.text.encoder import Encoder
from rag.training.rows import OwnWords, Purpose, purpose, read_own_words
from ui.owner.gaps import APART, gather
from ui.owner.log_reading import Repeated
from ui.owner.records import MODEL


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table, of the documents of either purpose."""
    parser = argparse.ArgumentParser(prog="python -m tests.ui.owner.grouped")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    rows = list(read_own_words(parser.parse_args(arguments).data))
    print(f"apart {APART}")  # noqa: T201
    for of in ("fitting", "reporting"):
        _print(of, [row for row in rows if row.answers and purpose(row.document) == of])


def _print(of: Purpose, rows: Sequence[OwnWords]) -> None:
    first = {row.question: row for row in reversed(rows)}
    questions = list(first)
    vectors = Encoder().encode_questions(questions).astype("<f2")
    asked = [
        Repeated(question, 1, 1.0, "", vector.tobytes(), MODEL)
        for question, vector in zip(questions, vectors, strict=True)
    ]
    gaps = gather(asked)
    together = [
        (first[one], first[other]) for gap in gaps for one, other in combinations(gap.questions, 2)
    ]
    one_thing = sum(_overlap(one, other) for one, other in combinations(first.values(), 2))
    near = sum(one.context == other.context for one, other in together)
    of_one_document = sum(one.document == other.document for one, other in together)
    met = sum(_overlap(one, other) for one, other in together)
    print(  # noqa: T201
        f"{of}: {len(questions)} questions in {len(gaps)} groups, {len(together)} pairs together; "
        f"of these about one passage {near}, one document {of_one_document}; "
        f"of {one_thing} pairs about one thing {met} together"
    )


def _overlap(one: OwnWords, other: OwnWords) -> bool:
    return one.context == other.context and any(
        max(a.start, b.start) < min(a.start + len(a.text), b.start + len(b.text))
        for a in one.answers
        for b in other.answers
    )


if __name__ == "__main__":
    main()
