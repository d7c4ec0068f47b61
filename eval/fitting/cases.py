"""Collections of paragraphs, small and large, and questions that they answer or do not.

The confidence must hold for five articles as for thousands of paragraphs, and refuse questions that
are near misses as well as those about something else. So each question is asked of a collection:

- large: the whole pool of the retrieval set; its questions; the same with every paragraph of the
  gold one's article taken away; and human-written questions that its paragraph does not answer.
- article: all paragraphs of one article; its questions and human-written unanswerable ones.
- five: six consecutive paragraphs of each of five articles; their questions; human-written
  unanswerable ones; questions about other paragraphs of these articles; and off topic.
- thirty: thirty paragraphs of another source; questions about eight of them and about four others.

The unanswerable questions are SQuAD 2.0's (Rajpurkar, Jia and Liang 2018,
https://aclanthology.org/P18-2124, CC BY-SA 4.0). That a question is unanswerable is by
construction: where its paragraph is taken away another one may still answer it, which in the pool
of reddit, amazon and covid happens.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from eval.fitting.retrieval_set import (
    SHARES,
    HeldOutQuestion,
    Paragraph,
    RetrievalSet,
    half_by_text,
    is_short,
)
from rag.training.rows import (
    HUMAN,
    SQUAD,
    WRONG,
    Row,
    letters,
    of_reserved_article,
    readable_title,
    reserved_paragraph,
)

T = TypeVar("T")

_DRAWS, _ARTICLES, _RUN = 60, 5, 6
_THIRTY, _BLOCK, _PRESENT = 30, 12, 8
_SEED = 7


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a collection.

    Attributes:
        places: The collection's paragraphs, places in the pool.
        without: Of these, the ones that count as absent.
        gold: The paragraph that answers it; None for an unanswerable question.
        starts: Offsets in it at which the marked answers begin.
        kind: The collection, and why the question can or cannot be answered.
    """

    places: Sequence[int]
    question: str
    gold: int | None
    starts: tuple[int, ...]
    kind: str
    source: str
    without: frozenset[int] = frozenset()

    @property
    def collection(self) -> str:
        """What the collection is like."""
        return self.kind.partition(":")[0]

    @property
    def group(self) -> str:
        """Collection and source; every group weighs the same."""
        return f"{self.collection}/{self.source}"

    @property
    def reporting(self) -> bool:
        """Whether it is reported on, and so not fitted on."""
        return half_by_text(self.question) == "reporting"


class Cases:
    """Makes the cases, always the same ones of the same rows.

    Attributes:
        paragraphs: The retrieval set's, and after them the other ones of the articles.
    """

    def __init__(self, rows: Sequence[Row], chosen: RetrievalSet) -> None:
        self._random = random.Random(_SEED)
        self._questions = chosen.questions
        self._pool = range(len(chosen.paragraphs))
        paragraphs = list(chosen.paragraphs)
        places = {paragraph.text: place for place, paragraph in enumerate(paragraphs)}
        self._articles: dict[str, list[int]] = {}
        self._of: dict[int, list[Row]] = {}
        for title, texts in _articles(rows).items():
            for text, own in texts.items():
                if text not in places:
                    places[text] = len(paragraphs)
                    paragraphs.append(Paragraph("squad", readable_title(title), text))
                self._of[places[text]] = own
            self._articles[title] = [places[text] for text in texts]
        self.paragraphs = tuple(paragraphs)
        self._unanswerable = _unanswerable(rows, paragraphs)
        self._wrong: dict[str, list[int]] = {}
        for row in rows:
            if WRONG in row.source and row.context in places and "SQuAD1" not in row.source:
                self._wrong.setdefault(row.question, []).append(places[row.context])

    def all(self) -> list[Case]:
        """Every case; those of one collection follow each other."""
        return [*self._large(), *self._article(), *self._five(), *self._thirty()]

    def _large(self) -> Iterator[Case]:
        whole = tuple(self._pool)
        of_article: dict[str | int, set[int]] = {}
        for place in whole:
            of_article.setdefault(self._article_of(place), set()).add(place)
        for held in self._questions:
            yield _answerable(whole, held, "large")
            gone = frozenset(of_article[self._article_of(held.gold)])
            kind = "large: taken away"
            yield Case(whole, held.question, None, (), kind, held.source, without=gone)
        for place, questions in self._unanswerable.items():
            if place in self._pool and reserved_paragraph(self.paragraphs[place].text, SQUAD):
                yield Case(whole, questions[0], None, (), "large: human-written", "squad")

    def _article(self) -> Iterator[Case]:
        for title in sorted(self._articles):
            places = self._articles[title]
            yield from self._asked(places, places, "article: answerable", 14, answerable=True)
            yield from self._human(places, "article: human-written", 14)

    def _five(self) -> Iterator[Case]:
        for _ in range(_DRAWS):
            *titles, off = self._random.sample(sorted(self._articles), _ARTICLES + 1)
            places: list[int] = []
            others: list[int] = []
            for title in titles:
                own = self._articles[title]
                first = self._random.randrange(max(1, len(own) - _RUN))
                run = own[first : first + _RUN]
                places += run
                others += [place for place in own if place not in run]
            yield from self._asked(places, places, "five: answerable", 14, answerable=True)
            yield from self._human(places, "five: human-written", 8)
            yield from self._asked(places, others, "five: other paragraph", 6)
            yield from self._asked(places, self._articles[off], "five: off topic", 3)

    def _thirty(self) -> Iterator[Case]:
        for source in ("nq", "reddit", "amazon", "covid"):
            own = [place for place in self._pool if self.paragraphs[place].source == source]
            questions = [held for held in self._questions if held.source == source]
            self._random.shuffle(questions)
            for start in range(0, len(questions) - _BLOCK + 1, _BLOCK):
                present = questions[start : start + _PRESENT]
                golds = {held.gold for held in present}
                block = questions[start + _PRESENT : start + _BLOCK]
                absent = [held for held in block if held.gold not in golds]
                gone = {held.gold for held in absent}
                wrong = {place for held in absent for place in self._wrong.get(held.question, ())}
                chosen = golds | (wrong - gone)
                while len(chosen) < _THIRTY:
                    place = self._random.choice(own)
                    if place not in gone:
                        chosen.add(place)
                places = tuple(sorted(chosen))
                yield from (_answerable(places, held, "thirty") for held in present)
                for held in absent:
                    kind = "thirty: taken away"
                    yield Case(places, held.question, None, (), kind, source)

    def _article_of(self, place: int) -> str | int:
        """The paragraph's article, which is itself where the source has no titles."""
        return self.paragraphs[place].title or place

    def _asked(
        self,
        places: Sequence[int],
        about: Sequence[int],
        kind: str,
        most: int,
        *,
        answerable: bool = False,
    ) -> Iterator[Case]:
        """Questions about some paragraphs, asked of a collection."""
        pairs = [(place, row) for place in about for row in self._of[place]]
        for place, row in self._shuffled(pairs)[:most]:
            starts = tuple(answer.start for answer in row.answers) if answerable else ()
            gold = place if answerable else None
            yield Case(tuple(places), row.question, gold, starts, kind, "squad")

    def _human(self, places: Sequence[int], kind: str, most: int) -> Iterator[Case]:
        questions = [asked for place in places for asked in self._unanswerable.get(place, ())]
        for question in self._shuffled(questions)[:most]:
            yield Case(tuple(places), question, None, (), kind, "squad")

    def _shuffled(self, items: Sequence[T]) -> list[T]:
        shuffled = list(items)
        self._random.shuffle(shuffled)
        return shuffled


def _answerable(places: Sequence[int], held: HeldOutQuestion, collection: str) -> Case:
    kind = f"{collection}: answerable"
    return Case(places, held.question, held.gold, held.starts, kind, held.source)


def _articles(rows: Sequence[Row]) -> dict[str, dict[str, list[Row]]]:
    """The articles chosen by the hash of their titles: each one's paragraphs, with their rows."""
    articles: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        if row.source == SQUAD and of_reserved_article(row) and is_short(row):
            articles.setdefault(row.title or "", {}).setdefault(row.context, []).append(row)
    return articles


def _unanswerable(
    rows: Sequence[Row], paragraphs: Sequence[Paragraph]
) -> Mapping[int, Sequence[str]]:
    """The human-written unanswerable questions of each paragraph, by its place in the pool."""
    squad = SHARES[SQUAD].name
    places = {
        letters(paragraph.text): place
        for place, paragraph in enumerate(paragraphs)
        if paragraph.source == squad
    }
    questions: dict[int, list[str]] = {}
    for row in rows:
        if HUMAN in row.source:
            place = places.get(letters(row.context))
            if place is not None:
                questions.setdefault(place, []).append(row.question)
    return questions
