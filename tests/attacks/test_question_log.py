"""``kill -9`` of whoever writes the log of questions: the file stays whole, and what was written.

With more kills of one file after the other ``ATTACK_ROUNDS=50 pytest -s
tests/attacks/test_question_log.py`` prints how old the last question was that each left behind.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.conftest import ROOT
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "2"))


def killed(path: Path, seconds: float) -> tuple[list[str], float]:
    """Let a process write for so long after its first word, and kill it.

    Returns:
        The verdicts that it was told are kept, and when it was killed.
    """
    command = [sys.executable, "-m", "tests.attacks.noting", str(path)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    with child.stdout:
        first = child.stdout.readline()
        time.sleep(seconds)
        at = time.time()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return [first.strip(), *child.stdout.read().splitlines()], at


def test_a_kill_leaves_a_whole_log_with_all_that_was_said_to_be_kept(tmp_path: Path) -> None:
    path = path_of(tmp_path / "index")
    before, longest = 0, 0.0
    random.seed(18)
    for _ in range(ROUNDS):
        kept, at = killed(path, random.uniform(0.2, 2.0))
        with reading(path) as database:
            (sound,) = database.execute("PRAGMA integrity_check").fetchone()
            rows = database.execute("SELECT question, at FROM questions ORDER BY id").fetchall()
            keys = {key for (key,) in database.execute("SELECT question FROM verdicts")}
        assert sound == "ok"
        assert {*kept} <= keys
        own = rows[before:]
        assert [question for question, _ in own] == [f"question {n}" for n in range(len(own))]
        before = len(rows)
        longest = max(longest, at - own[-1][1])
    print(f"{ROUNDS} kills: {before:,} questions; at most the last {longest:.2f} seconds lost")  # noqa: T201
    with closing(QuestionLog(path, 90)):
        pass
