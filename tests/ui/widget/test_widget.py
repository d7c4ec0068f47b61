"""The widget in a real browser, on a page of another origin than the server's."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests import chromium
from tests.serving import listening
from tests.sites import EXAMPLE, WRITTEN, Site, Widget, page_with
from tests.stub_api import ARABIC, DOCUMENTS, FRAMEWORK, HOSTILE, PROSE, SEPARATED, WIDGET, StubApi

pytestmark = chromium.needed

QUESTION = "What is the neutrality framework?"
STRICT = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; "
    "script-src {0}; connect-src {0}"
)
OWN_LOOK = """
* { all: unset; color: red !important; font: 40px Impact !important; letter-spacing: 1em }
*, steward-chat {
  display: inline !important; opacity: .2 !important; transform: rotate(9deg) !important;
  visibility: hidden !important; pointer-events: none !important; direction: rtl;
  --paper: red; --ink: red; --accent: red; --sans: Impact;
}
*::before, *::after { content: "PAGE" !important; }
"""


@pytest.fixture(scope="module")
def stub(site: Site) -> StubApi:
    return StubApi([site.origin])


@pytest.fixture(scope="module")
def server(stub: StubApi) -> Iterator[str]:
    """The address of the server, below a prefix."""
    with listening(stub.app) as address:
        yield f"{address}/under"


@pytest.fixture
def chrome(chrome: webdriver.Chrome, stub: StubApi) -> webdriver.Chrome:
    """The browser, wide and with no preference; and a server that was not asked yet."""
    chromium.resize(chrome, 1280, 900)
    chromium.prefer(chrome, color_scheme="light")
    stub.asked.clear()
    stub.waiting.set()
    return chrome


@pytest.fixture
def widget(chrome: webdriver.Chrome, site: Site, server: str) -> Widget:
    """The widget on the example page, open."""
    return Widget(chrome, site.page(EXAMPLE.replace(WRITTEN, f"{server}/")))


def test_a_quote_shows_its_words_and_opens_its_source_in_place(widget: Widget) -> None:
    assert widget.ask(QUESTION) == "confidence"
    words = widget.words(".words")
    assert words in FRAMEWORK
    assert widget.words(".words strong") == "a neutrality framework for future worker organizing"
    assert widget.one(".chip").text == "[1]"
    assert "AFL-CIO, December 11, 2023, page 2" in widget.words(".credit")
    assert widget.open_source() == words
    assert widget.words(".passage .text") == FRAMEWORK
    assert widget.focused(".back")
    widget.one(".back").click()
    assert widget.focused(".chip")
    assert not widget.one(".source").is_displayed()


def test_what_other_documents_say_alike_opens_too(widget: Widget) -> None:
    widget.ask(QUESTION)
    assert widget.one(".also").text == "In short"
    assert widget.open_source(".also") == "it provides a neutrality framework"
    assert widget.words(".passage h2") == "In short"


def test_stages_show_before_the_quotes_and_the_field_takes_no_second_question(
    widget: Widget, stub: StubApi
) -> None:
    stub.waiting.clear()
    widget.one("textarea").send_keys(QUESTION, Keys.ENTER)
    widget.until("the stage", lambda: widget.words(".said") == "Reading the nearest passages…")
    widget.one("textarea").send_keys("and more", Keys.ENTER)
    stub.waiting.set()
    widget.wait_for_answer(0)
    assert [asked["question"] for asked in stub.asked] == [QUESTION]
    assert widget.one("textarea").get_property("value") == "and more"


def test_an_answer_that_is_not_streamed_shows_the_same(widget: Widget) -> None:
    widget.ask(QUESTION)
    streamed = widget.words(".said")
    widget.ask(f"{QUESTION} at once")
    assert widget.all(".said")[1].get_property("textContent") == streamed


def test_a_models_sentences_stand_above_the_quotes_with_the_quotes_they_rest_on(
    widget: Widget,
) -> None:
    widget.ask(f"{QUESTION} prose")
    first, second = PROSE["sentences"]
    said = widget.words(".sentences")
    assert said.split() == f"{first['text']} [1] {second['text']} [1] [2]".split()
    assert "checked against the quotes" in widget.words(".by")
    assert not widget.all(".written img") and len(widget.all(".confidence")) == 1
    above, below = (widget.one(each).rect for each in (".written", ".quote"))
    assert above["y"] + above["height"] <= below["y"]
    assert widget.open_source(".written .chip") == widget.words(".words")
    widget.one(".back").click()
    streamed = widget.words(".said")
    widget.ask(f"{QUESTION} prose at once")
    assert str(widget.all(".said")[1].get_property("textContent")).split() == streamed.split()


def test_the_writing_can_be_stopped_and_the_quotes_stay(widget: Widget) -> None:
    widget.one("textarea").send_keys(f"{QUESTION} endless prose", Keys.ENTER)
    widget.until("a sentence", lambda: widget.all(".sentences .chip"))
    widget.one(".written button").click()
    widget.until("the end", lambda: widget.all(".by"))
    assert widget.words(".by").startswith("The language model was stopped.")
    assert PROSE["sentences"][0]["text"] in widget.words(".sentences")
    assert widget.all(".quote") and not widget.all(".failure") and widget.focused("textarea")
    assert widget.ask(QUESTION) == "confidence", "and the next question can be asked"


def test_a_model_that_breaks_off_takes_no_quote_along(widget: Widget) -> None:
    widget.ask(f"{QUESTION} prose cut short")
    widget.until("the line", lambda: widget.all(".by"))
    assert "Something went wrong while the language model wrote." in widget.words(".by")
    assert widget.all(".quote") and not widget.all(".failure")


def test_a_follow_up_brings_what_was_said_before(widget: Widget, stub: StubApi) -> None:
    widget.ask(QUESTION)
    said = "\n".join(str(words.get_property("textContent")) for words in widget.all(".words"))
    widget.ask("refuse")
    widget.ask("and then?")
    assert [asked["history"] for asked in stub.asked] == [
        [],
        [{"question": QUESTION, "answer": said}],
        [{"question": QUESTION, "answer": said}, {"question": "refuse", "answer": ""}],
    ]


def test_a_refusal_looks_like_one_and_opens_the_nearest_passages(widget: Widget) -> None:
    assert widget.ask("refuse: what is the capital of France?") == "refusal"
    assert not widget.all(".quote") and not widget.all(".failure")
    said = widget.words(".refusal")
    assert "Nothing in these documents seems to answer this." in said
    assert "No document holds the word “France”. If there is another word for it" in said
    assert "Confidence 7%, answers from 50%." in said and "not an answer" in said
    nearest = widget.open_source(".nearest")
    assert nearest == "The first training sessions begin in the winter of 2024."


def test_a_correction_is_said(widget: Widget) -> None:
    widget.ask("the neutrality framwork")
    assert widget.words(".searched") == "Searched for: the neutrality framework"


def test_a_document_that_changed_shows_no_mark(widget: Widget) -> None:
    widget.ask("changed")
    widget.one(".chip").click()
    widget.until("the notice", lambda: widget.all(".notice"))
    assert "changed since it was quoted" in widget.words(".notice")
    assert not widget.all("mark") and not widget.all(".passage .text")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("busy", "Too many questions at the moment. Try again in 7 s."),
        ("defect", f"Unexpected error {HOSTILE}"),
        ("framework breaks", "It broke on the way."),
        ("framework ends", "Something went wrong."),
    ],
)
def test_an_error_looks_like_one(widget: Widget, question: str, line: str) -> None:
    assert widget.ask(question) == "failure"
    assert widget.words(".failure p") == f"Error. {line}"
    assert not widget.all(".quote") and not widget.all(".refusal")


def test_a_question_that_failed_is_asked_again(widget: Widget, stub: StubApi) -> None:
    widget.ask("defect in the framework")
    widget.one(".failure button").click()
    widget.until("the answer", lambda: widget.all(".confidence"))
    assert not widget.all(".failure") and len(widget.all(".turn")) == 1
    assert len(stub.asked) == 2 and stub.asked[1]["history"] == []
    assert widget.focused("textarea")


def test_an_origin_that_is_not_allowed_gets_nothing(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    address = site.page(EXAMPLE.replace(WRITTEN, f"{server}/"))
    widget = Widget(chrome, address.replace(site.origin, site.other_origin))
    assert widget.ask(QUESTION) == "failure"
    assert "This site has not been given leave" in widget.words(".failure")
    assert not widget.all(".quote")
    said = [entry["message"] for entry in widget.log("browser")]
    assert any(f"Add {site.other_origin} to the list." in line for line in said)


def test_a_server_that_is_not_there_is_none_that_refuses(
    chrome: webdriver.Chrome, site: Site
) -> None:
    with listening(StubApi([site.origin]).app) as address:
        widget = Widget(chrome, site.page(page_with(f"{address}/under")))
    assert widget.ask(QUESTION) == "failure"
    assert "cannot be reached from this page" in widget.words(".failure")


def test_a_quote_may_hold_what_ends_a_line_elsewhere(widget: Widget) -> None:
    assert widget.ask("what is separated?") == "confidence"
    assert widget.words(".words") == SEPARATED


def test_a_hostile_question_and_a_hostile_document_stay_text(widget: Widget) -> None:
    title = widget.chrome.title
    asked = f"hostile {HOSTILE}"
    widget.ask(asked)
    assert widget.words(".asked") == asked
    assert widget.words(".words") == f"{HOSTILE}."
    assert widget.words(".credit cite") == HOSTILE
    assert widget.open_source() == f"{HOSTILE}."
    assert widget.words(".passage .text") == DOCUMENTS["dddddddddddd"]["text"]
    widget.one(".back").click()
    widget.ask(f"refuse hostile {HOSTILE}")
    assert f"“{HOSTILE}”" in widget.words(".refusal")
    inside = "[...root.querySelectorAll('*')].map(node => node.localName)"
    assert not {"img", "script", "b", "style", "iframe", "code"} & set(widget.script(inside))
    links = widget.script("[...root.querySelectorAll('a')].map(link => link.href)")
    server = widget.script("new URL(document.querySelector('script[src]').src).origin")
    assert links and all(link.startswith(f"{server}/under/") for link in links)
    assert widget.chrome.title == title


def test_nothing_is_stored_and_no_other_server_is_asked(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    address = site.page(EXAMPLE.replace(WRITTEN, f"{server}/"))
    chrome.get(f"{site.origin}/nothing")
    widget = Widget(chrome, address)
    widget.ask(QUESTION)
    widget.open_source()
    stored = widget.chrome.execute_async_script("""
        const done = arguments[arguments.length - 1];
        Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, keys]) =>
          done([document.cookie, localStorage.length, sessionStorage.length, databases, keys]));
    """)
    assert stored == ["", 0, 0, [], []]
    assert chrome.execute_cdp_cmd("Network.getAllCookies", {})["cookies"] == []
    sent = [json.loads(entry["message"])["message"] for entry in widget.log("performance")]
    asked = [each["params"] for each in sent if each["method"] == "Network.requestWillBeSent"]
    hosts = {urlsplit(each["request"]["url"]).netloc for each in asked}
    assert hosts == {urlsplit(site.origin).netloc, urlsplit(server).netloc}


def test_it_works_under_a_strict_policy_of_the_page(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    address = "{0.scheme}://{0.netloc}".format(urlsplit(server))
    policy = {"Content-Security-Policy": STRICT.format(address)}
    page = re.sub("<style>.*?</style>", "", page_with(server))
    widget = Widget(chrome, site.page(page, policy))
    assert widget.style(".panel", "background-color") == "rgb(253, 252, 249)"
    assert widget.ask(QUESTION) == "confidence"
    assert widget.open_source()
    said = [entry["message"] for entry in widget.log("browser")]
    assert not [line for line in said if "Content Security Policy" in line or "Trusted" in line]


def look(widget: Widget) -> object:
    """Every computed style and place of everything in the widget."""
    return widget.script("""
      [...root.querySelectorAll(":not(.said *)")].map(node => {
        const style = getComputedStyle(node), box = node.getBoundingClientRect();
        const kept = [...style].filter(name => !name.startsWith("--")).map(name =>
          `${name}: ${style.getPropertyValue(name)}`);
        return [node.localName, box.x, box.y, box.width, box.height, kept];
      })""")


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_the_style_of_the_page_does_not_reach_it(
    chrome: webdriver.Chrome, site: Site, server: str, size: tuple[int, int]
) -> None:
    chromium.resize(chrome, *size)
    chromium.prefer(chrome, reduced_motion="reduce")
    looks = []
    for style in ("", OWN_LOOK):
        widget = Widget(chrome, site.page(page_with(server, "data-questions='Why?'", style=style)))
        widget.ask(QUESTION)
        widget.press(Keys.ESCAPE)
        widget.until("the button", lambda widget=widget: widget.focused(".launcher"))
        closed = look(widget)
        widget.one(".launcher").click()
        looks.append((closed, look(widget)))
    assert looks[0] == looks[1]


def test_the_page_keeps_its_own_style(chrome: webdriver.Chrome, site: Site, server: str) -> None:
    styles = """[...document.querySelectorAll("html, body, body :not(steward-chat)")].map(node =>
      [...getComputedStyle(node)].map(name => getComputedStyle(node).getPropertyValue(name)))"""
    page = EXAMPLE.replace(WRITTEN, f"{server}/")
    with_widget = Widget(chrome, site.page(page)).script(styles)
    chrome.get(site.page(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)))
    assert chrome.execute_script(f"return {styles}") == with_widget


def test_a_keyboard_is_enough(chrome: webdriver.Chrome, site: Site, server: str) -> None:
    widget = Widget(chrome, site.page(page_with(server)), opened=False)
    widget.press(Keys.TAB)
    assert widget.focused(".launcher")
    assert widget.one(".launcher").get_attribute("aria-expanded") == "false"
    widget.press(Keys.ENTER)
    widget.until("the field", lambda: widget.focused("textarea"))
    assert widget.one(".launcher").get_attribute("aria-expanded") == "true"
    widget.press("one line")
    widget.press(Keys.ENTER, shift=True)
    widget.press(QUESTION, Keys.ENTER)
    widget.wait_for_answer(0)
    assert widget.words(".asked") == f"one line\n{QUESTION}"
    for back in (".copy", ".chip", ".also", ".copy", ".chip"):
        widget.press(Keys.TAB, shift=True)
        assert widget.focused(back)
    widget.press(Keys.ENTER)
    widget.until("the mark", lambda: widget.all("mark"))
    assert widget.focused(".back")
    widget.press(Keys.ESCAPE)
    assert widget.focused(".chip")
    assert widget.one(".panel").is_displayed()
    widget.press(Keys.ESCAPE)
    widget.until("the button", lambda: widget.focused(".launcher"))
    assert widget.one(".launcher").get_attribute("aria-expanded") == "false"
    assert not widget.one(".panel").is_displayed()


def test_keys_pressed_in_the_field_are_none_of_the_pages_business(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    widget = Widget(chrome, site.page(page_with(server)))
    widget.script("document.addEventListener('keydown', () => (document.title = 'heard'))")
    widget.one("textarea").send_keys("j/k")
    assert chrome.title == "A page"


def test_answers_are_announced(widget: Widget) -> None:
    log = widget.one(".log")
    assert (log.get_attribute("role"), log.accessible_name) == ("log", "Conversation")
    widget.ask(QUESTION)
    assert widget.one(".chip").accessible_name.startswith("[1] Open the source: The partnership")
    assert widget.one("textarea").accessible_name == "Your question"
    assert widget.one(".panel").accessible_name == "Ask about the partnership"


def fills_the_screen(widget: Widget) -> bool:
    width, height = widget.script("[document.documentElement.clientWidth, innerHeight]")
    return widget.one(".panel").rect == {"x": 0, "y": 0, "width": width, "height": height}


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    chromium.resize(chrome, 390, 844)
    widget = Widget(chrome, site.page(EXAMPLE.replace(WRITTEN, f"{server}/")))
    widget.until("the whole screen", lambda: fills_the_screen(widget))
    assert not widget.focused("textarea"), "a keyboard would cover the greeting"
    widget.ask(QUESTION)
    for _ in range(12):
        widget.press(Keys.TAB)
        inside = "[document.activeElement.localName, root.activeElement?.className]"
        where, what = widget.script(inside)
        assert where in ("steward-chat", "body"), "of the page nothing but the end of it"
        assert what != "launcher"
    widget.open_source()
    widget.press(Keys.ESCAPE)
    widget.until("the conversation", lambda: not widget.one(".source").is_displayed())
    widget.press(Keys.ESCAPE)
    widget.until("the page", lambda: not widget.one(".panel").is_displayed())
    widget.until("the button", lambda: widget.focused(".launcher"))


def test_a_window_that_narrows_keeps_the_conversation(widget: Widget) -> None:
    widget.ask(QUESTION)
    chromium.resize(widget.chrome, 390, 844)
    widget.until("the whole screen", lambda: fills_the_screen(widget))
    assert widget.script("root.querySelector('.panel').matches(':modal')")
    assert widget.focused("textarea") and widget.all(".quote")
    chromium.resize(widget.chrome, 1280, 900)
    widget.until("the corner", lambda: widget.one(".panel").rect["width"] == 416)
    assert widget.one(".launcher").get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("size", [(320, 640), (640, 450), (1280, 900)])
def test_no_window_is_too_small(
    chrome: webdriver.Chrome, site: Site, server: str, size: tuple[int, int]
) -> None:
    """640 by 450 is a window of 1280 by 900 at 200%."""
    chromium.resize(chrome, *size)
    widget = Widget(chrome, site.page(page_with(server)))
    widget.ask(f"hostile {HOSTILE * 3}")
    widths = "[root.querySelector('.log')].map(log => [log.scrollWidth, log.clientWidth])[0]"
    needed, given = widget.script(widths)
    assert needed <= given
    for selector in ("textarea", ".send", ".icon"):
        box = widget.one(selector).rect
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize(
    ("system", "setting", "paper"),
    [
        ("light", "", "rgb(253, 252, 249)"),
        ("dark", "", "rgb(27, 26, 24)"),
        ("light", "data-theme='dark'", "rgb(27, 26, 24)"),
        ("dark", "data-theme='light'", "rgb(253, 252, 249)"),
    ],
)
def test_the_theme_is_the_systems_or_the_one_that_is_set(
    chrome: webdriver.Chrome, site: Site, server: str, system: str, setting: str, paper: str
) -> None:
    chromium.prefer(chrome, color_scheme=system)
    widget = Widget(chrome, site.page(page_with(server, setting)))
    assert widget.style(".panel", "background-color") == paper


def test_it_is_still_where_motion_is_not_wanted(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    chromium.prefer(chrome, reduced_motion="reduce")
    widget = Widget(chrome, site.page(page_with(server)))
    assert widget.style(".panel", "animation-name") == "none"
    chromium.prefer(chrome)
    assert widget.style(".panel", "animation-name") == "rise"


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 of two colours as the browser writes them."""

    def luminance(colour: str) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in channels(colour)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def channels(colour: str) -> list[float]:
        numbers = [float(number) for number in re.findall(r"[\d.]+", colour)][:3]
        return numbers if colour.startswith("color(srgb") else [each / 255 for each in numbers]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffd500", "#fff", "#000000", "#E4002B", "#767676", "#1c4e8a"])
def test_every_accent_is_readable(
    chrome: webdriver.Chrome, site: Site, server: str, accent: str, system: str
) -> None:
    chromium.prefer(chrome, color_scheme=system)
    widget = Widget(chrome, site.page(page_with(server, f"data-accent='{accent}'")))
    widget.ask(QUESTION)
    for selector in (".launcher", ".send", ".chip"):
        ink, ground = (widget.style(selector, name) for name in ("color", "background-color"))
        assert contrast(ink, ground) >= 4.5, (selector, ink, ground)
    paper = widget.style(".panel", "background-color")
    assert contrast(widget.style(".also", "color"), paper) >= 4.5


@pytest.mark.parametrize(
    "accent", ["red", "#12345", "url(http://a.example/)", "#fff;} * {color:red"]
)
def test_an_accent_that_is_none_is_refused(
    chrome: webdriver.Chrome, site: Site, server: str, accent: str
) -> None:
    widget = Widget(chrome, site.page(page_with(server, f'data-accent="{accent}"')))
    assert widget.style(".launcher", "background-color") == "rgb(28, 78, 138)"
    assert any("is not #rgb or #rrggbb" in entry["message"] for entry in widget.log("browser"))


@pytest.mark.parametrize("spanish", ["setting", "page"])
def test_it_speaks_the_language_that_is_set_or_the_pages(
    chrome: webdriver.Chrome, site: Site, server: str, spanish: str
) -> None:
    page = page_with(server, "data-lang='es' data-ask='¡Vamos!'")
    if spanish == "page":
        page = page_with(server, "data-ask='¡Vamos!'").replace("lang='en'", "lang='es-MX'")
    widget = Widget(chrome, site.page(page))
    assert widget.one(".launcher").text == "Hacer una pregunta"
    assert widget.one(".send").text == "¡Vamos!"
    widget.ask(QUESTION)
    assert "11 de diciembre de 2023" in widget.words(".credit")
    widget.ask("refuse")
    assert "Nada en estos documentos parece responder a esto." in widget.words(".refusal")
    widget.ask("busy")
    assert "Inténtelo de nuevo en 7 s." in widget.words(".failure")
    widget.ask("defect")
    assert widget.all(".failure p span")[-1].get_attribute("lang") == "en", "the server's words"


def test_every_string_is_there_in_both_languages() -> None:
    source = (WIDGET / "widget.js").read_text(encoding="utf-8")
    english, spanish = re.findall(
        r"^    e[ns]: \{\n(.*?)^    \},$", source, re.DOTALL | re.MULTILINE
    )
    names = [re.findall(r"^      (\w+):", each, re.MULTILINE) for each in (english, spanish)]
    assert names[0] == names[1] and len(names[0]) > 30
    blanks = [re.findall(r"\{\w+\}", each) for each in (english, spanish)]
    assert blanks[0] == blanks[1]


def test_it_reads_from_right_to_left_where_the_language_does(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    widget = Widget(chrome, site.page(page_with(server, "data-lang='ar' data-ask='اسأل'")))
    widget.ask("ما هو إطار الحياد؟")
    assert widget.style(".words", "direction") == "rtl"
    panel, send, field = (widget.one(each).rect for each in (".panel", ".send", "textarea"))
    assert panel["x"] == 20 and send["x"] < field["x"]
    assert widget.open_source() in ARABIC


def test_open_from_the_start_takes_no_focus_and_no_phones_screen(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    address = site.page(page_with(server, "data-open"))
    widget = Widget(chrome, address, opened=False)
    assert widget.one(".panel").is_displayed()
    assert chrome.switch_to.active_element.tag_name == "body"
    widget.one(".icon").click()
    widget.until("the page", lambda: not widget.one(".panel").is_displayed())
    chromium.resize(chrome, 390, 844)
    assert not Widget(chrome, address, opened=False).one(".panel").is_displayed()


def test_inline_it_stands_in_the_text_and_has_no_button(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    body = "<steward-chat inline data-title='Here'></steward-chat><p id='after'>After.</p>"
    settings = "data-title='There' data-questions='The framework? | Refuse?'"
    widget = Widget(chrome, site.page(page_with(server, settings, body)))
    assert not widget.all(".launcher") and widget.words(".name") == "Here"
    assert chrome.execute_script("return document.querySelectorAll('steward-chat').length") == 1
    panel = widget.one(".panel").rect
    after = chrome.find_element("id", "after").rect
    assert after["y"] >= panel["y"] + panel["height"]
    assert [button.text for button in widget.all(".questions button")] == [
        "The framework?",
        "Refuse?",
    ]
    widget.one(".questions button").click()
    widget.wait_for_answer(0)
    assert widget.words(".asked") == "The framework?"
    assert not widget.one(".questions").is_displayed()


def theme(widget: Widget) -> str:
    dark = widget.style(".panel", "background-color") == "rgb(27, 26, 24)"
    return "dark" if dark else "light"


@pytest.mark.parametrize(
    ("style", "of_light", "of_dark"),
    [
        ("", "light", "light"),
        (":root { color-scheme: light dark }", "light", "dark"),
        ("@media (prefers-color-scheme: dark) { body { color: #ddd } }", "light", "dark"),
        ("main { color: oklch(.95 .02 250) }", "dark", "dark"),
        (".night main { color: rgb(220 220 220 / .9); transition: color .2s }", "light", "light"),
    ],
)
def test_inline_it_is_light_or_dark_as_the_page_is(
    chrome: webdriver.Chrome, site: Site, server: str, style: str, of_light: str, of_dark: str
) -> None:
    body = "<steward-chat inline></steward-chat>"
    widget = Widget(chrome, site.page(page_with(server, body=body, style=style)))
    for system, expected in (("light", of_light), ("dark", of_dark)):
        chromium.prefer(chrome, color_scheme=system)
        widget.until(system, lambda expected=expected: theme(widget) == expected)
    if "night" in style:
        chrome.execute_script("document.documentElement.classList.add('night')")
        widget.until("night", lambda: theme(widget) == "dark")


def test_inline_it_is_no_higher_than_what_is_said_and_its_field_stays_in_view(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    chromium.resize(chrome, 390, 844)
    before, after = ("<p>Words.</p>" * lines for lines in (12, 60))
    body = f"{before}<steward-chat inline></steward-chat>{after}"
    widget = Widget(chrome, site.page(page_with(server, body=body)))
    assert widget.one(".panel").rect["height"] < 300
    widget.ask(QUESTION)
    widget.ask("refuse")
    assert 600 < widget.one(".panel").rect["height"] <= 844 * 0.85
    chrome.execute_script("window.scrollTo(0, 0)")
    bottom = widget.script("root.querySelector('.ask').getBoundingClientRect().bottom")
    assert (
        bottom <= 844 < widget.script("root.querySelector('.panel').getBoundingClientRect().bottom")
    )
    assert widget.open_source()


def test_a_page_asks_the_documents_of_its_tags_alone(
    chrome: webdriver.Chrome, site: Site, server: str, stub: StubApi
) -> None:
    Widget(chrome, site.page(page_with(server, "data-tags='nurses, far north,'"))).ask(QUESTION)
    Widget(chrome, f"{server}/embed?tags=nurses").ask(QUESTION)
    Widget(chrome, site.page(page_with(server))).ask(QUESTION)
    tags = [asked.get("tags") for asked in stub.asked]
    assert tags == [
        ["nurses", "far north"],
        ["nurses"],
        None,
    ]


def test_the_page_for_frames_takes_its_settings_from_the_address(
    chrome: webdriver.Chrome, server: str
) -> None:
    query = {"title": HOSTILE, "greeting": "<b>Hi</b>", "accent": "#7a1f5c", "lang": "es"}
    widget = Widget(chrome, f"{server}/embed?{urlencode({**query, 'ask': 'no'})}")
    assert widget.words(".name") == HOSTILE and widget.words(".greeting") == "<b>Hi</b>"
    assert chrome.title == HOSTILE.strip()
    assert widget.style(".send", "background-color") == "rgb(122, 31, 92)"
    assert widget.one(".send").text == "Preguntar", "not every word is the address's to choose"
    assert widget.one(".panel").rect == {"x": 0, "y": 0, "width": 1280, "height": 900}
    assert widget.ask(QUESTION) == "confidence"
    assert widget.open_source()
    assert not [entry for entry in widget.log("browser") if "Policy" in entry["message"]]


def test_a_quote_is_copied_with_its_source(widget: Widget, site: Site, server: str) -> None:
    widget.chrome.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": site.origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    widget.ask(QUESTION)
    words = widget.words(".words")
    widget.one(".copy").click()
    widget.until("the word", lambda: widget.words("[role=status]") == "Copied")
    copied = widget.chrome.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))"
    )
    said, credit, address = copied.split("\n")
    assert said == f"“{words}”"
    assert credit == "The partnership 🤝 of 2023, AFL-CIO, December 11, 2023, page 2"
    assert address.startswith(f"{server}/documents/aaaaaaaaaaaa?start=")
    widget.until("the button again", lambda: widget.one(".copy").text == "Copy")


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_of_wcag(
    chrome: webdriver.Chrome, site: Site, server: str, width: int, system: str
) -> None:
    chromium.resize(chrome, width, 844)
    chromium.prefer(chrome, color_scheme=system, reduced_motion="reduce")
    address = site.page(EXAMPLE.replace(WRITTEN, f"{server}/"))
    widget = Widget(chrome, address, opened=False)
    found = {"closed": chromium.violations(widget.chrome, "steward-chat")}
    widget.begin()
    found["greeting"] = chromium.violations(widget.chrome, "steward-chat")
    widget.ask(QUESTION)
    found["answer"] = chromium.violations(widget.chrome, "steward-chat")
    widget.ask(f"{QUESTION} prose")
    found["prose"] = chromium.violations(widget.chrome, "steward-chat")
    widget.open_source()
    found["source"] = chromium.violations(widget.chrome, "steward-chat")
    widget.one(".back").click()
    widget.ask("refuse")
    found["refusal"] = chromium.violations(widget.chrome, "steward-chat")
    widget.ask("busy")
    found["error"] = chromium.violations(widget.chrome, "steward-chat")
    assert found == {name: [] for name in found}


def test_axe_finds_no_violation_in_the_frame_and_in_the_text(
    chrome: webdriver.Chrome, site: Site, server: str
) -> None:
    chromium.prefer(chrome, color_scheme="light", reduced_motion="reduce")
    inline = page_with(server, body="<steward-chat inline></steward-chat>")
    for address in (f"{server}/embed?lang=es", site.page(inline)):
        widget = Widget(chrome, address)
        widget.ask(QUESTION)
        assert chromium.violations(widget.chrome, "steward-chat") == []
