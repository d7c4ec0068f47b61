"""``steward calibrate`` on questions too few."""

from pathlib import Path

from tests.ui.cli.test_app import assert_one_line, steward


def test_a_calibration_that_changed_nothing_says_so_and_is_no_success(
    seeds_index: Path, tmp_path: Path
) -> None:
    before = sorted(path.name for path in seeds_index.iterdir())
    questions = tmp_path / "own5.jsonl"
    questions.write_text('{"id": "a", "question": "Who owns the moon?", "answerable": false}\n')
    result = steward("calibrate", "--questions", questions, "--index", seeds_index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert_one_line(result.stderr)
    assert result.stderr.startswith("Nothing was changed.")
    assert sorted(path.name for path in seeds_index.iterdir()) == before


def test_a_questions_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    Path("own5.jsonl").write_text('{"id": "a"}\n')
    for command in ("calibrate", "eval"):
        result = steward(command, "--questions", "own5.jsonl")
        assert result.exit_code == 2
        assert result.stderr.startswith("The file own5.jsonl, line 1: ")


def test_the_format_of_a_question_set_is_in_the_help() -> None:
    shown = steward("eval", "--help").stdout
    assert '{"id": "moon", "question": "Who owns the moon?", "answerable": false}\n' in shown
