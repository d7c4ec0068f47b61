"""Which rows are trained on, of made-up ones and, where they are, of the real ones."""

import hashlib
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eval.fitting.retrieval_set import held_out
from rag.errors import TrainingDataMissing
from rag.training.rows import (
    DOCUMENTS,
    FILE,
    OWN_WORDS,
    Marked,
    OwnWords,
    Row,
    WholeDocument,
    digest,
    letters,
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
from tests.conftest import ROOT

SQUAD = "SQuAD1.1-train"
HUMAN = "SQuAD2.0-train-unanswerable(UnAnsQ)"
COVID = "COVID-QA-200423 (context cropped to the paragraph)"
REAL = ROOT.parent / "shared" / "train"
real = pytest.mark.skipif(
    not (REAL / FILE).is_file(), reason=f"the training rows are not in {REAL}"
)


def row(source: str, question: str, context: str, title: str = "", answer: str = "") -> Row:
    """A row, answerable where there is an answer: the first place that it has in the context."""
    marked = (Marked(text=answer, start=context.index(answer)),) if answer else ()
    return Row(
        question=question,
        context=context,
        answers=marked,
        answerable=bool(marked),
        source=source,
        title=title or None,
    )


def write_rows(folder: Path, rows: Iterable[Row]) -> None:
    """Write the file that ``read_rows`` reads."""
    content = "\n".join(each.model_dump_json() for each in rows)
    (folder / FILE).write_bytes(zstandard.compress(content.encode()))


def own_words(number: int, answer: str = "gulls") -> OwnWords:
    """A question about a document of its own; unanswerable where there is no answer."""
    text = f"In harbour {number} the gulls cry. Boats come home with fish. Nets are mended there."
    marked = (Marked(text=answer, start=text.index(answer)),) if answer else ()
    return OwnWords(
        question=f"which birds are loud at port {number}?"
        if answer
        else f"who owns port {number}?",
        context=text,
        answers=marked,
        answerable=bool(marked),
        source="own words: harbours",
        title=f"Harbour {number}",
        kind="paraphrase" if answer else "none",
        document=f"harbour-{number}",
    )


def write_own_words(folder: Path, rows: Iterable[OwnWords]) -> None:
    """Write the files of own words, each row's paragraph being a document with another one."""
    rows = list(rows)
    documents = {
        each.document: WholeDocument(
            document=each.document,
            title=each.title or "",
            text=f"{each.context}\n\nThe harbour master of {each.title} answers letters.",
            source=each.source,
        )
        for each in rows
    }
    for name, lines in ((OWN_WORDS, rows), (DOCUMENTS, documents.values())):
        content = "\n".join(each.model_dump_json() for each in lines)
        (folder / name).write_bytes(zstandard.compress(content.encode()))


def first(of: Callable[[int], str], held: bool) -> str:
    """The first of these texts whose paragraph is kept from training, or is not."""
    return next(text for text in map(of, count()) if (digest(text)[0] % 16 < 1) == held)


FREE = first("Bees, number {}, make honey.".format, held=False)
HELD = next(
    text
    for text in map("Rivers, number {}, flow north.".format, count())
    if reserved(row(SQUAD, "?", text)) and not reserved(row(SQUAD, "?", text.upper()))
)


def test_the_rows_are_those_of_the_compressed_file(tmp_path: Path) -> None:
    rows = [
        row(SQUAD, "What is made?", "“Miel” – bees make it.", "Bees", "Miel"),
        row(HUMAN, "Why?", FREE),
    ]
    write_rows(tmp_path, rows)
    assert list(read_rows(tmp_path)) == rows


def test_a_missing_file_is_named_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataMissing) as caught:
        next(read_rows(tmp_path / "nowhere"))
    assert caught.value.path == tmp_path / "nowhere" / FILE


def test_a_line_that_is_not_a_row_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(zstandard.compress(b'{"question": "Why?"}\n'))
    with pytest.raises(ValidationError):
        next(read_rows(tmp_path))


def test_letters_are_a_text_without_case_white_space_and_punctuation() -> None:
    assert letters("The U.S. — 2nd  “Été”!") == "theus2ndété"


@pytest.mark.parametrize(
    ("source", "held"), [(SQUAD, 1), ("SQuADShifts-reddit", 2), (COVID, 5), ("SQuADShifts-nyt", 1)]
)
def test_the_share_of_paragraphs_that_is_reserved_is_the_sources(source: str, held: int) -> None:
    for number in range(100):
        text = f"Paragraph {number}."
        expected = hashlib.sha256(text.encode()).digest()[0] % 16 < held
        assert reserved(row(source, "Why?", text)) == expected


def test_of_an_article_one_in_fourteen_is_reserved_whatever_the_paragraph() -> None:
    for number in range(100):
        title = f"Article {number}"
        expected = hashlib.sha256(title.encode()).digest()[0] % 14 == 0
        assert reserved(row(SQUAD, "Why?", FREE, title)) == expected


def test_a_reserved_paragraph_is_not_trained_on_by_way_of_another_source_either() -> None:
    elsewhere = HELD.upper().replace(",", "")
    rows = [
        row(SQUAD, "Where do they flow?", HELD, answer="north"),
        row(HUMAN, "Where do they dry?", elsewhere),
        row(f"{SQUAD} BM25 same-article negative", "Who?", HELD),
        row(SQUAD, "What is made?", FREE, answer="honey"),
    ]
    assert trained_on(rows) == [rows[3]]
    # Without the row that is reserved nothing tells that the other one has its paragraph.
    assert rows[1] in trained_on(rows[1:2])


def test_of_a_paragraph_three_questions_are_trained_on_the_first_by_their_hashes() -> None:
    rows = [row(SQUAD, f"Question {n}?", FREE, answer="honey") for n in range(9)]
    by_hash = sorted(rows, key=lambda each: digest(f"{each.question}\n{each.context}"))
    assert trained_on(rows) == by_hash[:3]


def test_of_a_paragraph_with_human_written_unanswerable_ones_all_questions_are_trained_on() -> None:
    rows = [row(SQUAD, f"Question {n}?", FREE, answer="honey") for n in range(9)]
    human = row(HUMAN, "Why blue?", FREE.replace(",", " ,").lower())
    assert set(trained_on([*rows, human])) == {*rows, human}


def test_other_sources_have_all_their_questions_trained_on() -> None:
    rows = [row("QED/NQ-train", f"Question {n}?", FREE, answer="honey") for n in range(9)]
    assert set(trained_on(rows)) == set(rows)


@pytest.mark.parametrize("negation", ["not", "Never", "NO", "without", "isn't", "isn’t", "doesn't"])
def test_every_other_human_written_question_with_a_negation_is_dropped(negation: str) -> None:
    rows = [row(HUMAN, f"What is {negation} made of {n}?", FREE) for n in range(60)]
    even = [each for each in rows if digest(f"{each.question}\n{each.context}")[0] % 2 == 0]
    assert set(trained_on(rows)) == set(even)
    assert 15 < len(even) < 45


@pytest.mark.parametrize("word", ["knot", "nothing", "another", "now"])
def test_what_only_looks_like_a_negation_is_kept(word: str) -> None:
    rows = [row(HUMAN, f"What is {word} made of {n}?", FREE) for n in range(20)]
    assert set(trained_on(rows)) == set(rows)


def test_negations_of_other_sources_are_kept() -> None:
    rows = [row("QED/NQ-train", f"What is not {n}?", FREE, answer="honey") for n in range(20)]
    assert set(trained_on(rows)) == set(rows)


# Of forty paragraphs in two spellings each, some reserved, what is asked with and without "not".
MIXED = [
    row(
        source,
        f"What is {'not ' * (ask % 2)}told {ask}?",
        text,
        answer=text[:4] * (source != HUMAN),
    )
    for number in range(40)
    for ask in range(5)
    for source, text in (
        (SQUAD, f"Fact {number} holds, or not."),
        (HUMAN if number % 2 else "QED/NQ-train", f"FACT {number} HOLDS OR NOT"),
    )
]


@given(st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(random: Random) -> None:
    shuffled = list(MIXED)
    random.shuffle(shuffled)
    assert trained_on(shuffled) == trained_on(MIXED)


def test_the_chosen_rows_are_some_of_those_given() -> None:
    chosen = trained_on(MIXED)
    assert 200 < len(chosen) < len(MIXED)
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) < set(MIXED)
    assert not any(map(reserved, chosen))


def test_sources_are_counted_most_first() -> None:
    rows = [row("a", "?", FREE), row("b", "?", FREE), row("b", "??", FREE)]
    assert list(sources(rows).items()) == [("b", 2), ("a", 1)]


@real
def test_of_the_real_rows_none_that_is_measured_on_is_trained_on() -> None:
    rows = list(read_rows(REAL))
    assert len(rows) == 137_449
    assert len({digest(f"{each.question}\n{each.context}") for each in rows}) == len(rows)
    chosen = trained_on(rows)
    assert len(chosen) == 105_974
    assert not any(map(reserved, chosen))
    kept_back = {letters(each.context) for each in rows if reserved(each)}
    trained = {(each.question, letters(each.context)) for each in chosen}
    assert kept_back.isdisjoint(paragraph for _, paragraph in trained)
    measured = held_out(rows)
    for asked in measured.questions:
        paragraph = letters(measured.paragraphs[asked.gold].text)
        assert paragraph in kept_back
        assert (asked.question, paragraph) not in trained


def test_a_documents_own_words_are_for_one_thing_only_in_shares_of_eight_one_and_one() -> None:
    purposes = [purpose(f"document {number}") for number in range(2000)]
    assert 0.75 < purposes.count("training") / 2000 < 0.85
    assert 0.07 < purposes.count("fitting") / 2000 < 0.13
    assert 0.07 < purposes.count("reporting") / 2000 < 0.13
    assert purposes == [purpose(f"document {number}") for number in range(2000)]


def test_own_words_are_trained_on_of_training_documents_whose_paragraph_is_not_reserved() -> None:
    asked = [own_words(number) for number in range(60)]
    kept = next(each for each in asked if purpose(each.document) == "training")
    paragraphs = (f"{kept.context} {number}" for number in count())
    held = next(text for text in paragraphs if digest(text)[0] % 16 < 1)
    moved = kept.model_copy(update={"context": held})
    chosen = own_words_trained_on([*asked, moved], [row(SQUAD, "Why?", held)])
    assert set(chosen) == {each for each in asked if purpose(each.document) == "training"}


def test_the_own_words_and_their_documents_are_those_of_the_files(tmp_path: Path) -> None:
    asked = [own_words(number) for number in range(3)]
    write_own_words(tmp_path, asked)
    assert list(read_own_words(tmp_path)) == asked
    assert [each.document for each in read_documents(tmp_path)] == [each.document for each in asked]
    with pytest.raises(TrainingDataMissing, match=OWN_WORDS):
        list(read_own_words(tmp_path / "nowhere"))


def test_a_row_of_a_whole_document_is_placed_below_its_headings() -> None:
    asked = own_words(1)
    whole = WholeDocument(
        document=asked.document,
        title="Harbour 1",
        text=f"# Harbour 1\n\n## Birds\n\n{asked.context}",
        source=asked.source,
    )
    other = own_words(2)
    assert list(placed([asked, other], [whole])) == [
        asked.model_copy(update={"headings": ("Birds",)}),
        other,
    ]
