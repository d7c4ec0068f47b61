"""Every way in which a measurement says no; ``ui.wording.measurements`` turns one into words.

StewardError
└── EvaluationError
    ├── QuestionSetFault
    ├── ResultsFault
    └── BenchmarkMissing
"""

from pathlib import Path

from rag.errors import StewardError


class EvaluationError(StewardError):
    """The measurement cannot be made."""


class FileFault(EvaluationError):
    """A file that is not what it should be.

    Attributes:
        path: The file.
        line: The line at fault, from 1; None when it is the file as a whole.
        problem: What is wrong, completing "this file ..." or "this line ...".
    """

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class QuestionSetFault(FileFault):
    """A question set cannot be read, or contradicts itself."""


class ResultsFault(FileFault):
    """The results of another run cannot be read, or do not fit the question set."""


class BenchmarkMissing(EvaluationError):
    """The benchmark's data is not where it was looked for.

    Attributes:
        path: The file or folder that is missing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no {path}; name the folder that holds the data with --data")
        self.path = path
