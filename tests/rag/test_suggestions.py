from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.records import Answer, Document, Metadata
from rag.settings import Settings
from rag.suggestions import Subject, subjects, suggest
from tests.conftest import ROOT
from tests.fakes import ANSWER, LENA, WritingAssistant


def asked(subject: Subject) -> str:
    return subject.words if subject.kind == "question" else f"What is {subject.words}?"


class Sure(WritingAssistant):
    """Has these documents, and is asked for nothing but surely answers it out of any of them."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self.texts = {f"{number}": text for number, text in enumerate(texts)}

    def documents(self) -> tuple[Metadata, ...]:
        return tuple(self.document(id) for id in self.texts)

    def document(self, document_id: str) -> Document:
        return replace(document(self.texts[document_id]), id=document_id)

    def _said(self, question: str, **asked: Any) -> Iterable[Answer]:
        quotes = [replace(ANSWER.quotes[0], document_id=id) for id in self.texts]
        return (replace(ANSWER, quotes=(replace(quotes[0], also_in=tuple(quotes[1:])),)),)


def document(text: str, title: str = "Title") -> Document:
    length = len(text)
    return Document(
        id="aaaa",
        title=title,
        source="a.md",
        sha256="",
        length=length,
        body=(0, length),
        text=text,
    )


@pytest.fixture
def faq(tmp_path: Path) -> Settings:
    settings = Settings(index=tmp_path / "index")
    ingest(ROOT / "tests" / "faq", settings)
    return settings


def test_headings_that_ask_come_first_and_then_what_is_defined_and_what_is_named() -> None:
    text = (
        "# Title\n\n## Who pays for the lock?\n\nNobody does.\n\n## Overtime pay\n\n"
        "A stay is the time in the harbour. A stay ends at noon.\n\n## Introduction\n\nHello.\n\n"
        "## 3. What is it?\n\nThat.\n"
    )
    found = [(each.kind, each.words) for each in subjects(document(text))]
    assert found == [
        ("question", "Who pays for the lock?"),
        ("term", "a stay"),
        ("topic", "Overtime pay"),
    ]


def test_a_plain_text_is_asked_about_what_it_puts_side_by_side() -> None:
    text = "Every harbour fee is due. Nobody likes this harbour fee. The old fee was lower.\n"
    assert list(subjects(document(text))) == [Subject("topic", "harbour fee")]


def test_what_is_counted_and_listed_what_begins_and_what_is_named_can_be_asked() -> None:
    text = (
        "The harbour board has three main goals: safety, speed and rest. The night shifts will "
        "begin in the spring of 2026. Workshops for a lock keeper are free. Every lock keeper "
        "passes. The sluice gate of the north rusts. A sluice gate of iron does not.\n"
    )
    assert [(each.kind, each.words) for each in subjects(document(text))] == [
        ("list", "three main goals"),
        ("time", "night shifts begin"),
        ("term", "the lock keeper"),
        ("topic", "sluice gate"),
    ]


def test_the_shortest_headings_that_ask_come_first() -> None:
    text = "## Who pays for the lock and the key?\n\nNobody.\n\n## Who owns the lock?\n\nWe.\n"
    assert [each.words for each in subjects(document(text))] == [
        "Who owns the lock?",
        "Who pays for the lock and the key?",
    ]


def test_no_two_questions_are_about_the_same_and_each_document_has_its_turn() -> None:
    one = "## Who may keep hens here?\n\nAll.\n\n## Who mends the old fence?\n\nYou.\n"
    other = "## Who may keep bees there?\n\nNo.\n\n## What does a plot cost?\n\nTen.\n"
    third = "The board has two goals: rest and peace.\n"
    assert suggest(Sure(one, other, third), asked) == (
        "Who may keep hens here?",
        "What does a plot cost?",
        "Who mends the old fence?",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a town.",
        "This is the end.",
        "There is a lock.",
        "Is a lock the end?",
        "The lock which is a lock.",
    ],
)
def test_what_points_elsewhere_is_no_term(sentence: str) -> None:
    assert list(subjects(document(f"{sentence}\n"))) == []


def test_each_document_has_its_turn_and_every_question_is_answered_from_there(
    faq: Settings,
) -> None:
    with closing(Assistant(faq)) as assistant:
        found = suggest(assistant, asked)
        answers = [assistant.ask(question) for question in found]
        assert suggest(assistant, asked) == found
    assert len(found) == 3
    assert all(answer.answered and answer.confidence >= 0.6 for answer in answers)
    assert len({answer.quotes[0].document_id for answer in answers}) == 3


def test_what_is_not_surely_answered_is_not_offered(folder: Path, settings: Settings) -> None:
    ingest(folder, settings)
    with closing(Assistant(settings)) as assistant:
        assert all(assistant.ask(each).answered for each in suggest(assistant, asked))


def test_no_model_is_waited_for() -> None:
    class Rivers(WritingAssistant):
        def document(self, document_id: str) -> Document:
            return document(f"# How long is the river Lena?\n\n{LENA}\n")

    assistant = Rivers()
    assert suggest(assistant, asked) == ("How long is the river Lena?",)
    assert ANSWER.answered and not assistant.model.begun.is_set()
