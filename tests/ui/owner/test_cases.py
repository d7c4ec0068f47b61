import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.measuring.questions import read_questions
from rag.assistant import Assistant
from rag.index.building import ingest
from rag.settings import Settings
from tests.ui.owner.made_up import CASE
from ui.owner.cases import candidates, lines, source_of
from ui.owner.records import Case


@pytest.fixture
def rivers(folder: Path, tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(index=tmp_path / "index")
    ingest(folder, settings)
    assistant = Assistant(settings)
    yield assistant
    assistant.close()


def test_what_may_answer_are_sentences_of_documents_with_the_quotes_first(
    rivers: Assistant,
) -> None:
    offered = candidates(rivers, "how long is the Lena?", ())
    texts = [each.text for each in offered]
    quoted = [quote.text.strip() for quote in rivers.ask("how long is the Lena?").quotes]
    assert quoted == texts[: len(quoted)] and len(texts) == len({*texts})
    for each in offered:
        assert source_of(rivers, each.text) == each.source
    assert "The Lena flows north to the Arctic Ocean." in texts


def test_words_are_in_a_document_whatever_their_white_space(rivers: Assistant) -> None:
    assert source_of(rivers, " They dry\n it in  wax cells. ") == "bees.txt"
    assert source_of(rivers, "They dry it in wax sells.") is None
    assert source_of(rivers, " \n ") is None


def test_a_case_is_a_question_of_a_question_set(tmp_path: Path) -> None:
    none = Case(question="Who owns the moon? 🤝", history=(), quote=None, source="")
    written = tmp_path / "cases.jsonl"
    written.write_text("\n".join(lines([CASE, none])))
    first, second = read_questions(written)
    assert (first.question, first.history) == (CASE.question, CASE.history)
    assert (first.quotes, first.documents) == (("to the Arctic Ocean",), ("rivers",))
    assert first.answerable and first.category == second.category == "reported"
    assert (second.question, second.answerable, second.quotes) == (none.question, False, ())
    assert first.id != second.id
    assert [json.loads(line)["id"] for line in lines([none])] == [second.id], "and keeps its id"
