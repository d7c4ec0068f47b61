"""The report: everything is in it, nothing is fetched, and nothing in it is markup of others."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.measuring import report
from eval.measuring.questions import Question
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import Run
from eval.measuring.summary import figures
from eval.measuring.verdicts import verdict
from rag.records import Metadata

EVIL = '<img src="https://example.org/x.png" onerror="alert(1)"><script>alert(2)</script>&amp;'


def span(text: str) -> QuotedSpan:
    return QuotedSpan(document_id="d", start=3, end=3 + len(text), text=text)


def result(
    id: str, confidence: float, *quotes: str, answered: bool = True, perhaps: bool = False
) -> QuestionResult:
    spans = tuple(map(span, quotes))
    return QuestionResult(
        id=id,
        answered=answered,
        perhaps=perhaps,
        confidence=confidence,
        quotes=spans if answered else (),
        withheld=() if answered else spans,
        milliseconds=5,
        rank=1,
    )


def asked(id: str, *quotes: str, category: str = "fact") -> Question:
    return Question(
        id=id,
        question=f"Question {id}?",
        history=(("Earlier?", "Before."),) if id == "a" else (),
        quotes=quotes,
        documents=("rivers",),
        answerable=bool(quotes),
        category=category,
    )


@pytest.fixture
def run() -> Run:
    document = Metadata(
        id="d", title="T", source="rivers.txt", sha256="0" * 64, length=9, body=(0, 9)
    )
    return Run(
        questions=(
            asked("a", "north"),
            asked("b", "north"),
            asked("c", "north"),
            asked("d", category="near"),
            asked("e", category="near"),
            asked("f", "north"),
            asked("g", category="near"),
        ),
        results=(
            result("a", 0.9, "It flows south."),
            result("b", 0.8, "It flows north."),
            result("c", 0.3, "It flows north.", answered=False),
            result("d", 0.7, "It flows."),
            result("e", 0.1, answered=False),
            result("f", 0.4, "It flows north.", answered=False, perhaps=True),
            result("g", 0.4, "It flows.", answered=False, perhaps=True),
        ),
        threshold=0.5,
        perhaps_threshold=0.2,
        documents={"d": document},
        unfindable=(),
    )


def page(run: Run) -> str:
    return report.page(run, figures(run))


class Reader(HTMLParser):
    """Collects tags with their attributes, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_each_question_has_its_verdict(run: Run) -> None:
    verdicts = map(verdict, run.questions, run.results)
    assert list(verdicts) == [
        "wrong quote",
        "right",
        "wrongly refused",
        "answered, not answerable",
        "rightly refused",
        "perhaps, right",
        "perhaps, wrong",
    ]


def test_failures_come_worst_first_with_what_was_quoted_and_what_was_expected(run: Run) -> None:
    text = "".join(parsed(page(run)).words)
    failures = text[text.index("Failures (4)") :]
    order = [failures.index(f"Question {id}?") for id in "dacg"]
    assert order == sorted(order)
    assert "Question b?" not in failures and "Question f?" not in failures
    assert "Earlier?" in failures
    assert "It flows south." in failures
    assert "rivers.txt, characters 3–18" in failures
    assert "Expected a refusal." in failures
    assert "Withheld, and right." in failures


def test_the_categories_add_up(run: Run) -> None:
    # Right, perhaps right, rightly refused; answered, wrong quote, wrongly refused, perhaps wrong.
    for name, asked_of, counts in (("fact", 4, "1100110"), ("near", 3, "0011001")):
        cells = "".join(f"<td>{count}</td>" for count in (asked_of, *counts))
        assert f"<tr><td>{name}</td>{cells}</tr>" in page(run)


def test_the_curve_shows_what_is_sure_and_what_is_perhaps(run: Run) -> None:
    kinds = [dict(of).get("class") for tag, of in parsed(page(run)).tags if tag == "circle"]
    assert {"here", "perhaps"} <= {*kinds}
    assert "quotes what may answer from 0&#46;2." in page(run)


def test_nothing_from_outside_becomes_markup(run: Run) -> None:
    evil = Run(
        questions=tuple(
            Question(
                id=f"{EVIL}{number}",
                question=EVIL,
                history=((EVIL, EVIL),),
                quotes=(EVIL,),
                documents=(EVIL,),
                answerable=True,
                category=EVIL,
            )
            for number in range(2)
        ),
        results=(result(f"{EVIL}0", 0.9, "x" + EVIL[1:]), result(f"{EVIL}1", 0.1, answered=False)),
        threshold=0.5,
        perhaps_threshold=0.2,
        documents={},
        unfindable=(EVIL,),
    )
    reader = parsed(page(evil))
    assert not {tag for tag, _ in reader.tags} & {"img", "script", "iframe", "link", "a"}
    assert not [
        name for _, attributes in reader.tags for name in attributes if name.startswith("on")
    ]
    assert "<script>alert(2)</script>&amp;" in "".join(reader.words)


def test_the_page_asks_for_nothing_and_fits_a_phone(run: Run) -> None:
    reader = parsed(page(run))
    assert not [
        attributes for _, attributes in reader.tags if {"src", "href", "srcset"} & set(attributes)
    ]
    assert not re.search(r"url\(|@import", page(run))
    metas = [attributes for tag, attributes in reader.tags if tag == "meta"]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    assert any("default-src 'none'" in (each.get("content") or "") for each in metas)


def test_a_run_without_an_answer_has_a_report(tmp_path: Path) -> None:
    question = Question(id="a", question="?", answerable=False)
    run = Run((question,), (result("a", 0, answered=False),), 0.5, 0.2, {}, ())
    report.write(run, figures(run), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Failures (0)" in text
    assert "nan" not in parsed(text).words
    assert not re.search(r">[^<]*\bnan\b", text)
