"""Settings of the command line and the server: those of ``rag``, and what only a server has.

Read, in this order, from arguments, ``STEWARD_*`` environment variables and ``steward.toml`` in the
working folder. A key that is not a setting is refused, wherever it stands.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any

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

PREFIX = "STEWARD_"
FILE = "steward.toml"

_EXAMPLE = 200
"""Characters of a question that stands on a button."""

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME = rf"(?=.{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})*"
ORIGIN = re.compile(rf"https?://{_NAME}(?::[1-9][0-9]{{0,4}})?")
_HOST = re.compile(_NAME)


def _listed(value: object, between: str = ",") -> list[str]:
    """A list as it stands in ``steward.toml`` or, separated by commas, in a variable."""
    parts = value.split(between) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("should be a list of texts")
    return [stripped for part in parts if (stripped := part.strip())]


def _folders(value: object) -> tuple[Path, ...]:
    given = [value] if isinstance(value, Path) else value
    if isinstance(given, list | tuple) and all(isinstance(each, Path) for each in given):
        return tuple(given)
    return tuple(map(Path, _listed(given)))


def _origins(value: object) -> tuple[str, ...]:
    origins = _listed(value)
    for origin in origins:
        if "*" in origin:
            raise ValueError("should name each origin: with * any page could show what is answered")
        if not ORIGIN.fullmatch(origin):
            raise ValueError(
                f"should hold origins as a browser names them, https://www.example.org or "
                f"http://localhost:8080, in lower case and without a path; {origin!r} is none"
            )
        if re.fullmatch("http:.*:80|https:.*:443", origin):
            raise ValueError(f"should leave out the port that goes without saying, in {origin!r}")
    return tuple(dict.fromkeys(origins))


def _examples(value: object) -> tuple[str, ...]:
    examples = _listed(value, "|")
    long = [example for example in examples if len(example) > _EXAMPLE]
    if long:
        raise ValueError(f"should hold questions of {_EXAMPLE} characters at most")
    return tuple(dict.fromkeys(examples))


def _hosts(value: object) -> tuple[str, ...]:
    hosts = _listed(value)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(
                "should hold names, steward.example.org, in lower case and without a scheme, a "
                f"port or *; {host!r} is none"
            )
    return tuple(dict.fromkeys(hosts))


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


class ServerSettings(Settings, BaseSettings):
    """All there is to set, wherever it is set. The descriptions are the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, toml_file=FILE, extra="forbid", frozen=True
    )

    documents: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)] = Field(
        default=(),
        description="Folders that `steward serve` reads, with commas; else those ingested last, "
        "else `seeds`.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the server listens on."
    )
    port: int = Field(default=7860, ge=1, le=65535, description="Port the server listens on.")
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)] = Field(
        default=(),
        description="Names the server answers to beside `localhost` and IP addresses, as "
        "`steward.example.org`, with commas.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = Field(
        default=(),
        description="Sites that may embed Steward, as `https://www.example.org`, with commas.",
    )
    examples: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_examples)] = Field(
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
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` is believed, as `127.0.0.1`, with commas.",
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
