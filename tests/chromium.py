"""A real Chromium for the tests that need what only a browser does."""

import shutil
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
