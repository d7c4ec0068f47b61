"""A real Chromium for the tests that need what only a browser does."""

import html
import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")

_WAIT = 120  # seconds, on a machine with other things to do
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

needed = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER), reason="chromium and chromedriver are not installed"
)


def start(profile: Path) -> webdriver.Chrome:
    """Start Chromium with a profile of its own; the caller quits it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        f"user-data-dir={profile}",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))


def resize(chrome: webdriver.Chrome, width: int, height: int) -> None:
    """Give the page a size in CSS pixels."""
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def prefer(chrome: webdriver.Chrome, **preferences: str) -> None:
    """Have the system prefer, say, ``color_scheme="dark"``; without arguments, nothing."""
    features = [
        {"name": f"prefers-{name.replace('_', '-')}", "value": value}
        for name, value in preferences.items()
    ]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def until(chrome: webdriver.Chrome, what: str, holds: Callable[..., object]) -> None:
    """Wait for something to hold, also while one page gives way to the next."""
    waiting = WebDriverWait(chrome, _WAIT, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _: holds(), what)


def violations(chrome: webdriver.Chrome, inside: str = "html") -> list[str]:
    """What axe-core holds against the page, by WCAG 2.2 AA and its own good practice.

    It must have looked at an element that is named like ``inside``, or within one.
    """
    found = importlib.util.find_spec("axe_playwright_python")
    assert found and found.origin
    if not chrome.execute_script("return 'axe' in window"):
        script = Path(found.origin).parent / "axe.min.js"
        chrome.execute_script(script.read_text(encoding="utf-8"))
    chrome.set_script_timeout(_WAIT)
    result = chrome.execute_async_script(
        "axe.run(document, arguments[0]).then(arguments[1], error => arguments[1](String(error)))",
        {"runOnly": {"type": "tag", "values": _RULES}},
    )
    assert isinstance(result, dict), result
    assert any(inside in str(each["nodes"]) for each in result["passes"])
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in result["violations"]
        for node in each["nodes"]
    ]


def printed(paragraphs: Sequence[str], folder: Path, columns: int = 1) -> bytes:
    """A PDF of paragraphs, as the browser prints a page, with its own heads and feet."""
    page, file = folder / "page.html", folder / "page.pdf"
    body = "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs)
    style = f"columns: {columns}; font: 11pt serif"
    page.write_text(f'<meta charset="utf-8"><div style="{style}">{body}</div>', encoding="utf-8")
    subprocess.run(
        [CHROMIUM or "", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={file}"]
        + [f"--user-data-dir={folder / 'profile'}", page.as_uri()],
        check=True,
        capture_output=True,
    )
    return file.read_bytes()
