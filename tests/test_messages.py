import errno
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import errors as measuring
from rag import errors
from rag.errors import StewardError
from rag.records import Answer, Reason
from ui.messages import REFUSED, certainty, explain, refusal, unusable_address

INDEX = Path("/srv/my index")

EXAMPLES: dict[type[StewardError], StewardError] = {
    type(error): error
    for error in (
        StewardError("Of an unknown kind"),
        errors.QuestionError("for a reason"),
        errors.EmptyQuestion(),
        errors.QuestionTooLong(10_000, 1_000),
        errors.DocumentError("for a reason"),
        errors.FolderMissing(Path("no/such")),
        errors.NoDocuments(Path("an/empty")),
        errors.UnreadableDocuments((("a.txt", "not text"), ("b.txt", "permission denied"))),
        errors.UnknownDocument("0123456789ab"),
        errors.IndexFault(INDEX, "for a reason"),
        errors.IndexMissing(INDEX),
        errors.IndexMismatch(INDEX, "passages of 100 tokens, not 200"),
        errors.IndexBusy(INDEX),
        errors.IndexUnreachable(INDEX, "no Chroma server answers at http://localhost:8000"),
        errors.IndexUnwritable(INDEX, "Permission denied"),
        errors.IndexDamaged(INDEX, "a file is gone"),
        errors.ModelFault("a file is gone"),
        errors.TrainingDataMissing(Path("nowhere/rows")),
        measuring.EvaluationError("A measurement cannot be made"),
        measuring.FileFault(Path("A file"), None, "cannot be read"),
        measuring.QuestionSetFault(Path("My set"), 3, "has no id"),
        measuring.RowsFault(Path("My rows"), None, "is empty"),
        measuring.BenchmarkMissing(Path("nowhere")),
        errors.SettingsFault((("STEWARD_PROT", "is not a setting"),)),
    )
}

REFUSAL = Answer(
    question="What is the capital of France?",
    searched="What is the capital of France?",
    quotes=(),
    confidence=0.1234,
    threshold=0.5,
    answered=False,
    reason="unknown_words",
    unknown=("capital", "France"),
    hits=(),
    timings={},
)

probabilities = st.floats(0, 1)


def tree(root: type[StewardError]) -> list[type[StewardError]]:
    return [root, *(leaf for branch in root.__subclasses__() for leaf in tree(branch))]


@pytest.mark.parametrize("kind", tree(StewardError))
def test_every_error_has_one_clear_line(kind: type[StewardError]) -> None:
    message = explain(EXAMPLES[kind])
    assert "\n" not in message.text
    assert message.text[0].isupper()
    assert 400 <= message.status < 600
    assert message.exit_code in (2, 3, 4)


@pytest.mark.parametrize("kind", tree(StewardError))
def test_the_facts_of_an_error_are_in_its_line(kind: type[StewardError]) -> None:
    error = EXAMPLES[kind]
    text = explain(error).text
    match error:
        case errors.QuestionTooLong():
            assert "10,000" in text
            assert "1,000" in text
        case errors.IndexFault():
            assert str(error.index) in text
            assert error.detail in text
        case errors.UnreadableDocuments() | errors.SettingsFault():
            assert all(part in text for problem in error.problems for part in problem)
        case _:
            assert str(error)[1:] in text  # a sentence begins with a capital


@pytest.mark.parametrize("kind", tree(StewardError)[1:])
def test_no_particular_error_falls_through_to_the_general_line(kind: type[StewardError]) -> None:
    assert not explain(EXAMPLES[kind]).text.startswith("Steward cannot do this")


@pytest.mark.parametrize(
    ("kind", "status", "exit_code"),
    [
        (errors.EmptyQuestion, 400, 2),
        (errors.QuestionTooLong, 413, 2),
        (errors.UnknownDocument, 404, 2),
        (errors.IndexBusy, 409, 3),
        (errors.IndexMissing, 503, 3),
        (errors.ModelFault, 500, 4),
        (errors.SettingsFault, 500, 2),
    ],
)
def test_statuses_and_exit_codes(kind: type[StewardError], status: int, exit_code: int) -> None:
    message = explain(EXAMPLES[kind])
    assert (message.status, message.exit_code) == (status, exit_code)


@pytest.mark.parametrize("kind", tree(StewardError))
def test_no_error_has_the_exit_code_of_an_answer_a_crash_or_a_refusal(
    kind: type[StewardError],
) -> None:
    assert explain(EXAMPLES[kind]).exit_code not in (0, 1, REFUSED)


@pytest.mark.parametrize("kind", [errors.IndexMissing, errors.IndexMismatch, errors.IndexDamaged])
def test_the_command_that_mends_an_index_can_be_pasted(kind: type[StewardError]) -> None:
    assert "steward ingest FOLDER --index '/srv/my index'" in explain(EXAMPLES[kind]).text


def test_the_command_does_not_name_the_index_that_is_used_anyway() -> None:
    text = explain(errors.IndexMissing(Path("index"))).text
    assert text.endswith("steward ingest FOLDER")


def test_of_many_unreadable_files_the_first_are_named_and_the_others_counted() -> None:
    text = explain(
        errors.UnreadableDocuments(tuple((f"{number}.txt", "not text") for number in range(1_205)))
    ).text
    assert "4.txt" in text
    assert "5.txt" not in text
    assert "and 1,200 more" in text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.EADDRINUSE, "steward serve --port 7861"),
        (errno.EACCES, "steward serve --port 7860"),
        (errno.EADDRNOTAVAIL, "steward serve --host 127.0.0.1"),
    ],
)
def test_an_address_that_cannot_be_used_comes_with_another(code: int, expected: str) -> None:
    message = unusable_address("127.0.0.1", 7860, OSError(code, "reason"))
    assert message.text.endswith(expected)
    assert message.exit_code == 4


def test_the_port_after_the_last_is_the_first() -> None:
    text = unusable_address("127.0.0.1", 65535, OSError(errno.EADDRINUSE, "reason")).text
    assert text.endswith("--port 1")


@pytest.mark.parametrize(
    ("unknown", "expected"),
    [
        (("France",), "No document holds the word “France”."),
        (("capital", "France"), "No document holds the words “capital” or “France”."),
        (("a", "b", "c"), "No document holds the words “a”, “b” or “c”."),
    ],
)
def test_a_refusal_names_the_words_that_no_document_holds(
    unknown: tuple[str, ...], expected: str
) -> None:
    assert expected in refusal(replace(REFUSAL, unknown=unknown))


@pytest.mark.parametrize("reason", ["nothing_similar", "unknown_words", "low_confidence"])
def test_every_refusal_says_so_first_and_shows_its_confidence(reason: Reason) -> None:
    text = refusal(replace(REFUSAL, reason=reason))
    assert text.startswith("The documents do not answer this. ")
    assert text.endswith("(confidence 12%; Steward answers from 50%)")


def test_an_answer_is_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="not a refusal"):
        refusal(replace(REFUSAL, answered=True, reason=None))


@given(probabilities, probabilities)
def test_the_confidence_shown_is_on_the_true_side_of_the_threshold_shown(
    confidence: float, threshold: float
) -> None:
    answered = confidence >= threshold
    shown = certainty(
        replace(REFUSAL, confidence=confidence, threshold=threshold, answered=answered)
    )
    first, last = (int(word.rstrip("%;")) for word in shown.split() if "%" in word)
    assert first >= last if answered else first <= last
    assert first < 100 or confidence > 0.999_999


def test_percentages_are_not_pushed_up_by_floating_point() -> None:
    answer = replace(REFUSAL, confidence=0.29, threshold=0.55)
    assert 0.29 * 100 < 29
    assert 0.55 * 100 > 55
    assert certainty(answer) == "confidence 29%; Steward answers from 55%"
