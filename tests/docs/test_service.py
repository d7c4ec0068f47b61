"""Steward as a service: the unit, the proxy and the backup are those of the page, and they work."""

import configparser
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2 as httpx
import pytest
import typer.main
from typer.testing import CliRunner

from rag.assistant import Assistant
from tests.conftest import ROOT, SEEDS, free_port
from tests.nginx import NGINX, nginx
from tests.pages import PAGES, blocks, rows, section, typed
from tests.serving import served
from ui.access.users import line
from ui.cli.app import app
from ui.server.app import create_app
from ui.server.metrics import Metrics
from ui.settings import ServerSettings, load

PAGE = PAGES["docs/service.md"]
UNIT = (ROOT / "docs" / "steward.service").read_text(encoding="utf-8")
PROXY = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
QUESTION = "what is the neutrality framework?"
SYSTEMD = shutil.which("systemd-analyze")

(TOML,) = blocks(PAGE, "toml")


# The unit


def test_the_unit_starts_what_there_is_to_start() -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.read_string(UNIT)
    program, name, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program == "/opt/steward/.venv/bin/steward"
    typer.main.get_command(app).commands[name].make_context(name, arguments)  # type: ignore[attr-defined]


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not there")
def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    assert SYSTEMD
    here = str(Path(sys.executable).with_name("steward"))
    (tmp_path / "steward.service").write_text(UNIT.replace("/opt/steward/.venv/bin/steward", here))
    command = [SYSTEMD, "verify", "--man=no", str(tmp_path / "steward.service")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "steward.service" not in checked.stderr
    assert checked.returncode == 0, checked.stderr


def test_the_settings_that_are_shown_are_settings(tmp_path: Path) -> None:
    (tmp_path / "steward.toml").write_text(TOML)
    settings = load()
    assert settings.documents == (Path("/srv/documents"),)
    assert settings.trusted_proxies == ("127.0.0.1",)
    for heading, column in (("setting", 0), ("what", 1)):
        for cells in rows(PAGE, heading):
            name = cells[column].split("`")[1]
            assert name in ServerSettings.model_fields


def test_the_metrics_are_those_that_there_are() -> None:
    metrics = Metrics()
    metrics.questions.labels("answered").inc()
    metrics.responses.labels(200).inc()
    metrics.prose.labels("written").inc()
    counted = bytes(metrics.page().body).decode()
    names = re.findall(r"`((?:steward|process)_\w+)`", str(rows(PAGE, "metric")))
    assert all(f"# TYPE {name} " in counted for name in names)
    own = set(re.findall(r"^# TYPE (steward_\w+) ", counted, re.MULTILINE))
    assert {name for name in own if not name.endswith("_created")} <= set(names)


# The proxy


@pytest.fixture(params=["open", "with passwords"])
def site(
    request: pytest.FixtureRequest, assistant: Assistant, tmp_path: Path
) -> Iterator[tuple[httpx.Client, int]]:
    """A client of the proxy's TLS, and the proxy's port without it."""
    if not NGINX or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not there")
    (tmp_path / "steward.toml").write_text(TOML)
    auth = None
    if request.param == "with passwords":
        (tmp_path / "users").write_text(f"{line('ann', 'correct horse', [])}\n")
        auth = ("ann", "correct horse")
    settings = load(users=tmp_path / "users" if auth else None)
    _make_certificate(tmp_path)
    plain, port = free_port(), free_port()
    with served(lambda: create_app(assistant, settings), settings) as target:
        example = re.sub(r"(?m)^ *listen \[::\].*\n", "", PROXY)
        for written, here in (
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("/etc/ssl/steward/", f"{tmp_path}/"),
            ("http://127.0.0.1:7860;", f"{target};"),
        ):
            assert written in example
            example = example.replace(written, here)
        trusted = ssl.create_default_context(cafile=tmp_path / "fullchain.pem")
        address = f"https://127.0.0.1:{port}"
        with (
            nginx(example, port, tmp_path),
            httpx.Client(base_url=address, verify=trusted, auth=auth, timeout=60) as client,
        ):
            yield client, plain


def _make_certificate(folder: Path) -> None:
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    name = "-subj /CN=steward.example.org -addext subjectAltName=IP:127.0.0.1"
    files = f"-keyout {folder}/privkey.pem -out {folder}/fullchain.pem"
    subprocess.run(f"{command} {name} {files}".split(), check=True, capture_output=True)


def test_behind_tls_everything_is_there_but_the_counts(site: tuple[httpx.Client, int]) -> None:
    client, plain = site
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert '<mark id="quote"' in client.get(f"/{answer['quotes'][0]['url']}").text
    assert client.get("/config").json()["root"].startswith("https://")
    assert "max-age" in client.get("/healthz").headers["Strict-Transport-Security"]
    assert client.get("/metrics").status_code == 403
    moved = httpx.get(f"http://127.0.0.1:{plain}/documents?a=b")
    assert moved.status_code == 308
    assert moved.headers["Location"] == "https://steward.example.org/documents?a=b"
    if client.auth:
        assert client.get("/documents", auth=("ann", "wrong")).status_code == 401
        form = {"name": "ann", "secret": "correct horse"}
        entered = client.post("/sign-in", data=form)
        assert "; Secure" in entered.headers["Set-Cookie"]


# The backup


def test_a_backup_brings_back_index_settings_and_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, documents = tmp_path / "var/lib/steward", tmp_path / "srv/documents"
    for folder in (home, documents, tmp_path / "var/backups", tmp_path / "opt/steward/.venv/bin"):
        folder.mkdir(parents=True)
    shutil.copy(SEEDS / "labor-union-on-ai-news.txt", documents)
    (home / "steward.toml").write_text(TOML.replace("/srv", f"{tmp_path}/srv"))
    (ingest,) = typed(section(PAGE, "## New documents"))
    monkeypatch.chdir(home)
    result = CliRunner().invoke(
        app, [each.replace("/srv", f"{tmp_path}/srv") for each in ingest.words[1:]]
    )
    assert result.exit_code == 0, result.output
    making, _, packing = _lines("## Backing up", tmp_path)
    subprocess.run(["bash", "-ec", making], check=True)
    with closing(Assistant(load())) as assistant:
        answer, before = assistant.ask(QUESTION), assistant.documents()
        _steward("## Backing up", tmp_path)  # while it is being read
        subprocess.run(["bash", "-ec", packing], check=True)

    shutil.rmtree(home)
    shutil.rmtree(documents)
    heading = "## Restoring, and moving to another machine"
    unpacking, _ = _lines(heading, tmp_path)
    subprocess.run(["bash", "-ec", unpacking], check=True, cwd=tmp_path / "var/backups/steward")
    monkeypatch.chdir(home)
    _steward(heading, tmp_path)
    with closing(Assistant(load())) as assistant:
        assert assistant.documents() == before
        again = assistant.ask(QUESTION)
        assert again.hits
        assert (again.quotes, again.hits) == (answer.quotes, answer.hits)
    assert os.listdir(documents) == ["labor-union-on-ai-news.txt"]


def _lines(heading: str, root: Path) -> list[str]:
    """The lines of a section that are about files, with all folders below ``root``."""
    found = []
    for each in typed(section(PAGE, heading)):
        if each.program in ("install", "steward", "tar"):
            line = re.sub(r"sudo (-u steward )?|-o steward -g steward ", "", each.line)
            line = re.sub(r"(?<= )/(?=[a-z ]|$)", f"{root}/", line)
            found.append(line)
    return found


def _steward(heading: str, root: Path) -> None:
    """What a section says to type to Steward itself."""
    (words,) = (each.words for each in typed(section(PAGE, heading)) if each.program == "steward")
    arguments = [re.sub("^/", f"{root}/", each) for each in words[1:]]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
