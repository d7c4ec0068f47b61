"""Sites of other origins with the widget on their pages, and the widget as a visitor has it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests import chromium

EXAMPLE = (Path(__file__).parent.parent / "ui" / "widget" / "example.html").read_text("utf-8")
WRITTEN = "https://steward.example.org/"

ANSWERED = ".said > :is(.confidence, .refusal, .failure)"


class Site:
    """A site whose pages a test writes; the same server has two names, and so two origins."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, Mapping[str, str]]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - the name is http.server's
                page, headers = site.pages.get(self.path, ("", {}))
                self.send_response(200 if page else 404)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        port = self.server.server_port
        self.origin, self.other_origin = f"http://127.0.0.1:{port}", f"http://localhost:{port}"

    @contextmanager
    def running(self) -> Iterator["Site"]:
        """Answer until the block ends."""
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()

    def page(self, content: str, headers: Mapping[str, str] | None = None) -> str:
        """Publish a page; its address."""
        path = f"/{len(self.pages)}.html"
        self.pages[path] = content, headers or {}
        return f"{self.origin}{path}"


class Widget:
    """The widget on a page, as a person has it before them."""

    def __init__(self, chrome: webdriver.Chrome, address: str = "", opened: bool = True) -> None:
        """Go to a page, or without an address take the page or frame at hand."""
        self.chrome = chrome
        if address:
            self.log("performance")
            self.log("browser")
            chrome.switch_to.default_content()
            chrome.get(address)
        self.begin(opened)

    def begin(self, opened: bool = True) -> None:
        """Wait for the widget, and open it if it has a button."""
        there = "Boolean(document.querySelector('steward-chat')?.shadowRoot)"
        self.until("the widget", lambda: self.script(there))
        if opened and self.all(".launcher"):
            if self.one(".launcher").get_attribute("aria-expanded") == "false":
                self.one(".launcher").click()
            self.until("the panel", lambda: self.one(".panel").is_displayed())

    def until(self, what: str, holds: Callable[..., object]) -> None:
        """Wait, long enough for a machine with other things to do."""
        chromium.until(self.chrome, what, holds)

    def all(self, selector: str) -> list[WebElement]:
        """Elements inside the widget."""
        root = self.chrome.find_element(By.CSS_SELECTOR, "steward-chat").shadow_root
        return root.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first of ``all``."""
        found = self.all(selector)
        assert found, selector
        return found[0]

    def script(self, line: str, *arguments: object) -> Any:
        """What an expression is; ``root`` is the widget's shadow root."""
        root = "const root = document.querySelector('steward-chat')?.shadowRoot;"
        return self.chrome.execute_script(f"{root} return {line}", *arguments)

    def words(self, selector: str) -> str:
        """The text of the first element, as it stands in the document."""
        return str(self.script("root.querySelector(arguments[0]).textContent", selector))

    def style(self, selector: str, name: str) -> str:
        """A computed style."""
        line = "getComputedStyle(root.querySelector(arguments[0])).getPropertyValue(arguments[1])"
        return str(self.script(line, selector, name))

    def log(self, kind: str) -> list[dict[str, str]]:
        """What the browser logged since it was asked last."""
        return list(self.chrome.get_log(kind))  # type: ignore[no-untyped-call]

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys where the focus is."""
        chain = webdriver.ActionChains(self.chrome)
        if shift:
            chain.key_down(Keys.SHIFT).send_keys(*keys).key_up(Keys.SHIFT).perform()
        else:
            chain.send_keys(*keys).perform()

    def ask(self, question: str) -> str:
        """Type a question, press Enter, and wait for what is said; the class of that."""
        before = len(self.all(ANSWERED))
        self.one("textarea").send_keys(question, Keys.ENTER)
        return self.wait_for_answer(before)

    def wait_for_answer(self, before: int) -> str:
        """Wait until there are more answers than ``before``; the class of the last."""
        self.until("an answer", lambda: len(self.all(ANSWERED)) > before)
        self.until("the end", lambda: not self.all(".send[aria-disabled]"))
        return str(self.all(ANSWERED)[-1].get_attribute("class"))

    def open_source(self, selector: str = ".chip") -> str:
        """Click a citation; what is marked in its source."""
        self.one(selector).click()
        self.until("the mark", lambda: self.all("mark"))
        return self.words("mark")

    def focused(self, selector: str) -> bool:
        """Whether the focus is in the widget, on such an element."""
        return bool(self.script("root.activeElement?.matches(arguments[0])", selector))


def page_with(server: str, settings: str = "", body: str = "", style: str = "") -> str:
    """A plain page with the widget of a server."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>A page</title>"
        f"<meta name='viewport' content='width=device-width'><style>{style}</style>"
        f"<script src='{server}/widget.js' {settings} async></script></head>"
        f"<body><main><h1>A page</h1><p>It has words.</p>{body}</main></body></html>"
    )
