"""The index's own reading of the confidence."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.assistant import Assistant
from rag.errors import CalibrationDamaged, IndexUnwritable
from rag.index.building import ingest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration, logit
from rag.settings import Settings


def test_the_default_leaves_the_confidence_as_it_is() -> None:
    assert Calibration().probability(0.3) == pytest.approx(0.3)


def test_slope_and_offset_work_on_the_logit() -> None:
    # The logit of .8 is ln 4; twice that less ln 2 is ln 8, whose logistic is 8/9.
    found = Calibration(slope=2.0, offset=-0.6931471805599453).probability(0.8)
    assert found == pytest.approx(8 / 9)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 5), st.floats(-5, 5))
def test_a_higher_confidence_is_never_a_lower_probability(
    one: float, other: float, slope: float, offset: float
) -> None:
    reading = Calibration(slope, offset)
    low, high = sorted((one, other))
    assert 0 <= reading.probability(low) <= reading.probability(high) <= 1


def test_it_is_read_as_it_was_written_and_default_where_there_is_none(tmp_path: Path) -> None:
    assert calibration.read(tmp_path) == Calibration()
    fitted = Calibration(1.3, -0.2, 0.61, 0.4, 106)
    calibration.write(tmp_path, fitted)
    assert calibration.read(tmp_path) == fitted


def test_one_that_cannot_be_written_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(IndexUnwritable) as caught:
        calibration.write(tmp_path / "nowhere", Calibration())
    assert (caught.value.index, caught.value.detail) == (
        tmp_path / "nowhere",
        "No such file or directory",
    )


def test_an_error_that_has_no_words_of_its_own_is_told_in_python_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Path) -> None:
        raise OSError("it is full")

    monkeypatch.setattr("os.replace", fails)
    with pytest.raises(IndexUnwritable) as caught:
        calibration.write(tmp_path, Calibration())
    assert caught.value.detail == "it is full"


def test_writing_leaves_nothing_beside_it(tmp_path: Path) -> None:
    calibration.write(tmp_path, Calibration(threshold=0.7))
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


@pytest.mark.parametrize(("sure", "kept"), [(0.0, 1e-6), (1e-9, 1e-6), (1.0, 1 - 1e-6)])
def test_a_confidence_is_never_taken_for_a_certainty(sure: float, kept: float) -> None:
    assert logit(sure) == pytest.approx(math.log(kept / (1 - kept)))


@pytest.mark.parametrize("text", ["", "[1]", '{"odd": 1}', '{"slope": "1"}', '{"slope": NaN}'])
def test_a_damaged_one_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises(CalibrationDamaged, match=r"calibration\.json cannot be read") as caught:
        calibration.read(tmp_path)
    assert caught.value.index == tmp_path


def test_an_answer_follows_the_calibration_and_an_ingest_leaves_it_alone(
    folder: Path, settings: Settings
) -> None:
    question = "What do bees collect from flowers?"
    ingest(folder, settings)
    calibration.write(settings.index, Calibration(offset=-12.0, threshold=0.3, questions=50))
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    ingest(folder, settings)
    assistant = Assistant(settings)
    answer = assistant.ask(question)
    assert (answer.answered, answer.threshold) == (False, 0.3)
    assert answer.confidence < 0.01
    calibration.write(settings.index, Calibration())
    assert assistant.ask(question).answered
    assistant.close()


def test_a_threshold_that_is_set_goes_before_the_calibration(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    assistant = Assistant(settings.model_copy(update={"threshold": 0.99}))
    assert assistant.ask("What do bees collect from flowers?").threshold == 0.99
    assistant.close()


DEFAULT, PERHAPS = Calibration().threshold, Calibration().perhaps_threshold


def test_the_thresholds_that_ship_leave_room_for_all_three_outcomes() -> None:
    assert 0 < PERHAPS < DEFAULT < 1
    kinds = [Calibration().kind(sure) for sure in (1, DEFAULT, PERHAPS, PERHAPS - 1e-6, 0)]
    assert kinds == ["answer", "answer", "perhaps", "none", "none"]


def test_thresholds_that_are_set_go_first_and_perhaps_is_never_above_sure() -> None:
    fitted = Calibration(threshold=0.7, perhaps_threshold=0.4)
    assert fitted.within(Settings()) == fitted
    assert fitted.within(Settings(threshold=0.3)) == Calibration(
        threshold=0.3, perhaps_threshold=0.3
    )
    assert fitted.within(Settings(perhaps_threshold=0.1)) == Calibration(
        threshold=0.7, perhaps_threshold=0.1
    )


def test_one_written_before_there_was_a_perhaps_gets_the_threshold_that_ships(
    tmp_path: Path,
) -> None:
    written = '{"slope": 1.0, "offset": 0.0, "threshold": 0.6, "questions": 40}'
    (tmp_path / "calibration.json").write_text(written)
    assert calibration.read(tmp_path).perhaps_threshold == PERHAPS


def test_without_a_calibration_the_default_thresholds_part_the_three_outcomes(
    folder: Path, settings: Settings
) -> None:
    question = "What do bees collect from flowers?"
    ingest(folder, settings)
    assistant = Assistant(settings)
    plain = assistant.ask(question)
    assistant.close()
    assert (plain.threshold, plain.answered) == (DEFAULT, True)
    for wanted, kind in (
        (DEFAULT + 0.001, "answer"),
        (DEFAULT - 0.001, "perhaps"),
        (PERHAPS + 0.001, "perhaps"),
        (PERHAPS - 0.001, "none"),
    ):
        moved = Calibration(offset=logit(wanted) - logit(plain.confidence))
        assistant = Assistant(settings, moved)
        answer = assistant.ask(question)
        assistant.close()
        assert answer.confidence == pytest.approx(wanted, abs=1e-4)
        assert (answer.threshold, answer.perhaps_threshold) == (DEFAULT, PERHAPS)
        assert (answer.kind, answer.answered) == (kind, kind == "answer")
        assert answer.quotes == (() if kind == "none" else plain.quotes)
