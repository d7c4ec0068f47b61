"""Settings: one strict object, passed in.

Read, in this order, from arguments, ``STEWARD_*`` environment variables and ``steward.toml`` in the
working folder. A key that is not a setting is refused, wherever it stands.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsFault

PREFIX = "STEWARD_"
FILE = "steward.toml"
SEEDS = Path("seeds")
"""The documents that come with Steward, where nothing else was ever ingested."""


_ORIGIN = re.compile(
    r"https?://(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    r"(?::[1-9][0-9]{0,4})?"
)


def _listed(value: object) -> list[str]:
    """A list as it stands in ``steward.toml`` or, separated by commas, in a variable."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("should be a list of texts")
    return [stripped for part in parts if (stripped := part.strip())]


def _origins(value: object) -> tuple[str, ...]:
    origins = _listed(value)
    for origin in origins:
        if "*" in origin:
            raise ValueError("should name each origin: with * any page could show what is answered")
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"should hold origins as a browser names them, https://www.example.org or "
                f"http://localhost:8080, in lower case and without a path; {origin!r} is none"
            )
        if re.fullmatch("http:.*:80|https:.*:443", origin):
            raise ValueError(f"should leave out the port that goes without saying, in {origin!r}")
    return tuple(dict.fromkeys(origins))


def _networks(value: object) -> tuple[str, ...]:
    networks = _listed(value)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ValueError(
                f"should hold addresses or networks, 127.0.0.1 or 10.0.0.0/8; {network!r} is none"
            ) from None
    return tuple(networks)


def _model_url(value: object) -> object:
    """The base address of an OpenAI-compatible server on this machine, ending in ``/v1``."""
    if not isinstance(value, str):
        return value  # pydantic says what it should be
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ValueError(f"should be an address as http://localhost:8080/v1; {value!r} is none")
    if "@" in parts.netloc:
        raise ValueError("should hold no user name and no password")
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise ValueError(
            f"should be on this machine, localhost or 127.0.0.1, since questions and quotes never "
            f"leave it; {host!r} is elsewhere"
        )
    path = parts.path.rstrip("/")
    path = path if path.endswith("/v1") else f"{path}/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


class Settings(BaseSettings):
    """All there is to set. The descriptions are the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, toml_file=FILE, extra="forbid", frozen=True
    )

    documents: Path | None = Field(
        default=None,
        description="Folder that `steward serve` reads; else that ingested last, else `seeds`.",
    )
    index: Path = Field(default=Path("index"), description="Folder that the index is kept in.")
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the server listens on."
    )
    port: int = Field(default=7860, ge=1, le=65535, description="Port the server listens on.")
    passage_tokens: int = Field(
        default=200, ge=32, le=220, description="Most tokens (cl100k) in a passage."
    )
    hits: int = Field(default=8, ge=1, le=50, description="Passages read for an answer at most.")
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Confidence below which Steward refuses; else as calibrated, 0.5 if not.",
    )
    question_characters: int = Field(
        default=1000, ge=100, le=1000, description="Longest question, in characters."
    )
    chroma_url: str | None = Field(
        default=None,
        description="A Chroma server to keep the vectors in, instead of the index folder.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = Field(
        default=(),
        description="Sites that may embed Steward, as `https://www.example.org`, with commas.",
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
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` is believed, as `127.0.0.1`, with commas.",
    )
    root_path: str | None = Field(
        default=None,
        pattern=r"^(/[A-Za-z0-9._~-]+)+$",
        description="Path that a proxy serves Steward under and takes off, as `/steward`.",
    )

    model_url: Annotated[str | None, BeforeValidator(_model_url)] = Field(
        default=None,
        description="OpenAI-compatible server on this machine that writes prose, if any.",
    )
    model_path: Path | None = Field(
        default=None,
        description="GGUF file of a model that writes prose, instead; needs `make local-model`.",
    )
    model_name: str | None = Field(
        default=None,
        min_length=1,
        description="What that server calls the model; Ollama and others need it.",
    )
    model_seconds: float = Field(
        default=20, gt=0, le=3600, description="Longest time for prose, waiting included."
    )
    model_waiting: int = Field(
        default=4, ge=0, le=1000, description="Answers that may wait for the model."
    )

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if self.model_url and self.model_path:
            raise ValueError("and model_url cannot both be set; there is one model")
        return self

    def without_model(self) -> Self:
        """The same, for where no prose is wanted: a model takes time to load and memory."""
        return self.model_copy(update={"model_url": None, "model_path": None})

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


def load(**arguments: Any) -> Settings:
    """Read the settings; an argument that is None and a variable that is empty count as not given.

    Raises:
        SettingsFault: For an unknown key, a value it cannot have, or a ``steward.toml`` that cannot
            be read; each problem reads as a sentence: "STEWARD_PORT", "should be ...".
    """
    unknown = sorted(
        name
        for name in os.environ
        if name.upper().startswith(PREFIX)
        and name.upper().removeprefix(PREFIX).lower() not in Settings.model_fields
    )
    if unknown:
        raise SettingsFault(tuple((name, "is not a setting") for name in unknown))
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(**given)
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
