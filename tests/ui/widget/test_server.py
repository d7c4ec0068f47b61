"""The widget with the real server behind it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from rag.assistant import Assistant
from rag.documents.files import read_folder
from rag.index.building import ingest
from tests import chromium
from tests.conftest import SEEDS
from tests.serving import served
from tests.sites import EXAMPLE, WRITTEN, Site, Widget
from tests.stub_api import HOSTILE
from ui.server.app import create_app
from ui.settings import ServerSettings

pytestmark = chromium.needed

QUESTION = "What is the neutrality framework?"
# Without the exclamation mark, which would end the sentence.
WOMBAT = f"The wombat burrow register names {HOSTILE.replace('!', '')} in its first column."
BURROWS = """# The burrow permit

## What does a burrow permit cost?

A burrow permit costs **seven shillings** a year, which the [warden](https://x.example/) collects.
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, and one document that tries to be more than text."""
    folder = tmp_path_factory.mktemp("widget") / "documents"
    shutil.copytree(SEEDS, folder)
    text = f"The wombat burrow register\n\n{WOMBAT}\n\nIt is kept in a drawer.\n"
    (folder / "wombat.txt").write_text(text, encoding="utf-8")
    (folder / "burrows.md").write_text(BURROWS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(documents: Path, site: Site) -> Iterator[str]:
    """The address of a server that one origin may use."""
    settings = ServerSettings(index=documents.parent / "index", allowed_origins=(site.origin,))
    ingest(documents, settings)
    assistant = Assistant(settings)
    with served(lambda: create_app(assistant, settings), settings) as address:
        yield address
    assistant.close()


@pytest.fixture(scope="module")
def chrome(chrome: webdriver.Chrome) -> webdriver.Chrome:
    chromium.resize(chrome, 1280, 900)
    return chrome


@pytest.fixture(scope="module")
def example(site: Site, server: str) -> str:
    """The address of the example page."""
    return site.page(EXAMPLE.replace(WRITTEN, f"{server}/"))


def test_a_visitor_asks_reads_a_quote_and_opens_its_source(
    chrome: webdriver.Chrome, example: str, documents: Path
) -> None:
    widget = Widget(chrome, example)
    assert widget.ask(QUESTION) == "confidence"
    words = widget.words(".words")
    assert "neutrality framework" in words
    assert any(words in document.text for document in read_folder(documents)[0])
    assert widget.open_source() == words
    widget.one(".back").click()
    assert widget.ask("what is the capital of France?") == "refusal"
    assert widget.open_source(".nearest")
    widget.one(".back").click()
    assert widget.ask("?!") == "failure"


def test_a_quote_of_a_document_in_markdown_reads_as_it_is_meant_to(
    chrome: webdriver.Chrome, example: str
) -> None:
    widget = Widget(chrome, example)
    assert widget.ask("what does a burrow permit cost?") == "confidence"
    words = "A burrow permit costs seven shillings a year, which the warden collects."
    assert widget.words(".words") == words
    assert "shillings" in widget.words(".words strong")
    assert widget.open_source() == words
    above = "The burrow permit\n\nWhat does a burrow permit cost?\n\n"
    assert widget.words(".passage .text") == above + words


def test_a_document_that_tries_to_be_more_stays_text(
    chrome: webdriver.Chrome, example: str
) -> None:
    widget = Widget(chrome, example)
    title = chrome.title
    assert widget.ask("what does the wombat burrow register name?") == "confidence"
    assert any(WOMBAT in str(words.get_property("textContent")) for words in widget.all(".words"))
    widget.open_source()
    assert not widget.all(".panel :is(img, script, b, code)")
    assert chrome.title == title


def test_a_page_of_another_origin_gets_nothing(
    chrome: webdriver.Chrome, site: Site, example: str, server: str
) -> None:
    widget = Widget(chrome, example.replace(site.origin, site.other_origin))
    assert widget.ask(QUESTION) == "failure"
    assert not widget.all(".quote")
    assert "has not been given leave" in widget.words(".failure")
    said = [entry["message"] for entry in widget.log("browser")]
    told = f"add {site.other_origin} to STEWARD_ALLOWED_ORIGINS"
    assert any(told in line for line in said)
    read = """const done = arguments[arguments.length - 1];
        fetch(arguments[0]).then(answer => answer.text()).then(done, () => done(null))"""
    assert chrome.execute_async_script(read, f"{server}/api/documents") is None


@pytest.mark.parametrize("allowed", [True, False])
def test_only_an_allowed_origin_can_frame_the_widget(
    chrome: webdriver.Chrome, site: Site, server: str, allowed: bool
) -> None:
    page = f"<!doctype html><title>A page</title><iframe src='{server}/embed' height=640></iframe>"
    address = site.page(page)
    chrome.switch_to.default_content()
    chrome.get(address if allowed else address.replace(site.origin, site.other_origin))
    chrome.switch_to.frame(chrome.find_element(By.TAG_NAME, "iframe"))
    if allowed:
        widget = Widget(chrome)
        assert widget.ask(QUESTION) == "confidence"
    else:
        state = "return document.readyState"
        chromium.until(chrome, "the frame", lambda: chrome.execute_script(state) == "complete")
        said = chrome.find_element(By.TAG_NAME, "body").text
        assert f"add {site.other_origin} to STEWARD_ALLOWED_ORIGINS" in said
        assert not chrome.find_elements(By.CSS_SELECTOR, "steward-chat, script")
    chrome.switch_to.default_content()
