"""A person's way through the chat, in a real browser on a real server."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from rag.documents.files import read_folder
from tests import chromium
from tests.chromium import resize
from tests.conftest import SEEDS, free_port
from tests.fakes import SENTENCE, WritingAssistant
from tests.serving import served
from ui.server.app import create_app
from ui.settings import ServerSettings
from ui.wording.chat import LOST

pytestmark = chromium.needed

QUESTION = "what is the neutrality framework?"
REFUSED = "what is the capital of France?"
HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> "
    "[x](javascript:document.title='owned') $$x^2$$ {{7*7}} ${7*7} `code` **bold** "
    "![i](http://elsewhere.example/i.png)"
)
# Without the exclamation mark, which would end the sentence.
WOMBAT = f"The wombat burrow register names {HOSTILE.replace('!', '')} in its first column."
PERHAPS = "What is in it for young people who are about to enter the job market?"
SAID = ".answer, .refusal, .failure, .help"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, and one document that tries to be more than text."""
    folder = tmp_path_factory.mktemp("browser") / "documents"
    shutil.copytree(SEEDS, folder)
    text = f"The wombat burrow register\n\n{WOMBAT}\n\nIt is kept in a drawer.\n"
    (folder / "wombat.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(documents: Path) -> Iterator[str]:
    """The address of a server of its own."""
    port = free_port()
    command = [sys.executable, "-m", "ui.cli.app", "serve", "--port", str(port)]
    command += ["--documents", str(documents), "--index", str(documents.parent / "index")]
    log = documents.parent / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=SEEDS.parent, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            try:
                with urllib.request.urlopen(f"{address}healthz"):
                    break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "Traceback" not in log.read_text()
    assert process.returncode == 0


class Page:
    """The chat as a person has it before them."""

    def __init__(self, chrome: webdriver.Chrome, address: str) -> None:
        self.chrome = chrome
        self.log("performance")
        self.chrome.get(f"{address}healthz")  # has no script that would keep what was asked
        self.script("sessionStorage.clear()")
        self.chrome.get(address)
        self.until("the field", lambda: self.all("#question textarea"))
        self.until("the list of documents", lambda: self.title_of_source() == "Documents · Steward")

    def until(self, what: str, holds: Callable[..., object]) -> None:
        chromium.until(self.chrome, what, holds)

    def all(self, selector: str) -> list[WebElement]:
        return self.chrome.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, selector)

    def script(self, line: str) -> object:
        return self.chrome.execute_script(f"return {line}")

    def log(self, kind: str) -> list[dict[str, str]]:
        """What the browser logged since it was asked last."""
        return list(self.chrome.get_log(kind))  # type: ignore[no-untyped-call]

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.chrome).send_keys(*keys).perform()

    def ask(self, question: str) -> WebElement:
        """Type a question, press Enter, and wait for what is said."""
        before = len(self.all(SAID))
        self.one("#question textarea").send_keys(question, Keys.ENTER)
        return self.wait_for_answer(before)

    def wait_for_answer(self, before: int) -> WebElement:
        self.until("an answer", lambda: len(self.all(SAID)) > before)
        self.until("the open field", lambda: self.one("#question textarea").is_enabled())
        return self.all(SAID)[-1]

    def title_of_source(self) -> object:
        return self.script("document.getElementById('source')?.contentDocument?.title")

    def marked(self) -> str:
        """The text marked in the source, once there is some."""
        marks = "document.getElementById('source').contentDocument.querySelectorAll('mark')"
        self.until("a mark", lambda: self.script(f"{marks}.length > 0"))
        return str(self.script(f"[...{marks}].map(mark => mark.textContent).join('')"))

    def focused(self, selector: str) -> bool:
        return bool(self.script(f"document.activeElement.matches({selector!r})"))


@pytest.fixture
def page(chrome: webdriver.Chrome, server: str) -> Page:
    resize(chrome, 1280, 900)
    return Page(chrome, server)


@pytest.fixture
def phone(chrome: webdriver.Chrome, server: str) -> Iterator[Page]:
    resize(chrome, 390, 844)
    chromium.prefer(chrome, reduced_motion="reduce")
    yield Page(chrome, server)
    chromium.prefer(chrome)
    resize(chrome, 1280, 900)


def test_a_quote_is_verbatim_and_opens_in_its_place(page: Page, documents: Path) -> None:
    answer = page.ask(QUESTION)
    texts = {document.id: document.text for document in read_folder(documents)[0]}
    quotes = page.all(".quote")
    assert 1 <= len(quotes) <= 3
    for number, quote in enumerate(quotes, 1):
        words = quote.find_element(By.CSS_SELECTOR, ".words").get_attribute("textContent")
        chip = quote.find_element(By.CSS_SELECTOR, "a.chip")
        place = urlsplit(chip.get_attribute("href") or "")
        query = parse_qs(place.query)
        text = texts[place.path.removeprefix("/documents/")]
        assert text[int(query["start"][0]) : int(query["end"][0])] == words
        assert chip.text == f"[{number}]"
        chip.click()
        page.until("its place", lambda words=words: page.marked() == words)
    assert "neutrality framework" in (page.one(".quote .words").get_attribute("textContent") or "")
    # Of a quote longer than what the reader marks at most, some words are bold and some are not.
    marked = page.all(".quote .words b.marked")
    assert marked
    assert {each.value_of_css_property("font-weight") for each in marked} == {"700"}
    assert "% confident" in answer.text


def test_a_quote_is_scrolled_to(page: Page) -> None:
    page.ask(QUESTION)
    page.one("a.chip").click()
    page.marked()
    mark = "document.getElementById('source').contentDocument.querySelector('mark')"
    page.until("the scroll", lambda: page.script(f"{mark}.ownerDocument.defaultView.scrollY > 0"))
    top = page.script(f"{mark}.getBoundingClientRect().top")
    assert isinstance(top, int | float)
    assert 0 < top < 820


def test_every_near_identical_sentence_opens_too(page: Page) -> None:
    page.ask(QUESTION)
    links = page.all("a.also")
    assert links
    for link in links:
        link.click()
        page.until(
            "its document", lambda link=link: page.title_of_source() == f"{link.text} · Steward"
        )
        assert page.marked()


def test_a_citation_is_a_link_that_opens_a_tab_of_its_own(page: Page) -> None:
    page.ask(QUESTION)
    words = page.one(".quote .words").get_attribute("textContent")
    here = page.chrome.current_window_handle
    webdriver.ActionChains(page.chrome).key_down(Keys.CONTROL).click(page.one("a.chip")).key_up(
        Keys.CONTROL
    ).perform()
    page.until("the tab", lambda: len(page.chrome.window_handles) == 2)
    (tab,) = set(page.chrome.window_handles) - {here}
    page.chrome.switch_to.window(tab)
    page.until("the mark", lambda: page.all("mark#quote"))
    marked = "".join(mark.get_attribute("textContent") or "" for mark in page.all("mark"))
    page.chrome.close()
    page.chrome.switch_to.window(here)
    assert marked == words
    assert page.title_of_source() == "Documents · Steward"


def test_the_keyboard_is_enough(page: Page) -> None:
    page.until("the focus", lambda: page.focused("#question textarea"))
    page.press(QUESTION, Keys.ENTER)
    page.wait_for_answer(0)
    page.until("the focus", lambda: page.focused("#question textarea"))
    for _ in range(40):
        webdriver.ActionChains(page.chrome).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()
        if page.focused("a.chip"):
            break
    words = page.script(
        "document.activeElement.closest('.quote').querySelector('.words').textContent"
    )
    page.press(Keys.ENTER)
    page.until("its place", lambda: page.marked() == words)
    assert page.focused("a.chip")


def test_the_first_example_is_answered_by_a_click(page: Page) -> None:
    example = page.one("#examples button").text
    page.one("#examples button").click()
    answer = page.wait_for_answer(0)
    assert "answer" in (answer.get_attribute("class") or "")
    assert page.one(".asked").text == example
    page.until("no examples", lambda: not any(each.is_displayed() for each in page.all(".example")))


def test_a_refusal_says_so_and_its_passages_open(page: Page) -> None:
    refusal = page.ask(REFUSED)
    assert "refusal" in (refusal.get_attribute("class") or "")
    assert "Nothing in these documents seems to answer this." in refusal.text
    assert "not an answer" in refusal.text
    assert page.all(".answer") == []
    assert len(page.all("a.nearest")) == 3
    assert len({link.get_attribute("href") for link in page.all("a.nearest")}) == 3
    page.one("a.nearest").click()
    assert page.marked()


def test_an_empty_question_does_nothing(page: Page) -> None:
    page.one("#question textarea").send_keys("   ", Keys.ENTER)
    page.one("#send").click()
    assert "answer" in (page.ask(QUESTION).get_attribute("class") or "")
    assert len(page.all(".asked")) == 1


def test_a_question_after_a_question_stands_below_it(page: Page) -> None:
    page.ask(QUESTION)
    page.ask(REFUSED)
    assert [asked.text for asked in page.all(".asked")] == [QUESTION, REFUSED]


def test_hostile_text_stays_text(page: Page) -> None:
    page.ask(HOSTILE)
    assert page.one(".asked").get_attribute("textContent") == HOSTILE
    page.ask("what does the wombat burrow register name?")
    assert page.all(".quote .words")[0].get_attribute("textContent") == WOMBAT
    page.all("a.chip")[0].click()
    assert page.marked() == WOMBAT
    inside = "#conversation :is(img, script, strong, code, .katex, a:not(.cite), b:not(.marked))"
    assert page.all(inside) == []
    source = "document.getElementById('source').contentDocument"
    assert page.script(f"{source}.querySelectorAll('img, script, strong, code').length") == 0
    assert page.chrome.title == "Steward"
    assert page.script(f"{source}.title") == "The wombat burrow register · Steward"


def test_nothing_is_asked_of_another_host_and_nothing_breaks(page: Page, server: str) -> None:
    page.log("browser")  # what pages have said as they were left
    page.ask(QUESTION)
    page.one("a.chip").click()
    page.marked()
    page.ask("what does the wombat burrow register name?")
    asked = [
        json.loads(entry["message"])["message"]["params"]["request"]["url"]
        for entry in page.log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]
    hosts = {urlsplit(url).netloc for url in asked if url.startswith(("http", "ws"))}
    assert hosts == {urlsplit(server).netloc}
    broken = [entry for entry in page.log("browser") if entry["level"] == "SEVERE"]
    # Gradio says so, now and then, when it has ended a stream of its own.
    assert [entry for entry in broken if "AbortError" not in entry["message"]] == []


def test_a_screen_reader_hears_answers_and_no_markup(page: Page) -> None:
    page.ask(QUESTION)
    log = page.one("#conversation [role=log]")
    assert log.get_attribute("aria-live") == "polite"
    labels = "[...document.querySelectorAll('#conversation [aria-label]')].map(e => e.ariaLabel)"
    page.until("plain labels", lambda: "<" not in str(page.script(labels)))
    page.one("a.chip").click()
    page.marked()
    page.until(
        "the announcement",
        lambda: (
            "Sources show: "
            in str(page.script("document.getElementById('announcement').textContent"))
        ),
    )


def test_nothing_of_gradio_is_left_to_see(page: Page) -> None:
    page.ask(QUESTION)
    assert "gradio" not in page.one("body").text.lower()
    assert not any(footer.is_displayed() for footer in page.all("footer"))


def test_the_theme_follows_the_system_and_the_switch(page: Page) -> None:
    theme = "document.getElementById('source').contentDocument.documentElement.dataset.theme"
    page.until("light", lambda: page.script(theme) == "light")
    page.one("#theme").click()
    page.until("dark", lambda: page.script(theme) == "dark")
    assert page.script("document.body.classList.contains('dark')")
    page.chrome.refresh()
    page.until("dark still", lambda: page.script("document.body.classList.contains('dark')"))


def test_on_a_phone_the_source_is_a_sheet_that_gives_the_focus_back(phone: Page) -> None:
    phone.ask(QUESTION)
    chip = phone.one("a.chip")
    assert not phone.one("#source").is_displayed()
    chip.click()
    assert phone.marked() == phone.one(".quote .words").get_attribute("textContent")
    phone.until("the sheet", lambda: phone.one("#source").is_displayed())
    assert phone.focused("#close-sources")
    phone.press(Keys.ESCAPE)
    phone.until("no sheet", lambda: not phone.one("#source").is_displayed())
    assert phone.focused("a.chip")
    phone.one("#show-sources").click()
    phone.until("the sheet", lambda: phone.one("#close-sources").is_displayed())
    phone.one("#close-sources").click()
    phone.until("no sheet", lambda: not phone.one("#source").is_displayed())
    assert phone.focused("#show-sources")


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_no_window_is_too_narrow(page: Page, width: int) -> None:
    resize(page.chrome, width, 700)
    page.ask(QUESTION)
    page.ask(HOSTILE * 3)
    size = page.script("[document.documentElement.scrollWidth, window.innerWidth]")
    assert size == [width, width]
    assert page.one("#send").is_displayed()
    resize(page.chrome, 1280, 900)


def test_the_writing_of_a_model_can_be_stopped_and_the_quotes_stay(
    chrome: webdriver.Chrome,
) -> None:
    assistant = WritingAssistant()
    assistant.model.go_on.clear()
    settings = ServerSettings()
    with served(lambda: create_app(assistant, settings), settings) as address:
        page = Page(chrome, f"{address}/")
        page.one("#question textarea").send_keys("how long is the Lena?", Keys.ENTER)
        page.until("a sentence", lambda: page.all("#conversation .sentences"))
        assert page.all("#conversation .quote"), "they are there before the model is done"
        page.until("the closed field", lambda: not page.one("#question textarea").is_enabled())
        page.one("#stop").click()
        page.until("the end", lambda: page.all("#conversation .by"))
        page.until("the open field", lambda: page.one("#question textarea").is_enabled())
        assert page.one("#conversation .by").text.startswith("The language model was stopped.")
        assert SENTENCE.text in page.one("#conversation .sentences").text
        assert page.one("#conversation .quote").is_displayed()
        assert not any(button.is_displayed() for button in page.all("#stop"))
        assert "Error" not in page.one("#talk").text, "as Gradio says of an event it cancels"


def test_a_question_that_is_too_long_is_counted_and_stays_whole(page: Page) -> None:
    long = "why? " * 250
    field = page.one("#question textarea")
    page.chrome.execute_script(
        "const [field, text] = arguments; field.focus();"
        "document.execCommand('insertText', false, text);",
        field,
        long,
    )
    page.until("the number", lambda: page.one("#count").text == "1,249 of 1,000 characters")
    assert "Shorten it to 1,000 characters." in page.one("#notice").text
    field.send_keys(Keys.ENTER)
    page.one("#send").click()
    assert page.all(".asked") == []
    assert field.get_attribute("value") == long
    assert field.get_attribute("aria-invalid") == "true"
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(REFUSED)
    page.until("no notice", lambda: page.one("#notice").text == page.one("#count").text == "")
    field.send_keys(Keys.ENTER)
    assert "refusal" in (page.wait_for_answer(0).get_attribute("class") or "")


def test_a_reload_keeps_the_conversation_and_stores_questions_alone(page: Page) -> None:
    page.ask(QUESTION)
    page.ask(HOSTILE)
    said = [each.text for each in page.all(SAID)]
    page.one("#question textarea").send_keys("and then")
    stored = json.loads(str(page.script("Object.values(sessionStorage)[0]")))
    assert stored == {"asked": [QUESTION, HOSTILE], "draft": "and then"}
    page.chrome.refresh()
    page.until("the answers", lambda: len(page.all(SAID)) == 2)
    page.until("the open field", lambda: page.one("#question textarea").is_enabled())
    assert [each.text for each in page.all(SAID)] == said
    assert [asked.get_attribute("textContent") for asked in page.all(".asked")] == [
        QUESTION,
        HOSTILE,
    ]
    assert page.one("#question textarea").get_attribute("value") == "and then"
    assert page.chrome.title == "Steward"
    assert page.script("localStorage.length") == 0


def test_a_new_conversation_begins_with_nothing(page: Page) -> None:
    assert not page.one("#new").is_displayed()
    page.ask(QUESTION)
    page.one("#new").click()
    page.until("nothing said", lambda: page.all("#examples button") and not page.all(SAID))
    page.chrome.refresh()
    page.until("the field", lambda: page.all("#question textarea"))
    assert "refusal" in (page.ask(REFUSED).get_attribute("class") or "")
    assert [asked.text for asked in page.all(".asked")] == [REFUSED]


def test_a_server_that_is_gone_is_told_in_one_line_and_the_talk_goes_on_when_it_is_back(
    chrome: webdriver.Chrome,
) -> None:
    settings = ServerSettings()

    def app() -> FastAPI:
        return create_app(WritingAssistant(), settings)

    with served(app, settings) as address:
        page = Page(chrome, f"{address}/")
        page.ask("how long is the Lena?")
    page.one("#question textarea").send_keys("refuse", Keys.ENTER)
    page.until("the line", lambda: page.one("#notice").text == LOST)
    assert not any(each.is_displayed() for each in page.all(".toast-wrap"))
    assert page.all("#conversation .quote")
    with served(app, settings, urlsplit(address).port or 0):
        page.until("both answers", lambda: len(page.all(SAID)) == 2)
        page.until("the open field", lambda: page.one("#question textarea").is_enabled())
        assert [each.text for each in page.all(".asked")] == ["how long is the Lena?", "refuse"]
        assert page.one("#notice").text == ""
        assert page.one("#question textarea").get_attribute("value") == ""
    page.log("browser")


def test_tags_are_chosen_for_a_question_and_stay_with_it(chrome: webdriver.Chrome) -> None:
    settings = ServerSettings()

    def app() -> FastAPI:
        return create_app(WritingAssistant(), settings, tags=("nurses", "2024"))

    with served(app, settings) as address:
        page = Page(chrome, f"{address}/")
        page.one("#among label").click()
        page.ask("how long is the Lena?")
        assert page.one(".tagged").text == "Only documents with nurses"
        stored = json.loads(str(page.script("sessionStorage.getItem(sessionStorage.key(0))")))
        assert stored["asked"] == [["how long is the Lena?", ["nurses"]]]
        chrome.refresh()
        page.until("the answer", lambda: len(page.all(SAID)) == 1)
        page.until("the open field", lambda: page.one("#question textarea").is_enabled())
        assert page.one(".tagged").text == "Only documents with nurses"
    page.log("browser")


def test_back_on_a_phone_closes_the_source_and_not_the_site(phone: Page, server: str) -> None:
    phone.ask(QUESTION)
    phone.one("a.chip").click()
    phone.until("the sheet", lambda: phone.one("#source").is_displayed())
    phone.marked()
    phone.script("document.getElementById('source').contentDocument.querySelector('nav a').click()")
    phone.until("the list", lambda: phone.title_of_source() == "Documents · Steward")
    phone.chrome.back()
    phone.until("no sheet", lambda: not phone.one("#source").is_displayed())
    assert phone.chrome.current_url.startswith(server) and phone.all(".answer")
    phone.one("#embed").click()
    phone.until("the page", lambda: phone.one("#embedding").is_displayed())
    phone.chrome.back()
    phone.until("the talk", lambda: phone.one("#desk").is_displayed())
    assert phone.one("#embed").get_attribute("aria-expanded") == "false"
    assert phone.all(".answer")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844), (320, 640)])
def test_the_welcome_and_the_masthead_are_whole(page: Page, width: int, height: int) -> None:
    resize(page.chrome, width, height)
    page.chrome.refresh()
    page.until("the examples", lambda: page.all("#examples button"))
    page.until("the welcome", lambda: page.all(".welcome"))
    masthead = page.one("#masthead").rect
    parts = [each for each in page.all("#masthead :is(h1, p, button)") if each.is_displayed()]
    for part in parts:
        assert part.rect["x"] >= 0 and part.rect["x"] + part.rect["width"] <= width
        assert part.rect["y"] + part.rect["height"] <= masthead["height"]
    shown = "document.querySelector('#conversation [role=log]')"
    cut = f"{shown}.scrollHeight - {shown}.clientHeight"
    assert page.script(f"getComputedStyle({shown}).overflowY") == "auto"
    if height > 640:
        assert page.script(cut) == 0
    resize(page.chrome, 1280, 900)


@pytest.mark.parametrize("width", [320, 390])
def test_what_is_pressed_with_a_finger_is_large_enough(page: Page, width: int) -> None:
    resize(page.chrome, width, 800)
    page.ask(QUESTION)
    page.ask(REFUSED)
    pressed = "#masthead button, #send, #question textarea, #conversation :is(a, button)"
    found = [each for each in page.all(pressed) if each.is_displayed()]
    assert len(found) > 8
    for each in found:
        assert each.rect["height"] >= 44 and each.rect["width"] >= 44, each.text
    resize(page.chrome, 1280, 900)


def test_the_whole_conversation_is_printed_and_nothing_to_press(page: Page) -> None:
    page.one("#theme").click()
    for question in (QUESTION, REFUSED, QUESTION):
        page.ask(question)
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "document.querySelector('#conversation [role=log]')"
    assert page.script(f"{shown}.scrollHeight <= {shown}.clientHeight")
    assert page.script("document.documentElement.scrollHeight > innerHeight")
    assert not any(each.is_displayed() for each in page.all("button, textarea, iframe"))
    assert all(each.is_displayed() for each in page.all(".asked, .quote, .refusal"))
    assert page.script("getComputedStyle(document.querySelector('.asked')).color") == "rgb(0, 0, 0)"
    page.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_an_uncertain_answer_says_so_and_a_greeting_gets_questions_to_ask(page: Page) -> None:
    said = page.ask(PERHAPS)
    assert "perhaps" in str(said.get_attribute("class"))
    assert said.find_element(By.CSS_SELECTOR, ".unsure").text.startswith("Steward is not sure.")
    assert said.find_elements(By.CSS_SELECTOR, ".quote a.chip")
    page.ask("hello")
    example = page.one(".help .to-ask")
    asked = example.text
    example.click()
    page.until("its answer", lambda: len(page.all(SAID)) == 3)
    assert page.all(".asked")[-1].text == asked


@pytest.mark.parametrize(("width", "system"), [(1280, "dark"), (390, "light"), (320, "dark")])
def test_axe_finds_no_violation_in_any_outcome(page: Page, width: int, system: str) -> None:
    resize(page.chrome, width, 800)
    if (page.script("document.body.classList.contains('dark')")) != (system == "dark"):
        page.one("#theme").click()
        page.chrome.refresh()  # the colours of buttons change little by little
        page.until("the examples", lambda: page.all("#examples button"))
    assert chromium.violations(page.chrome) == []
    for question in (QUESTION, PERHAPS, REFUSED, "hello", "summarize the partnership"):
        page.ask(question)
    assert chromium.violations(page.chrome) == []
    page.one("a.cite").click()
    page.until("its place", page.marked)
    found = chromium.violations(page.chrome)
    # A sheet covers the masthead, and with it the heading of the page.
    assert [each for each in found if width > 900 or "page-has-heading-one" not in each] == []
    resize(page.chrome, 1280, 900)
