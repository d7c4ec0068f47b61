"""``import rag``: what a program gets, in whatever order it asks, and what that loads."""

import subprocess
import sys

import pytest

import rag
from tests.conftest import ROOT


def python(program: str) -> str:
    """What a program prints that an interpreter of its own runs."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_the_package_gives_what_it_promises_and_nothing_else() -> None:
    given: dict[str, object] = {}
    exec("from rag import *", given)
    assert given.keys() - {"__builtins__"} == set(rag.__all__) <= set(dir(rag))
    with pytest.raises(AttributeError, match="no attribute 'digest'"):
        getattr(rag, "digest")  # noqa: B009  # mypy would not let it pass otherwise


def test_importing_the_package_loads_none_of_the_slow_libraries() -> None:
    slow = "{'torch', 'chromadb', 'numpy', 'pydantic', 'transformers'}"
    assert python(f"import sys, rag; print({slow} & sys.modules.keys())") == "set()"


def test_the_version_is_the_one_the_changes_begin_with() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changes.partition("\n## ")[2].startswith(f"{rag.__version__},")
