"""How long a passage should be: ``python -m eval.fitting.passage_size`` prints what a size finds.

Documents are whole articles of SQuAD 1.1, chosen by hash of their titles, their paragraphs joined
again and cut by Steward itself; what is wanted of a question is the sentence its answer is in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.benchmarks.span_overlap import mean_overlap, overlap
from eval.figures import format_figure
from eval.fitting.paragraphs import STDERR
from rag.assistant import Assistant
from rag.documents.files import titled
from rag.index.building import ingest
from rag.settings import Settings
from rag.text.sentences import sentences
from rag.text.tokens import token_count
from rag.training.rows import SQUAD, Row, digest, read_rows, readable_title

SIZES = (75, 100, 150, 200, 220)
"""Most tokens in a passage; the encoder's 256 word pieces allow no more."""

_OF_TITLES = 14  # one is taken
_A_PARAGRAPH = 1  # questions at most
_TOP = 5


@dataclass(frozen=True, slots=True)
class WantedSentence:
    """A question, and where in its article the sentence that answers it stands."""

    question: str
    article: str
    start: int
    end: int


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training rows.", metavar="FOLDER")],
) -> None:
    """Compare sizes of passages by what the five best of them hold."""
    articles, wanted = collect(read_rows(data))
    STDERR.print(f"{len(articles)} articles, {len(wanted)} questions")
    table = Table(title=f"the five best passages, {len(wanted)} questions")
    for column in ("most tokens", "tokens", "recall", "precision", "IoU"):
        table.add_column(column, justify="right")
    for size in SIZES:
        tokens, *shares = measure(articles, wanted, size)
        scores = (format_figure(share, "score") for share in shares)
        table.add_row(str(size), format_figure(tokens, "decimal"), *scores)
    Console().print(table)


def collect(rows: Iterable[Row]) -> tuple[dict[str, str], list[WantedSentence]]:
    """The articles' texts by title, and the questions about them."""
    paragraphs: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        title = readable_title(row.title)
        if row.source == SQUAD and row.answerable and digest(title)[0] % _OF_TITLES == 0:
            paragraphs.setdefault(title, {}).setdefault(row.context.strip(), []).append(row)
    articles = {title: "\n\n".join(texts) for title, texts in paragraphs.items()}
    wanted = [one for title, texts in paragraphs.items() for one in _wanted(title, texts)]
    return articles, wanted


def measure(
    articles: Mapping[str, str], wanted: Sequence[WantedSentence], size: int
) -> tuple[float, float, float, float]:
    """Mean tokens of a passage, and mean recall, precision and IoU of the five best."""
    with TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "articles"
        folder.mkdir()
        for number, (title, text) in enumerate(articles.items()):
            (folder / f"{number}.md").write_bytes(titled(title, text).encode())
        settings = Settings(index=Path(name) / "index", passage_tokens=size)
        ingest(folder, settings)
        with closing(Assistant(settings)) as assistant:
            ids = {document.title: document.id for document in assistant.documents()}
            overlaps, tokens = [], []
            for sentence in track(wanted, f"{size} tokens", console=STDERR):
                hits = assistant.search(sentence.question, _TOP).hits
                passages = [hit.passage for hit in hits]
                tokens += [token_count(passage.text) for passage in passages]
                spans = [(passage.document_id, passage.start, passage.end) for passage in passages]
                place = (ids[sentence.article], sentence.start, sentence.end)
                overlaps.append(overlap(spans, [place]))
    return float(np.mean(tokens)), *mean_overlap(overlaps)


def _wanted(title: str, texts: Mapping[str, Sequence[Row]]) -> Iterator[WantedSentence]:
    position = 0
    for text, rows in texts.items():
        spans = sentences(text)
        for row in sorted(rows, key=lambda row: digest(row.question))[:_A_PARAGRAPH]:
            # The row's offsets count before the paragraph was stripped.
            answer = row.answers[0].start - (len(row.context) - len(row.context.lstrip()))
            start, end = next(span for span in reversed(spans) if span[0] <= max(answer, 0))
            yield WantedSentence(row.question, title, position + start, position + end)
        position += len(text) + 2  # the line breaks that join the paragraphs


if __name__ == "__main__":
    typer.run(main)
