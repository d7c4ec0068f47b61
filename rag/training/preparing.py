"""Before training: the rows to learn from, with their neighbours, and those to look at."""

from pathlib import Path

from rag.quoting.windows import Windows
from rag.text.encoder import packaged_folder
from rag.training import contamination
from rag.training.examples import Example, examples
from rag.training.mixture import Mixture
from rag.training.neighbours import articles, neighbours
from rag.training.rows import (
    OwnWords,
    Row,
    own_words_trained_on,
    placed,
    purpose,
    read_documents,
    read_own_words,
    read_rows,
    reserved,
    sources,
    trained_on,
)
from rag.training.thesaurus import Alike
from rag.training.validation import say, some
from rag.training.written import written


def prepared(
    data: Path,
    out: Path,
    against: Path | None,
    seed: int,
    alike: Alike | None,
    questions: Path,
) -> tuple[Mixture, dict[str, list[Example]]]:
    """What to learn from, and by name what to look at on the way.

    Args:
        data: Folder of the training data.
        out: Folder that the neighbours are kept in.
        against: Folder of benchmarks; rows that share text with them are left out.
        seed: Of every choice.
        alike: Other words to ask questions in.
        questions: File of the further questions.

    Raises:
        TrainingDataMissing: Where there is no such data.
    """
    rows, own = list(read_rows(data)), list(read_own_words(data))
    own += list(written(data, rows, questions))
    public: list[Row] = trained_on(rows)
    chosen: list[OwnWords] = own_words_trained_on(own, rows)
    if against is not None:
        known = contamination.known(contamination.texts_of(against))
        met = [row for row in [*public, *chosen] if _meets(row, known)]
        say(f"{len(met)} rows share {contamination.N} words in a row with a benchmark, left out:")
        for source, number in sources(met).items():
            say(f"  {number:6}  {source}")
        gone = {id(row) for row in met}
        public = [row for row in public if id(row) not in gone]
        chosen = [row for row in chosen if id(row) not in gone]
    for source, number in sources([*public, *chosen]).items():
        say(f"{number:7}  {source}")
    windows = Windows(packaged_folder() / "tokenizer.json")
    looking = {
        "public": list(examples(some([row for row in rows if reserved(row)]), windows, seed)),
        "own words": list(
            examples(some([row for row in own if purpose(row.document) == "fitting"]), windows, 1)
        ),
    }
    documents = list(read_documents(data))
    chosen = list(placed(chosen, documents))
    near = neighbours(
        chosen,
        [
            *(each for each in documents if purpose(each.document) == "training"),
            *articles(public, chosen),
        ],
        out / "neighbours.json",
    )
    return Mixture(public, chosen, near, windows, seed, alike), looking


def _meets(row: Row, known: frozenset[int]) -> bool:
    return not known.isdisjoint(contamination.ngrams(f"{row.question}\n{row.context}"))
