"""From a visitor's question to a gap, a document, a case and an eval that passes, in a browser."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from typer.testing import CliRunner

from rag.assistant import Assistant
from rag.index.building import ingest
from tests import chromium
from tests.conftest import SEEDS
from tests.serving import served
from tests.sites import Site, Widget, page_with
from ui.cli.app import app
from ui.server.app import create_app
from ui.settings import ServerSettings

pytestmark = chromium.needed

TOKEN = "correct horse battery staple"
QUESTION = "When does the canteen open?"
WORDS = "It is on the notice board: half past seven."
CANTEEN = "The canteen opens at half past seven in the morning."


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    shutil.copytree(SEEDS, folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, site: Site) -> ServerSettings:
    return ServerSettings(
        index=tmp_path / "index",
        allowed_origins=(site.origin,),
        log_questions=True,
        feedback=True,
        owner_token=TOKEN,  # type: ignore[arg-type]
    )


@pytest.fixture
def server(documents: Path, settings: ServerSettings) -> Iterator[str]:
    ingest(documents, settings)
    with (
        closing(Assistant(settings)) as assistant,
        served(lambda: create_app(assistant, settings), settings) as address,
    ):
        yield address


class Page:
    """The owner's page, as a person has it before them."""

    def __init__(self, chrome: webdriver.Chrome) -> None:
        self.chrome = chrome

    def one(self, selector: str) -> WebElement:
        """The first that is there, once it is."""
        chromium.until(self.chrome, selector, lambda: self._all(selector))
        return self._all(selector)[0]

    def says(self, words: str) -> bool:
        """Wait until the page says so."""
        chromium.until(
            self.chrome, words, lambda: any(words in main.text for main in self._all("main"))
        )
        return True

    def _all(self, selector: str) -> list[WebElement]:
        return self.chrome.find_elements(By.CSS_SELECTOR, selector)

    def wide(self) -> int:
        """How much wider the page is than the window."""
        line = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
        return int(self.chrome.execute_script(line))


def test_a_complaint_becomes_a_document_and_a_case_that_stays_mended(
    chrome: webdriver.Chrome,
    site: Site,
    server: str,
    settings: ServerSettings,
    documents: Path,
    tmp_path: Path,
) -> None:
    chromium.resize(chrome, 1280, 900)
    chromium.prefer(chrome, color_scheme="light", reduced_motion="reduce")

    # A visitor asks, is refused, and complains.
    widget = Widget(chrome, site.page(page_with(server)))
    assert widget.ask(QUESTION) == "refusal"
    kept = widget.words(".feedback .kept")
    assert "kept for 90 days" in kept and "No address, no cookie." in kept
    widget.one(".feedback .notHelped").click()
    widget.until("the thanks", lambda: "It is kept." in widget.words(".told"))
    assert widget.focused(".feedback input")
    widget.press(WORDS, Keys.ENTER)
    widget.until("the thanks", lambda: "Your words are kept." in widget.words(".told"))
    chrome.save_screenshot(str(tmp_path / "1-complaint.png"))

    # Whoever runs it gives the token, and sees the gap.
    page = Page(chrome)
    chrome.get(f"{server}/owner")
    assert QUESTION not in page.one("main").text
    assert chromium.violations(chrome) == []
    page.one("#token").send_keys("not the token at all", Keys.ENTER)
    assert page.says("STEWARD_OWNER_TOKEN")
    page.one("#token").send_keys(TOKEN, Keys.ENTER)
    assert page.says("Complaints")
    said = page.one("main").text
    headings = [each.text for each in chrome.find_elements(By.CSS_SELECTOR, "li h3")]
    assert headings == [QUESTION, QUESTION], "a gap, and a complaint"
    assert WORDS in said and "not answered: 1" in said
    chrome.save_screenshot(str(tmp_path / "2-gap.png"))
    for width, height in ((1280, 900), (390, 844)):
        chromium.resize(chrome, width, height)
        for look in ("light", "dark"):
            chromium.prefer(chrome, color_scheme=look)
            assert (chromium.violations(chrome), page.wide()) == ([], 0), (width, look)
    chrome.save_screenshot(str(tmp_path / "3-phone.png"))

    # They add what was missing.
    (documents / "canteen.txt").write_text(f"The canteen\n\n{CANTEEN} It closes at three.\n")
    runner = CliRunner()
    result = runner.invoke(app, ["ingest", str(documents), "--index", str(settings.index)])
    assert result.exit_code == 0, result.output

    # They make a case of it, by keyboard.
    chromium.resize(chrome, 1280, 900)
    chromium.prefer(chrome, color_scheme="light")
    chrome.refresh()
    page.one('#complaints ~ .items form[action="owner/case"] button').send_keys(Keys.ENTER)
    assert page.says("What would have been right?")
    assert chromium.violations(chrome) == []
    right = next(
        label
        for label in chrome.find_elements(By.CSS_SELECTOR, ".choice label")
        if CANTEEN in label.text
    )
    page.one(f"#{right.get_attribute('for')}").send_keys(Keys.SPACE)
    chrome.save_screenshot(str(tmp_path / "4-case.png"))
    page.one("form button").send_keys(Keys.ENTER)
    assert page.says("A case was made of")

    # And it stays mended: the eval passes.
    case = runner.invoke(app, ["cases", "--index", str(settings.index)])
    assert json.loads(case.stdout)["quotes"] == [CANTEEN]
    (tmp_path / "cases.jsonl").write_text(case.stdout)
    checked = ["eval", "--questions", str(tmp_path / "cases.jsonl"), "--min", "right=1"]
    result = runner.invoke(app, [*checked, "--index", str(settings.index)])
    assert result.exit_code == 0, result.output
    assert Widget(chrome, site.page(page_with(server))).ask(QUESTION) == "confidence"


def test_the_chat_asks_too_whether_it_helped(chrome: webdriver.Chrome, server: str) -> None:
    chromium.resize(chrome, 1280, 900)
    chromium.prefer(chrome, color_scheme="light")
    chrome.get(server)
    page = Page(chrome)
    page.one("#question textarea").send_keys(QUESTION, Keys.ENTER)
    assert "No address, no cookie." in page.one("#conversation .feedback .kept").text
    page.one("#conversation .feedback .not-helped").click()
    field = page.one("#conversation .feedback input")
    field.send_keys(WORDS, Keys.ENTER)
    told, thanks = "#conversation .feedback .told", "Thank you. Your words are kept."
    chromium.until(chrome, thanks, lambda: page.one(told).text == thanks)
    chrome.get(f"{server}/owner")
    page.one("#token").send_keys(TOKEN, Keys.ENTER)
    assert page.says(WORDS)
