"""The embedded model: what happens with files that are none, and with the real one."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.errors import LocalMissing, ModelFileFault
from rag.prose.line import Line, Model
from rag.prose.model_file import ModelFile, packaged_model
from rag.prose.model_server import ModelServer
from rag.prose.prompt import Prompt, prompt
from rag.prose.writing import Writer
from tests.answers import LENA, TEA, answer
from tests.conftest import ROOT
from tests.local_model import local_model, needs_local_model, running_llama
from ui.settings import load

GENEROUS = 200


def asked() -> Prompt:
    made = prompt(answer(LENA, TEA))
    assert made
    return made


def read(line: Line, stopped: threading.Event | None = None) -> Generator[str, None, None]:
    return line.pieces(asked(), stopped or threading.Event(), time.monotonic() + GENEROUS)


def test_a_file_that_is_not_there_is_known_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ModelFileFault) as caught:
        ModelFile(tmp_path / "no.gguf")
    assert caught.value.path == tmp_path / "no.gguf"


def test_a_folder_is_no_model_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileFault):
        ModelFile(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 and more"])
def test_a_file_of_another_kind_is_known_at_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelFileFault, match="not a GGUF file"):
        ModelFile(path)


def test_without_the_package_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF and more")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(LocalMissing, match="xllamacpp"):
        ModelFile(path)


def test_an_assistant_with_a_wrong_path_does_not_start(seeds_index: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileFault):
        Assistant(load(index=seeds_index, model_path=tmp_path / "no.gguf"))


@needs_local_model
def test_a_file_that_only_begins_like_a_model_is_known_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(local_model().read_bytes()[:1_000_000])
    with pytest.raises(ModelFileFault, match="cannot load"):
        ModelFile(path)


@needs_local_model
def test_the_path_of_the_packaged_model_is_printed() -> None:
    command = [sys.executable, "-m", "rag.prose.model_file"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == f"{packaged_model()}\n"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelFile]:
    model = ModelFile(local_model())
    yield model
    model.close()


@pytest.fixture(scope="module")
def line(model: ModelFile) -> Iterator[Line]:
    line = Line(model, 4)
    yield line
    line.close()


@pytest.fixture(scope="module")
def llama() -> Iterator[str]:
    with running_llama() as url:
        yield url


def check_form(text: str) -> None:
    """One to three sentences, each with its citations, as the grammar has it, or cut off."""
    sentence = r'[^\[\]\n]+[.!?]["”’)]* \[[12](, [12])?\]'
    whole = re.fullmatch(rf"{sentence}( {sentence}){{0,2}}", text)
    cut = re.fullmatch(rf"({sentence} ){{0,2}}[^\[\]\n]+", text)
    assert whole or cut, text


@needs_local_model
def test_the_model_writes_in_the_form_of_the_grammar(line: Line) -> None:
    told = list(read(line))
    assert len(told) > 3
    check_form("".join(told))


@needs_local_model
def test_it_writes_the_same_every_time(line: Line) -> None:
    def once() -> str:
        return "".join(read(line))

    assert once() == once()


@needs_local_model
def test_it_stops_when_it_is_told_to_and_writes_again(line: Line) -> None:
    stopped = threading.Event()
    reading = read(line, stopped)
    next(reading)
    stopped.set()
    assert len(list(reading)) <= 1
    again = read(line)
    assert next(again)
    again.close()


@needs_local_model
def test_nothing_listens_on_the_network_and_ctrl_c_is_still_pythons(model: ModelFile) -> None:
    assert str(model._server.listening_address).startswith("unix://")
    handler = signal.getsignal(signal.SIGINT)
    assert callable(handler)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)


@needs_local_model
def test_a_process_that_ends_while_the_model_writes_ends_well() -> None:
    program = (
        "import sys, threading, time\n"
        "from rag.prose.line import Line\n"
        "from rag.prose.model_file import ModelFile, packaged_model\n"
        "from rag.prose.prompt import prompt\n"
        "from tests.answers import LENA, answer\n"
        "line = Line(ModelFile(packaged_model()), 0)\n"
        "asked, until = prompt(answer(LENA)), time.monotonic() + 100\n"
        "reading = line.pieces(asked, threading.Event(), until)\n"
        "next(reading)\n"
        "if sys.argv[1:]: line.close()\n"
    )
    for arguments in ([], ["close"]):
        command = [sys.executable, "-c", program, *arguments]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@needs_local_model
def test_a_real_server_over_loopback_is_read_as_the_file_is(llama: str) -> None:
    server = ModelServer(f"{llama}/v1")
    check_form("".join(read(Line(server, 0))))


@needs_local_model
@pytest.mark.parametrize("kind", ["file", "server"])
def test_what_is_shown_of_the_real_model_holds(
    kind: str, assistant: Assistant, model: ModelFile, llama: str
) -> None:
    used: Model = model if kind == "file" else ModelServer(f"{llama}/v1")
    writer = Writer(used, GENEROUS, 0)
    for question in ("what is the neutrality framework?", "who is Liz Shuler?"):
        found = assistant.ask(question)
        *_, prose = writer.write(found)
        assert prose.outcome in ("written", "nothing_held")
        assert prose.sentences or prose.withheld
        by_number = {quote.number: quote.text for quote in found.quotes}
        for sentence in prose.sentences:
            for number in sentence.cites:
                capitals = re.findall(r"(?<=\s)[A-Z]\w+", sentence.text)
                assert all(each in by_number[number] for each in capitals)


@needs_local_model
def test_an_assistant_writes_with_the_model_of_its_settings(seeds_index: Path, llama: str) -> None:
    settings = load(index=seeds_index, model_url=llama, model_seconds=GENEROUS)
    writing = Assistant(settings)
    assert writing.writes
    assert writing.ask("what is the capital of France?").prose is None
    prose = writing.ask("who is Liz Shuler?").prose
    assert prose and prose.outcome in ("written", "nothing_held")
    writing.close()
