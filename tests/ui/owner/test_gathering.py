import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.ui.owner.made_up import asked, vector
from ui.owner import gathering
from ui.owner.gathering import Gathered, Gathering
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog


def gathered(path: Path, gaps: Gathering) -> Gathered:
    with reading(path) as database:
        return gaps.gaps(database, 0)


@pytest.mark.parametrize("few", [300, 1])
def test_gaps_are_gathered_once_and_again_when_something_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(gathering, "FEW", few)
    path = path_of(tmp_path)
    gaps = Gathering(path)
    with closing(QuestionLog(path, 90)) as log:
        log.note(asked("a", vector=vector(1, 0, 0)))
        log.note(asked("b", vector=vector(0, 1, 0)))
    first = gathered(path, gaps)
    if few == 1:
        assert first == Gathered(), "they are being gathered aside"
        gaps.wait()
        first = gathered(path, gaps)
    assert [gap.example for gap in first.not_answered] == ["b", "a"]
    assert first.at and abs(time.time() - first.at) < 600
    assert gathered(path, gaps) is first
    with closing(QuestionLog(path, 90)) as log:
        log.note(asked("a", vector=vector(1, 0, 0)))
    second = gathered(path, gaps)
    if few == 1:
        assert second is first, "and until then the last are shown"
        gaps.wait()
        second = gathered(path, gaps)
    assert [(gap.example, gap.count) for gap in second.not_answered] == [("a", 2), ("b", 1)]
