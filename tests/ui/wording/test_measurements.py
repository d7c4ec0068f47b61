from eval.measuring.calibration_fit import CalibrationFit
from rag.quoting.calibration import Calibration
from ui.wording.measurements import below, calibrated, no_figure, unfindable


def test_a_calibration_is_said_with_its_threshold_and_what_to_expect() -> None:
    fitted = Calibration(1.0, 0.0, 0.557, 0.31, 40)
    fit = CalibrationFit(fitted, 40, 30, 20, 1, 0.0013, 0.2487, 9, 4)
    assert list(calibrated(fit, 30)) == [
        "Fitted on 40 questions. Steward now answers from a confidence of 56%, and quotes "
        "what may answer from 31%.",
        "Of these questions it answers 20, 1 of them wrongly; on others like them expect 0% to 25% "
        "wrong (95% interval). It is not sure of 9, and 4 of them it quotes rightly.",
    ]


def test_where_the_questions_do_not_say_enough_it_is_said_how_many_it_takes() -> None:
    (line,) = calibrated(CalibrationFit(None, 12, 7), 30)
    assert line.startswith("Nothing was changed. 12 questions, of which the quotes answer 7, ")
    assert "it takes 30 or more" in line


def test_a_figure_that_is_too_low_is_told_with_its_value() -> None:
    assert below("right", 0.8, 0.71234) == "right is below 0.8: 0.712"


def test_of_what_is_asked_of_no_figure_the_figures_are_named() -> None:
    assert no_figure("wrong", ["right", "mrr"]).endswith("those are right, mrr")


def test_an_id_that_would_steer_a_terminal_is_written_out() -> None:
    assert unfindable(["\x1b[2J"]).endswith('right: ["\\u001b[2J"]')
