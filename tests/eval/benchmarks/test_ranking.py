"""One search for what took two: the assistant's answer, and a ranking longer than is read."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from eval.benchmarks.ranking import ranking_assistant
from rag.assistant import Assistant
from rag.index.building import ingest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration
from rag.settings import Settings

LENA = ("Where does the Lena flow?", "The Lena flows north to the Arctic Ocean.")
ASKED: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("How long is it?", [LENA]),
    ("What  do bees\ncollect from flowers?", []),
    ("Who won the chess match in Reykjavik?", []),
)


@pytest.mark.parametrize("hits", [1, 8])
def test_the_answer_is_the_assistants_and_the_ranking_that_of_a_wider_search(
    hits: int, folder: Path, settings: Settings
) -> None:
    settings = settings.model_copy(update={"hits": hits, "threshold": 0.0})
    ingest(folder, settings)
    calibration.write(settings.index, Calibration(slope=0.7, offset=0.2))
    wide = settings.model_copy(update={"hits": 3})
    with (
        closing(Assistant(settings)) as assistant,
        closing(Assistant(wide)) as finder,
        ranking_assistant(settings, 3) as ranking,
    ):
        for question, history in ASKED:
            answer, ranked = assistant.ask(question, history), ranking.ask(question, history)
            assert (ranked.quotes, ranked.confidence) == (answer.quotes, answer.confidence)
            assert ranked.hits == finder.ask(question, history).hits
            assert len(ranked.hits) == 3
            assert ranked.hits[:hits] == answer.hits


def test_the_threshold_is_the_one_that_the_assistant_has(folder: Path, settings: Settings) -> None:
    ingest(folder, settings)
    calibration.write(settings.index, Calibration(threshold=0.7))
    for given, threshold in ((None, 0.7), (0.2, 0.2)):
        with ranking_assistant(settings.model_copy(update={"threshold": given}), 1) as ranking:
            assert ranking.calibration.threshold == threshold
