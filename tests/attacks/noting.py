"""A process that notes questions without end, and says of which verdict it was told it is kept.

``python -m tests.attacks.noting PATH``
"""

import sys
import time
from itertools import count
from pathlib import Path

from tests.ui.owner.made_up import asked, verdict
from ui.owner.question_log import QuestionLog

if __name__ == "__main__":
    log = QuestionLog(Path(sys.argv[1]), 90)
    for number in count():
        log.note(asked(f"question {number}", at=time.time()))
        if number % 100 == 0:
            log.give(verdict(f"verdict {number}")).result()
            print(f"verdict {number}", flush=True)  # noqa: T201  # to whoever kills it
        time.sleep(0.002)
