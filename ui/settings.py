"""Settings of the command line and the server: those of ``rag``, and what only a server has.

Read, in this order, from arguments, ``STEWARD_*`` environment variables and ``steward.toml`` in the
working folder. A key that is not a setting is refused, wherever it stands.
"""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsFault
from rag.settings import Settings
from ui import setting_values as values

PREFIX = "STEWARD_"
FILE = "steward.toml"


class ServerSettings(Settings, BaseSettings):
    """All there is to set, wherever it is set. The descriptions are the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, toml_file=FILE, extra="forbid", frozen=True
    )

    documents: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(values.folders)] = Field(
        default=(),
        description="Folders that `steward serve` reads, with commas; else those ingested last, "
        "else `seeds`.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the server listens on."
    )
    port: int = Field(default=7860, ge=1, le=65535, description="Port the server listens on.")
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.hosts)] = Field(
        default=(),
        description="Names the server answers to beside `localhost` and IP addresses, as "
        "`steward.example.org`, with commas.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.origins)] = Field(
        default=(),
        description="Sites that may embed Steward, as `https://www.example.org`, with commas.",
    )
    access_token: Annotated[SecretStr | None, BeforeValidator(values.token)] = Field(
        default=None,
        description="Whoever has it may ask, and see every document; without one, and without "
        "users, everybody may.",
    )
    users: Path | None = Field(
        default=None,
        description="File of users, a line each as `steward user NAME` prints it.",
    )
    open: bool = Field(
        default=False,
        description="Whether everybody on a network may ask, where neither token nor users are "
        "set.",
    )
    examples: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.examples)] = Field(
        default=(),
        description="Questions that the chat offers, with vertical lines between; else made of the "
        "documents.",
    )
    requests_per_minute: int = Field(
        default=120, ge=1, description="Requests for data that one address may make in a minute."
    )
    request_kilobytes: int = Field(
        default=256, ge=16, le=65536, description="Largest request body, in units of 1,024 bytes."
    )
    questions_at_once: int = Field(
        default=4, ge=1, le=64, description="Questions answered at the same time."
    )
    questions_waiting: int = Field(
        default=16, ge=0, le=10000, description="Questions that may wait for their turn."
    )
    question_seconds: float = Field(
        default=30, gt=0, le=3600, description="Longest time for a question, waiting included."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.networks)] = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` is believed, as `127.0.0.1`, with commas.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="Form of the lines that `steward serve` and `steward ingest` print: `text`, or "
        "`json`, an object each.",
    )
    root_path: str | None = Field(
        default=None,
        pattern=r"^(/[A-Za-z0-9._~-]+)+$",
        description="Path that a proxy serves Steward under and takes off, as `/steward`.",
    )

    log_questions: bool = Field(
        default=False,
        description="Whether questions are kept, with what came of them, for `steward gaps`.",
    )
    feedback: bool = Field(
        default=False,
        description="Whether chat and widget ask if an answer helped, and keep what is said.",
    )
    keep_days: int = Field(
        default=90, ge=1, le=3650, description="Days that questions and feedback are kept."
    )

    owner_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Opens the page `/owner`, which tells what people ask; there is none without.",
    )
    owner_files: bool = Field(
        default=False,
        description="Whether that page adds files to the folder of the documents and takes them "
        "out; `steward serve` then follows it, as with `--watch`.",
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def is_guarded(self) -> bool:
        """Whether one has to sign in."""
        return self.access_token is not None or self.users is not None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from, the strongest first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**arguments: Any) -> ServerSettings:
    """Read the settings; an argument that is None or empty, and a variable, counts as not given.

    Raises:
        SettingsFault: For an unknown key, a value it cannot have, or a ``steward.toml`` that cannot
            be read; each problem reads as a sentence: "STEWARD_PORT", "should be ...".
    """
    unknown = sorted(
        name
        for name in os.environ
        if name.upper().startswith(PREFIX)
        and name.upper().removeprefix(PREFIX).lower() not in ServerSettings.model_fields
    )
    if unknown:
        raise SettingsFault(tuple((name, "is not a setting") for name in unknown))
    given = {name: value for name, value in arguments.items() if value not in (None, [])}
    try:
        return ServerSettings(**given)
    except ValidationError as error:
        raise SettingsFault(tuple(_problem(each, given) for each in error.errors())) from error
    except OSError as error:
        raise SettingsFault(((FILE, f"cannot be read: {error.strerror}"),)) from error
    except UnicodeDecodeError as error:
        raise SettingsFault(((FILE, "is not UTF-8 text"),)) from error
    except TOMLDecodeError as error:
        raise SettingsFault(((FILE, f"is not TOML: {error}"),)) from error


def _problem(details: ErrorDetails, given: Mapping[str, object]) -> tuple[str, str]:
    """One of pydantic's problems as the setting's name where it was written, and what is wrong."""
    # What is wrong with no one setting is wrong with the two that name a model.
    name = ".".join(str(part) for part in details["loc"]) or "model_path"
    variables = [each for each in os.environ if each.upper() == PREFIX + name.upper()]
    written = name if name in given else variables[0] if variables else f"{name} in {FILE}"
    if details["type"] == "extra_forbidden":
        return written, "is not a setting"
    message = details["msg"]
    for lead in ("Input ", "String ", "Value error, "):
        message = message.removeprefix(lead)
    return written, message
