from pathlib import Path

import pytest

from eval import errors as measuring
from rag import errors
from rag.errors import StewardError
from rag.index import backup_errors as backups
from ui.owner import errors as owner
from ui.wording.errors import REFUSED
from ui.wording.measurements import explain

INDEX = Path("/srv/my index")

EXAMPLES: dict[type[StewardError], StewardError] = {
    type(error): error
    for error in (
        StewardError("Of an unknown kind"),
        errors.QuestionError("for a reason"),
        errors.EmptyQuestion(),
        errors.QuestionTooLong(10_000, 1_000),
        errors.NoDate("May"),
        errors.DocumentError("for a reason"),
        errors.FolderMissing(Path("no/such")),
        errors.NoDocuments(Path("an/empty")),
        errors.UnreadableDocuments((("a.txt", "not text"), ("b.txt", "permission denied"))),
        errors.UnknownDocument("0123456789ab"),
        errors.UnknownEncoding("klingon"),
        errors.PageNotShown(3, "gone"),
        errors.UnknownTag("nurses", ("2024", "drivers")),
        errors.IndexFault(INDEX, "for a reason"),
        errors.IndexMissing(INDEX),
        errors.IndexMismatch(INDEX, "passages of 100 tokens, not 200"),
        errors.IndexNewer(INDEX, "schema 9, not 4"),
        errors.CalibrationDamaged(INDEX, "calibration.json cannot be read"),
        errors.IndexBusy(INDEX),
        errors.IndexOfOthers(INDEX, "/srv/minutes, /srv/fees"),
        errors.IndexUnreachable(INDEX, "no Chroma server answers at http://localhost:8000"),
        errors.IndexUnwritable(INDEX, "Permission denied"),
        errors.IndexDamaged(INDEX, "a file is gone"),
        errors.ModelFault("a file is gone"),
        errors.WriterFault("for a reason"),
        errors.WriterUnreachable("connection refused"),
        errors.WriterBusy("the line is full"),
        errors.WriterSlow("the time was over"),
        errors.WriterGarbled("status 500"),
        errors.LocalMissing("xllamacpp"),
        errors.ModelFileFault(Path("nowhere/model.gguf"), "it is not a GGUF file"),
        errors.TrainingDataMissing(Path("nowhere/rows")),
        measuring.EvaluationError("A measurement cannot be made"),
        measuring.FileFault(Path("A file"), None, "cannot be read"),
        measuring.QuestionSetFault(Path("My set"), 3, "has no id"),
        measuring.ResultsFault(Path("My rows"), None, "is empty"),
        measuring.BenchmarkMissing(Path("nowhere")),
        errors.SettingsFault((("STEWARD_PROT", "is not a setting"),)),
        backups.BackupFault(Path("a.tar.gz"), "for a reason"),
        backups.BackupUnwritable(Path("a.tar.gz"), "Permission denied"),
        backups.BackupUnreadable(Path("a.tar.gz"), "it is cut off"),
        backups.BackupInTheWay(INDEX),
        backups.BackupElsewhere(INDEX, "http://localhost:8000"),
        owner.LogFault(INDEX / "questions.sqlite", "for a reason"),
        owner.LogMissing(INDEX / "questions.sqlite"),
        owner.LogUnwritable(INDEX / "questions.sqlite", "Permission denied"),
        owner.LogDamaged(INDEX / "questions.sqlite", "it is of version 7, not 1"),
        owner.FileRefused("minutes.exe", "no_format"),
    )
}


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
        case errors.PageNotShown():
            assert str(error.number) in text
        case errors.UnknownTag():
            assert error.tag in text
            assert all(tag in text for tag in error.known)
        case errors.IndexFault():
            assert str(error.index) in text
            assert error.detail in text
        case backups.BackupElsewhere():
            assert error.detail in text
        case backups.BackupFault():
            assert str(error.path) in text
            assert error.detail in text
        case owner.LogMissing():
            assert str(error.path.parent) in text
        case errors.ModelFileFault() | owner.LogFault():
            assert str(error.path) in text
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
        (errors.IndexOfOthers, 409, 3),
        (errors.IndexUnwritable, 503, 4),
        (errors.CalibrationDamaged, 503, 3),
        (errors.ModelFault, 500, 4),
        (errors.LocalMissing, 503, 4),
        (errors.ModelFileFault, 503, 2),
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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("STEWARD_PROT", "STEWARD_PROT is not a setting. Is STEWARD_PORT meant? The README has"),
        (
            "prot in steward.toml",
            "prot in steward.toml is not a setting. Is port meant? The README",
        ),
        ("STEWARD_XYZZY", "STEWARD_XYZZY is not a setting. The README has"),
    ],
)
def test_an_unknown_setting_is_told_with_the_one_it_is_near_to(name: str, expected: str) -> None:
    text = explain(errors.SettingsFault(((name, "is not a setting"),))).text
    assert text.startswith(expected)
    assert "STEWARD_HOST" not in text


def test_a_wrong_value_is_told_of_its_setting_alone() -> None:
    text = explain(errors.SettingsFault((("STEWARD_PORT", "should be a number"),))).text
    assert text == "STEWARD_PORT should be a number."


def test_a_files_name_keeps_its_letters() -> None:
    text = explain(measuring.QuestionSetFault(Path("own5.jsonl"), 3, "has no id")).text
    assert text == "The file own5.jsonl, line 3: has no id."


def test_what_is_not_installed_comes_with_the_command_that_installs_it() -> None:
    assert explain(errors.LocalMissing("xllamacpp")).text.endswith("make local-model")


def test_of_many_unreadable_files_the_first_are_named_and_the_others_counted() -> None:
    text = explain(
        errors.UnreadableDocuments(tuple((f"{number}.txt", "not text") for number in range(1_205)))
    ).text
    assert "4.txt" in text
    assert "5.txt" not in text
    assert "and 1,200 more" in text
