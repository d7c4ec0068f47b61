"""Questions need no torch, and where it is not installed documents need none either."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS
from tests.light import HEAVY

QUESTION = "what is the neutrality framework?"


def _python(program: str, *arguments: str) -> str:
    """What a fresh process prints of a program, with no setting from outside."""
    own = {name: each for name, each in os.environ.items() if not name.startswith("STEWARD_")}
    command = [sys.executable, "-c", program, *arguments]
    result = subprocess.run(
        command, env={**own, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True
    )
    return result.stdout


_LOADED = "import json, sys; print(json.dumps([*{name.partition('.')[0] for name in sys.modules}]))"

_ASKED = f"""
import sys
from ui.cli.app import app
app(["ask", "--index", sys.argv[1], {QUESTION!r}], standalone_mode=False)
{_LOADED}
"""

_SERVED = f"""
import sys
from pathlib import Path
from starlette.testclient import TestClient
from rag.assistant import Assistant
from tests.fakes import in_a_loop
from ui.server.app import create_app
from ui.server.mcp import create as mcp
from ui.settings import ServerSettings
settings = ServerSettings(index=Path(sys.argv[1]))
assistant = Assistant(settings)
mcp(assistant)
app = in_a_loop(lambda: create_app(assistant, settings))
with TestClient(app, base_url="http://127.0.0.1:7860") as client:
    response = client.post("/api/ask", json={{"question": {QUESTION!r}}})
    assert response.json()["answered"], response.text
{_LOADED}
"""

_READ_AGAIN = f"""
import sys
from ui.cli.app import app
app(["ingest", sys.argv[2], "--index", sys.argv[1]], standalone_mode=False)
{_LOADED}
"""


@pytest.mark.models
@pytest.mark.parametrize("program", [_ASKED, _SERVED, _READ_AGAIN], ids=["ask", "serve", "again"])
def test_nothing_of_torch_is_loaded_between_a_question_and_its_answer(
    seeds_index: Path, program: str
) -> None:
    said = _python(program, str(seeds_index), str(SEEDS))
    loaded = json.loads(said.splitlines()[-1])
    assert "onnxruntime" in loaded or program is _READ_AGAIN
    assert not {*HEAVY} & {*loaded}


_WITHOUT = f"""
import json, sys
from contextlib import closing
from pathlib import Path
from tests.light import HEAVY, Without
sys.meta_path.insert(0, Without(*HEAVY))
from rag import Assistant, Settings, ingest
settings = Settings(index=Path(sys.argv[1]))
report = ingest(Path(sys.argv[2]), settings)
with closing(Assistant(settings)) as assistant:
    answer = assistant.ask({QUESTION!r})
print(json.dumps([report.embedded, [each.text for each in answer.quotes]]))
"""


@pytest.mark.models
def test_where_torch_is_not_installed_documents_are_read_and_questions_answered_alike(
    tmp_path: Path, seeds_index: Path
) -> None:
    from contextlib import closing

    from rag.assistant import Assistant
    from ui.settings import ServerSettings

    said = _python(_WITHOUT, str(tmp_path / "index"), str(SEEDS))
    embedded, quotes = json.loads(said.splitlines()[-1])
    assert embedded > 0
    with closing(Assistant(ServerSettings(index=seeds_index))) as assistant:
        assert quotes == [each.text for each in assistant.ask(QUESTION).quotes]
