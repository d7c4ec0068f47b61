"""What the log costs, and what is made of 100,000 questions: ``python -m tests.ui.owner.measured``.

Prints the times of this machine: noting a question, ``steward gaps`` and the owner's page. Of the
questions 30% were refused; these are 180 of Steward's own in 9,000 wordings, whose vectors are
those of the encoder moved at random, to a cosine of .8 on average.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
from starlette.testclient import TestClient

from eval.measuring.questions import OWN, read_questions
from rag.assistant import Assistant
from rag.index.building import ingest
from rag.text.encoder import DIMENSIONS, Encoder
from tests.conftest import SEEDS
from tests.fakes import WritingAssistant, in_a_loop
from tests.ui.owner.made_up import DAY, LENA, asked, verdict
from ui.owner import records
from ui.owner.log_file import open_to_write, path_of, row_of_asked, row_of_verdict
from ui.owner.question_log import QuestionLog
from ui.server.app import create_app
from ui.settings import ServerSettings

NUMBER, WORDINGS = 100_000, 9_000
TOKEN = "correct horse battery staple"


def fill(path: Path) -> None:
    """Write a log of 90 days."""
    random = np.random.default_rng(18)
    own = [each.question for each in read_questions(OWN) if not each.history]
    vectors = Encoder().encode_questions(own)
    noise = random.normal(scale=0.75 / np.sqrt(DIMENSIONS), size=(WORDINGS, DIMENSIONS))
    moved = (vectors[np.arange(WORDINGS) % len(own)] + noise).astype("<f2")
    wordings = [f"{own[each % len(own)]} wording {each}" for each in range(WORDINGS)]
    with closing(open_to_write(path)) as database:
        database.execute("BEGIN")
        for number in range(NUMBER):
            at = time.time() - 89 * DAY * (1 - number / NUMBER)
            if number % 10 < 3:
                which = int(random.integers(WORDINGS))
                vector = moved[which].tobytes()
                row = asked(wordings[which], at=at, vector=vector, nearest=own[which % len(own)])
            else:
                quotes = ("aaaa:0-34", "bbbb:10-80", "cccc:10-80")
                row = asked(own[number % len(own)], "answer", at=at, quotes=quotes)
            database.execute(*row_of_asked(row))
        for number in range(500):
            said = verdict(own[number % len(own)], key=f"{number}", kind="answer", quotes=(LENA,))
            database.execute(*row_of_verdict(said))
        database.execute("COMMIT")


def say(what: str, seconds: list[float]) -> None:
    """Print the median, the 95th percentile and the longest."""
    p50, p95, most = np.percentile(seconds, [50, 95, 100]) * 1000
    print(f"{what}: p50 {p50:,.3f} ms, p95 {p95:,.3f} ms, longest {most:,.1f} ms")  # noqa: T201


def noting(index: Path, path: Path) -> None:
    """Note real answers, a hundred a second, and time what an answer waits for."""
    with closing(Assistant(ServerSettings(index=index))) as assistant:
        questions = ("what is the neutrality framework?", "What is the capital of France?")
        answers = [assistant.ask(question) for question in questions]
    seconds: list[float] = []
    with closing(QuestionLog(path, 90)) as log:
        for number in range(2000):
            begun = time.perf_counter()
            log.note(records.asked(answers[number % 2], (), time.time(), 0.1))
            seconds.append(time.perf_counter() - begun)
            time.sleep(0.01)
    say("noting a question", seconds)


def page(settings: ServerSettings) -> None:
    """Open the owner's page while gaps are gathered, and after."""
    client = TestClient(in_a_loop(lambda: create_app(WritingAssistant(), settings)))
    client.base_url = "http://127.0.0.1:7860"
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    seconds: list[float] = []
    with client:
        gathered = 0.0
        while len(seconds) < 30 or not gathered:
            begun = time.perf_counter()
            answer = client.get("/owner")
            seconds.append(time.perf_counter() - begun)
            assert answer.status_code == 200
            if not gathered and "being gathered" not in answer.text:
                gathered = len(seconds)
            time.sleep(0.2)
    say("the owner's page, while gaps are gathered", seconds[: int(gathered)])
    say("the owner's page, then", seconds[int(gathered) :])


def main() -> None:
    """Measure all of it."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        settings = ServerSettings(
            index=index,
            log_questions=True,
            owner_token=TOKEN,  # type: ignore[arg-type]
            requests_per_minute=100_000,
        )
        ingest(SEEDS, settings)
        noting(index, Path(folder, "another", "questions.sqlite"))
        fill(path_of(index))
        size = path_of(index).stat().st_size / 2**20
        print(f"{NUMBER:,} questions: {size:.0f} MB")  # noqa: T201
        command = [sys.executable, "-m", "ui.cli.app", "gaps", "--index", str(index), "--most", "3"]
        begun = time.perf_counter()
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"steward gaps: {time.perf_counter() - begun:.1f} seconds")  # noqa: T201
        print(told.splitlines()[0])  # noqa: T201
        page(settings)


if __name__ == "__main__":
    main()
