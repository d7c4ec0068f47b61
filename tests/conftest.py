"""What several tests share: the seeds, a small folder, one encoder, and settings of their own."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.index.reading import Index, reading
from rag.quoting.reader import Reader
from rag.quoting.windows import Windows
from rag.text.encoder import Encoder, packaged_folder
from tests.stores import CHROMA, MILVUS, serving
from ui.settings import ServerSettings

if TYPE_CHECKING:
    from selenium import webdriver

    from tests.sites import Site

ROOT = Path(__file__).parent.parent
_WITH_MODELS = {"encoder", "reader", "assistant", "ask", "folder"}
"""Fixtures that are the encoder or the reader, or that a test ingests or asks with."""
SEEDS = ROOT / "seeds"

hypothesis.settings.register_profile("steward", deadline=None)  # on a busy machine all is slow
hypothesis.settings.load_profile("steward")


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark the tests that take their time, so that the others can be run without them."""
    for item in items:
        if _WITH_MODELS & {*item.fixturenames}:
            item.add_marker(pytest.mark.models)


@pytest.fixture(autouse=True)
def _nothing_set_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests reaches them, and no steward.toml."""
    for name in os.environ:
        if name.upper().startswith("STEWARD_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder, loaded once."""
    return Encoder()


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The real reader, loaded once."""
    return Reader()


@pytest.fixture(scope="session")
def windows() -> Windows:
    """Windows by the packaged tokenizer."""
    return Windows(packaged_folder() / "tokenizer.json")


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    """Settings with an index of the test's own."""
    return ServerSettings(index=tmp_path / "index", documents=(SEEDS,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three short documents on subjects that share no word."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bees.txt").write_text(
        "How bees make honey\n\nBees collect nectar from flowers. They dry it in wax cells.\n"
    )
    (folder / "rivers.md").write_text(
        "---\npublisher: Water Office\npublished: 2021-05-04\n---\n# The river Lena\n\n"
        "The Lena flows north to the Arctic Ocean. It is 4,294 kilometres long.\n"
    )
    (folder / "tea.txt").write_text(
        "Tea in short\n\nGreen tea is not fermented. Black tea is fully fermented.\n"
    )
    return folder


@pytest.fixture
def index(folder: Path, settings: ServerSettings) -> Iterator[Index]:
    """An index of the three, open."""
    ingest(folder, settings)
    with reading(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator["webdriver.Chrome"]:
    """A real Chromium with a profile of its own."""
    from tests import chromium  # which few tests need

    chrome = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def site() -> Iterator["Site"]:
    """A site of other origins."""
    from tests.sites import Site

    with Site().running() as site:
        yield site


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Chroma server, as ``store_url`` has it."""
    with serving(CHROMA, tmp_path_factory.mktemp("chroma")) as server:
        yield server.url


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Milvus Lite server, as ``store_url`` has it."""
    with serving(MILVUS, tmp_path_factory.mktemp("milvus")) as server:
        yield server.url


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seeds that tests may read and must not change."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    ingest(SEEDS, ServerSettings(index=index))
    return index


@pytest.fixture(scope="session")
def assistant(seeds_index: Path) -> Iterator[Assistant]:
    """The real assistant on the seeds."""
    assistant = Assistant(ServerSettings(index=seeds_index))
    yield assistant
    assistant.close()
