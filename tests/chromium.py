"""A real Chromium for the tests that need what only a browser does."""

import html
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")

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
