"""A server that speaks the widget's part of the API and says what a test wants to see said.

What is asked decides: a word of ``SAID`` in the question picks the answer.
"""

import asyncio
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

WIDGET = Path(__file__).parent.parent / "ui" / "widget"

HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> "
    "[x](javascript:document.title='owned') $$x^2$$ {{7*7}} ${7*7} `code` **bold** &lt;b&gt; "
    "{title} </textarea></style><b>b</b>"
)

FRAMEWORK = (
    "The partnership 🤝 of 2023\n\nIt was announced in Washington. The partnership includes an "
    "agreement with Microsoft that provides a neutrality framework for future worker organizing by "
    "AFL-CIO affiliate unions. It confirms a joint commitment to respect the right of employees to "
    "form or join unions.\n\nThe first training sessions begin in the winter of 2024.\n"
)
ECHO = "In short: it provides a neutrality framework for future worker organizing.\n"
ARABIC = (
    "الشراكة الجديدة\n\nتوفر الشراكة إطارا للحياد في تنظيم العمال مستقبلا. أعلن عنها في واشنطن.\n"
)
SEPARATED = "One line.\u2028Another.\u2029A third,\x85 and\x0b a\x0c fourth."

DOCUMENTS: dict[str, dict[str, Any]] = {
    identity: {
        "id": identity,
        "title": title,
        "publisher": publisher,
        "published": published,
        "text": text,
        "length": len(text),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    for identity, title, publisher, published, text in (
        ("aaaaaaaaaaaa", "The partnership 🤝 of 2023", "AFL-CIO", "2023-12-11", FRAMEWORK),
        ("bbbbbbbbbbbb", "In short", None, None, ECHO),
        ("cccccccccccc", "الشراكة الجديدة", "وكالة الأنباء", "2023-12-12", ARABIC),
        ("dddddddddddd", HOSTILE, HOSTILE, "javascript:alert(1)", f"{HOSTILE}\n\n{HOSTILE}.\n"),
        ("eeeeeeeeeeee", "Lines", None, None, f"{SEPARATED}\n"),
    )
}


def quote(number: int, identity: str, words: str, marked: str = "", **more: Any) -> dict[str, Any]:
    """A quote of the API, of the first place where a document holds the words."""
    document = DOCUMENTS[identity]
    start = document["text"].index(words)
    first = document["text"].index(marked, start) if marked else 0
    end = start + len(words)
    at = words.index(marked) if marked else 0
    cut = [words[:at], marked, words[at + len(marked) :]] if marked else [words, "", ""]
    return {
        "number": number,
        "document_id": identity,
        "title": document["title"],
        "publisher": document["publisher"],
        "published": document["published"],
        "start": start,
        "end": end,
        "text": words,
        "place": None,
        "sha256": document["sha256"],
        "marked": [first, first + len(marked)] if marked else None,
        "reads": cut,
        "also_in": [],
        "url": f"documents/{identity}?start={start}&end={end}&sha256={document['sha256']}#quote",
        **more,
    }


_SENTENCES = FRAMEWORK.split("\n\n")[1]
_FIRST = quote(
    1,
    "aaaaaaaaaaaa",
    _SENTENCES[_SENTENCES.index("The partnership") :],
    "a neutrality framework for future worker organizing",
    place="page 2",
    also_in=[quote(1, "bbbbbbbbbbbb", "it provides a neutrality framework")],
)
_SECOND = quote(2, "aaaaaaaaaaaa", "The first training sessions begin in the winter of 2024.")

SAID: dict[str, list[dict[str, Any]]] = {
    "framework": [_FIRST, _SECOND],
    "إطار": [
        quote(
            1, "cccccccccccc", "توفر الشراكة إطارا للحياد في تنظيم العمال مستقبلا.", "إطارا للحياد"
        )
    ],
    "hostile": [
        quote(
            1,
            "dddddddddddd",
            f"{HOSTILE}.",
            "[x](javascript:document.title='owned')",
            url="javascript:document.title='owned'",
            also_in=[quote(1, "dddddddddddd", HOSTILE, url="//elsewhere.example/x")],
        )
    ],
    "separated": [quote(1, "eeeeeeeeeeee", SEPARATED)],
    "changed": [{**_FIRST, "sha256": "0" * 64, "also_in": []}],
}


def answer(question: str, quotes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An answer of the API; a refusal where there is no quote."""
    passages = [_SECOND, SAID["hostile"][0]] if "hostile" in question else [_SECOND, _FIRST]
    keys = ("document_id", "title", "start", "end", "text", "url")
    return {
        "question": question,
        "searched": question.replace("framwork", "framework"),
        "kind": "answer" if quotes else "none",
        "answered": bool(quotes),
        "perhaps": False,
        "confidence": 0.87 if quotes else 0.07,
        "threshold": 0.5,
        "perhaps_threshold": 0.2,
        "reason": None if quotes else "unknown_words",
        "message": None if quotes else "Nothing in these documents seems to answer this.",
        "examples": [],
        "unknown": [] if quotes else [HOSTILE if "hostile" in question else "France"],
        "quotes": quotes,
        "nearest": []
        if quotes
        else [{key: found[key] for key in keys} | {"begins": found["text"]} for found in passages],
        "prose": None,
        "milliseconds": 20,
        "feedback": {"id": "a-key", "days": 90} if "judge" in question else None,
    }


PROSE: dict[str, Any] = {
    "sentences": [
        {"text": "It provides a neutrality framework.", "cites": [1]},
        {"text": f"It begins {HOSTILE} in 2024.", "cites": [1, 2]},
    ],
    "withheld": 1,
    "outcome": "written",
    "message": "Written by a language model.",
}


class StubApi:
    """The server.

    Attributes:
        asked: The bodies of the questions, oldest first.
        judged: Those of what was said of answers.
        waiting: Cleared, it holds answers back after their first stage.
        allowed: The origins that may read.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.judged: list[dict[str, Any]] = []
        self.waiting = threading.Event()
        self.waiting.set()
        self.allowed = allowed

    def app(self) -> Starlette:
        """The application, below ``/under/`` as behind a proxy with a prefix."""
        policy = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"
        return Starlette(
            routes=[
                Route("/under/widget.js", _file("widget.js", {})),
                Route("/under/embed", _file("embed.html", {"Content-Security-Policy": policy})),
                Route("/under/origin", self.origin),
                Route("/under/api/ask", self.ask, methods=["POST"]),
                Route("/under/api/feedback", self.feedback, methods=["POST"]),
                Route("/under/api/documents/{identity}", self.document),
            ],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=self.allowed,
                    allow_methods=["GET", "POST"],
                    allow_headers=["content-type"],
                    expose_headers=["Retry-After"],
                )
            ],
        )

    async def origin(self, request: Request) -> Response:
        """Whether a page of this origin may read the others."""
        allowed = request.headers.get("origin") in self.allowed
        message = None if allowed else f"Add {request.headers['origin']} to the list."
        return JSONResponse(
            {"allowed": allowed, "message": message}, headers={"Access-Control-Allow-Origin": "*"}
        )

    async def feedback(self, request: Request) -> Response:
        """Keep what is said of an answer, or fail."""
        body = await request.json()
        if "fail" in body["words"]:
            return JSONResponse({"error": "not_kept", "message": "It could not be kept."}, 503)
        self.judged.append(body)
        return JSONResponse({"days": 90})

    async def ask(self, request: Request) -> Response:
        """Answer, refuse or fail, as the question says."""
        body = await request.json()
        question: str = body["question"]
        again = body in self.asked
        self.asked.append(body)
        if "busy" in question:
            problem = {"error": "busy", "message": "Steward is busy."}
            return JSONResponse(problem, 429, {"Retry-After": "7"})
        if "defect" in question and not again:
            return JSONResponse({"error": "defect", "message": f"Unexpected error {HOSTILE}"}, 500)
        found: list[dict[str, Any]] = []
        if "refuse" not in question:
            corrected = question.replace("framwork", "framework")
            found = next((said for word, said in SAID.items() if word in corrected), [])
        whole = answer(question, found)
        if "at once" in question:
            return JSONResponse({**whole, "prose": PROSE if "prose" in question else None})
        return StreamingResponse(
            self.events(question, found, whole), media_type="text/event-stream"
        )

    async def events(
        self, question: str, found: Sequence[Mapping[str, Any]], whole: Mapping[str, Any]
    ) -> AsyncIterator[bytes]:
        """The events of an answer, or of one that breaks."""
        yield b": a comment, as proxies are kept awake with\r\n\r\n"
        yield _event("reading", {"passages": 8, "documents": 4})
        while not self.waiting.is_set():
            await asyncio.sleep(0.05)
        for each in found:
            # Cut in the middle of a character, as a network may.
            raw = _event("quote", each)
            for at in range(0, len(raw), 7):
                yield raw[at : at + 7]
        if "breaks" in question:
            yield _event("error", {"error": "defect", "message": "It broke on the way."})
        elif "prose" in question:
            yield _event("answer", whole)
            for sentence in PROSE["sentences"]:
                yield _event("sentence", sentence)
                while "endless" in question:
                    await asyncio.sleep(0.05)
                if "cut short" in question:
                    return
            yield _event("done", {**whole, "prose": PROSE})
        elif "ends" not in question:
            yield _event("done", whole)

    async def document(self, request: Request) -> Response:
        """A document, and what is around a place in it."""
        found = DOCUMENTS[request.path_params["identity"]]
        start, end = int(request.query_params["start"]), int(request.query_params["end"])
        if request.query_params.get("sha256", found["sha256"]) != found["sha256"]:
            problem = {"error": "document_changed", "message": "The document has changed."}
            return JSONResponse(problem, 409)
        text = found["text"]
        excerpt: dict[str, Any] = {
            "before": text[max(0, start - 600) : start],
            "quote": text[start:end],
            "after": text[end : end + 600],
        }
        excerpt["reads"] = [*excerpt.values()]
        return JSONResponse({**found, "excerpt": excerpt})


def _file(name: str, headers: Mapping[str, str]) -> Callable[[Request], Response]:
    return lambda _: FileResponse(WIDGET / name, headers=headers)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\r\ndata: {json.dumps(data, ensure_ascii=False)}\r\n\r\n".encode()
