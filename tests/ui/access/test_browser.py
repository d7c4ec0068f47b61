"""Signing in in a real browser, and the widget with a token on a page of another site."""

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests import chromium
from tests.fakes import SENTENCE, WritingAssistant
from tests.serving import served
from tests.sites import Site, Widget, page_with
from ui.access.users import line
from ui.server.app import create_app
from ui.settings import ServerSettings

pytestmark = chromium.needed

TOKEN = "a-token-of-sixteen-or-more"
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def server(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    users = tmp_path_factory.mktemp("users") / "users"
    users.write_text(f"{line('ann', PASSWORD, [])}\n")
    settings = ServerSettings(
        users=users,
        access_token=TOKEN,  # type: ignore[arg-type]
        allowed_origins=(site.origin,),
        requests_per_minute=100_000,
    )
    with served(lambda: create_app(WritingAssistant(), settings), settings) as address:
        yield address


class Page:
    """A page as a person has it before them."""

    def __init__(self, chrome: webdriver.Chrome, address: str) -> None:
        self.chrome = chrome
        chrome.get(address)

    def until(self, what: str, selector: str) -> None:
        chromium.until(
            self.chrome, what, lambda: self.chrome.find_elements(By.CSS_SELECTOR, selector)
        )

    def sign_in(self, name: str, secret: str) -> None:
        self.until("the form", "#secret")
        self.chrome.find_element(By.ID, "name").clear()
        self.chrome.find_element(By.ID, "name").send_keys(name, Keys.TAB, secret, Keys.ENTER)


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_to_sign_in_has_no_flaw_and_needs_no_mouse(
    chrome: webdriver.Chrome, server: str, width: int, system: str
) -> None:
    chromium.resize(chrome, width, 844)
    chromium.prefer(chrome, color_scheme=system)
    page = Page(chrome, f"{server}/documents")
    assert chrome.current_url == f"{server}/sign-in?next=%2Fdocuments"
    assert chromium.violations(chrome) == []
    assert chrome.execute_script("return document.activeElement.id") == "name"
    page.sign_in("ann", "wrong password")
    page.until("the notice", "[role=alert]")
    assert chromium.violations(chrome) == []
    assert chrome.execute_script("return document.activeElement.id") == "secret"
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    page.sign_in("ann", PASSWORD)
    page.until("the documents", "ol a")
    assert chrome.current_url == f"{server}/documents"
    assert chrome.execute_script("return document.cookie") == ""  # no script can read it
    chrome.get(f"{server}/sign-in")
    assert chromium.violations(chrome) == []
    chrome.find_element(By.TAG_NAME, "button").click()
    page.until("the form", "#secret")
    chrome.get(f"{server}/documents")
    page.until("the form", "#secret")


def test_the_chat_answers_who_is_signed_in_and_leads_back_who_is_no_more(
    chrome: webdriver.Chrome, server: str
) -> None:
    chromium.resize(chrome, 1280, 900)
    page = Page(chrome, server)
    page.sign_in("", TOKEN)
    page.until("the field", "#question textarea")
    field = chrome.find_element(By.CSS_SELECTOR, "#question textarea")
    field.send_keys("how long is the Lena?", Keys.ENTER)
    page.until("the answer", "#conversation .confidence")
    assert SENTENCE.text in chrome.find_element(By.ID, "conversation").text
    page.until("the sources", "#source")
    chrome.delete_all_cookies()
    chromium.until(chrome, "the open field", field.is_enabled)
    field.send_keys("and where does it end?", Keys.ENTER)
    page.until("the form", "#secret")
    page.sign_in("", TOKEN)
    # What was asked before, and then, is kept in the tab and is asked again.
    shown = "#conversation .confidence"
    chromium.until(
        chrome, "both answers", lambda: len(chrome.find_elements(By.CSS_SELECTOR, shown)) == 2
    )
    chrome.find_element(By.CSS_SELECTOR, "#masthead form button").click()
    page.until("the form", "#secret")
    page.sign_in("ann", PASSWORD)
    page.until("the field", "#question textarea")
    assert "talking" not in str(chrome.find_element(By.TAG_NAME, "body").get_attribute("class"))


def test_the_widget_asks_with_its_token_and_says_so_where_it_has_none(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    chrome.get(server)
    chrome.delete_all_cookies()
    for token in (TOKEN, f"ann:{PASSWORD}"):
        widget = Widget(chrome, site.page(page_with(server, f"data-token='{token}'")))
        assert widget.ask("how long is the Lena?") == "confidence"
        assert not any("token" in each["message"] for each in widget.log("browser"))
    for attributes in ("", "data-token='another-token-altogether'"):
        widget = Widget(chrome, site.page(page_with(server, attributes)))
        assert widget.ask("how long is the Lena?") == "failure"
        assert "Only who was given access" in widget.words(".failure")


def test_the_widget_on_a_page_of_the_servers_own_has_its_visitors_session(
    chrome: webdriver.Chrome, server: str
) -> None:
    Page(chrome, f"{server}/documents").sign_in("ann", PASSWORD)
    Page(chrome, f"{server}/documents").until("the documents", "ol a")
    assert Widget(chrome, f"{server}/embed").ask("how long is the Lena?") == "confidence"
