"""The container is built of what there is, and its settings and commands are Steward's."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from tests.conftest import ROOT
from ui.cli.app import app
from ui.server.app import _GRACE
from ui.settings import PREFIX, ServerSettings

FILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
LINES = [
    line.split(None, 1)
    for line in re.sub(r"(?m)^#.*\n|\\\n", "", FILE).splitlines()
    if line.strip()
]
BUILDER = shutil.which("podman") or shutil.which("buildah")


def of(word: str) -> list[str]:
    return [rest for first, rest in LINES if first == word]


def test_every_line_is_an_instruction_and_the_first_names_the_base() -> None:
    known = "FROM WORKDIR COPY RUN VOLUME USER ENV EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD"
    assert {first for first, _ in LINES} == {*known.split()}
    assert LINES[0][0] == "FROM" and ":latest" not in LINES[0][1]


def test_what_is_copied_is_there_and_let_through_and_is_all_that_the_package_is_made_of() -> None:
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {source for rest in of("COPY") for source in rest.split()[:-1]}
    assert all((ROOT / each).exists() for each in copied - {"wheels*"})
    assert {each.rstrip("*") for each in copied} <= let_in
    assert copied >= {"rag", "ui", "eval", "seeds", "pyproject.toml", "constraints.txt"}


def test_it_runs_as_nobody_in_particular_and_is_asked_whether_it_is_well() -> None:
    assert of("USER") == ["steward"] and of("STOPSIGNAL") == ["SIGTERM"]
    (check,) = of("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    compile(command[2], "healthcheck", "exec")
    assert "7860/readyz" in command[2]
    assert of("EXPOSE") == [str(ServerSettings.model_fields["port"].default)]


def test_the_command_and_the_settings_are_stewards() -> None:
    (entry,), (command,) = map(json.loads, (*of("ENTRYPOINT"), *of("CMD")))
    assert entry == "steward"
    typer.main.get_command(app).commands[command].make_context(command, [])  # type: ignore[attr-defined]
    (service,) = COMPOSE["services"].values()
    named = [each.partition("=")[0] for each in of("ENV")] + [*service["environment"]]
    for name in named:
        assert name.removeprefix(PREFIX).lower() in ServerSettings.model_fields
    assert "STEWARD_ACCESS_TOKEN" in service["environment"]  # or it would not start


def test_the_composition_is_closed_to_the_network_and_may_do_little() -> None:
    (service,) = COMPOSE["services"].values()
    assert (ROOT / service["build"]["dockerfile"]).exists()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    volumes = {each.split(":")[1]: each.split(":")[0] for each in service["volumes"]}
    assert volumes["/data"] in COMPOSE["volumes"]
    assert volumes["/documents"] == "./documents"
    assert int(service["stop_grace_period"].removesuffix("s")) > _GRACE


def test_the_shell_understands_what_is_run() -> None:
    for rest in of("RUN"):
        assert shlex.split(rest)
        subprocess.run(["sh", "-n", "-c", rest], check=True)


@pytest.mark.skipif(not BUILDER, reason="neither podman nor buildah is installed")
def test_it_is_built_and_starts(tmp_path: Path) -> None:
    assert BUILDER
    build = [BUILDER, "build", "--tag", "steward-test", "--file", "Containerfile", str(ROOT)]
    subprocess.run(build, check=True, cwd=ROOT)
    if BUILDER.endswith("podman"):
        command = [BUILDER, "run", "--rm", "steward-test", "--version"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert said.startswith("steward ")
