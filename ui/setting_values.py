"""Values of settings as ``steward.toml`` or a variable has them, and what is wrong with them."""

import ipaddress
import re
from pathlib import Path

_EXAMPLE = 200
"""Characters of a question that stands on a button."""

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME = rf"(?=.{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})*"
ORIGIN = re.compile(rf"https?://{_NAME}(?::[1-9][0-9]{{0,4}})?")
_HOST = re.compile(_NAME)
_TOKEN = re.compile("[!-~]{16,200}")


def _listed(value: object, between: str = ",") -> list[str]:
    """A list as it stands in ``steward.toml`` or, separated by commas, in a variable."""
    parts = value.split(between) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("should be a list of texts")
    return [stripped for part in parts if (stripped := part.strip())]


def folders(value: object) -> tuple[Path, ...]:
    """Paths."""
    given = [value] if isinstance(value, Path) else value
    if isinstance(given, list | tuple) and all(isinstance(each, Path) for each in given):
        return tuple(given)
    return tuple(map(Path, _listed(given)))


def origins(value: object) -> tuple[str, ...]:
    """Origins, as a browser names them."""
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


def examples(value: object) -> tuple[str, ...]:
    """Questions that each stand on a button."""
    examples = _listed(value, "|")
    long = [example for example in examples if len(example) > _EXAMPLE]
    if long:
        raise ValueError(f"should hold questions of {_EXAMPLE} characters at most")
    return tuple(dict.fromkeys(examples))


def token(value: object) -> object:
    """A secret that a header can hold."""
    if isinstance(value, str) and not _TOKEN.fullmatch(value):
        raise ValueError(
            "should be 16 to 200 letters, digits and signs without a space, such as "
            "`openssl rand -hex 24` prints"
        )
    return value


def hosts(value: object) -> tuple[str, ...]:
    """Names of hosts."""
    hosts = _listed(value)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(
                "should hold names, steward.example.org, in lower case and without a scheme, a "
                f"port or *; {host!r} is none"
            )
    return tuple(dict.fromkeys(hosts))


def networks(value: object) -> tuple[str, ...]:
    """Addresses and networks."""
    networks = _listed(value)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ValueError(
                f"should hold addresses or networks, 127.0.0.1 or 10.0.0.0/8; {network!r} is none"
            ) from None
    return tuple(networks)
