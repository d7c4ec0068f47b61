"""The routes of the owner's page: what people asked, and what can be made of it."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from rag.assistant import Assistant
from rag.errors import StewardError
from rag.retrieval.query import Turn
from ui.owner import cases, exports, log_reading, overview
from ui.owner.errors import LogMissing
from ui.owner.gaps import gather
from ui.owner.gathering import Gathering
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog
from ui.owner.records import Case
from ui.server import owner_files, owner_pages
from ui.server.errors import ServiceError
from ui.server.owner_answers import page, refused
from ui.server.owner_door import Door, give_cookie, take_cookie
from ui.settings import ServerSettings
from ui.wording import owner_page as words

_JSONL = "application/jsonl"


class OwnerPages:
    """What the routes answer. The assistant and the log stay the caller's."""

    def __init__(
        self, assistant: Assistant, settings: ServerSettings, log: QuestionLog, door: Door
    ) -> None:
        self._assistant = assistant
        self._settings = settings
        self._log = log
        self._path = path_of(settings.index)
        self._gathering = Gathering(self._path)
        self._door = door

    def front(self, request: Request) -> Response:
        """All there is to see, or the form that asks for the token."""

        def front() -> Response:
            asked = overview.asked(self._settings, self._gathering)
            state = overview.state(self._settings, asked.quoted)
            done = owner_pages.done(request.query_params)
            return page(owner_pages.front(asked, state, self._settings, done))

        return self._behind(request, front)

    async def enter(self, request: Request) -> Response:
        """Let a browser in."""
        form = await _form(request)
        try:
            self._door.own_page(request)
            session = self._door.enter(request, form.get("token", ""))
        except ServiceError as error:
            return refused(error, request)
        response = RedirectResponse("../owner", 303)
        give_cookie(response, request, session)
        return response

    async def leave(self, request: Request) -> Response:
        """End a browser's session."""
        try:
            self._door.own_page(request)
        except ServiceError as error:
            return refused(error, request)
        self._door.leave(request)
        response = RedirectResponse("../owner", 303)
        take_cookie(response, request)
        return response

    def choose(self, request: Request) -> Response:
        """What would have been right, to be chosen for a case."""
        query = request.query_params
        return self._behind(
            request, lambda: self._choice(query.get("key", ""), query.get("question", ""))
        )

    async def make(self, request: Request) -> Response:
        """Make a case of what was chosen."""
        form = await _form(request)
        return await run_in_threadpool(self._behind, request, lambda: self._make(form))

    def export(self, request: Request) -> Response:
        """The cases as a question set, or gaps or complaints as CSV, by the last of the path."""
        name = request.url.path.rpartition("/")[2]

        def file() -> Response:
            since = self._since()
            with reading(self._path) as database:
                if name == "cases.jsonl":
                    made = cases.lines(log_reading.cases(database))
                    return _file(name, "".join(f"{line}\n" for line in made), _JSONL)
                if name == "complaints.csv":
                    said = log_reading.complaints(database, since)
                    return _file(name, exports.complaints_as_csv(said), "text/csv")
                found = {
                    "not_answered": gather(log_reading.unanswered(database, since)),
                    "wrong": gather(log_reading.wrong(database, since)),
                }
            return _file(name, exports.gaps_as_csv(found), "text/csv")

        return self._behind(request, file)

    def _behind(self, request: Request, answer: Callable[[], Response]) -> Response:
        try:
            self._door.check(request)
            return answer()
        except (ServiceError, StewardError) as error:
            return refused(error, request)

    def _choice(self, key: str, question: str, line: str = "", words: str = "") -> Response:
        asked, history = self._asked(key, question)
        offered = cases.candidates(self._assistant, asked, history)
        content = owner_pages.choice(key, asked, history, offered, line, words)
        return page(content, 400 if line else 200)

    def _make(self, form: dict[str, str]) -> Response:
        key, question = form.get("key", ""), form.get("question", "")
        asked, history = self._asked(key, question)
        right, own = form.get("right", ""), form.get("own", "").strip()
        if right == "none":
            case = Case(question=asked, history=history, quote=None, source="")
        else:
            quoted = own if right == "own" else right.removeprefix("quote ")
            source = cases.source_of(self._assistant, quoted)
            if source is None:
                line = words.NOTHING_CHOSEN if not quoted else words.NOT_IN_DOCUMENTS
                return self._choice(key, question, line, own)
            case = Case(question=asked, history=history, quote=quoted, source=source)
        self._log.add(case).result()
        return RedirectResponse(f"../owner?made={quote(asked[:80])}#cases", 303)

    def _asked(self, key: str, question: str) -> tuple[str, tuple[Turn, ...]]:
        """The question of a complaint with what was before it, or one of a gap."""
        if key:
            try:
                with reading(self._path) as database:
                    verdict = log_reading.verdict(database, key)
            except LogMissing:
                verdict = None
            if verdict:
                return verdict.question, verdict.history
        return question, ()

    def _since(self) -> float:
        return overview.since(self._settings)


def create(
    assistant: Assistant, settings: ServerSettings, log: QuestionLog, token: str
) -> APIRouter:
    """The routes ``/owner`` and below it."""
    door = Door(token)
    owner = OwnerPages(assistant, settings, log, door)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/owner", owner.front, methods=["GET", "HEAD"])
    router.add_api_route("/owner/enter", owner.enter, methods=["POST"])
    router.add_api_route("/owner/leave", owner.leave, methods=["POST"])
    router.add_api_route("/owner/case", owner.choose, methods=["GET", "HEAD"])
    router.add_api_route("/owner/case", owner.make, methods=["POST"])
    for name in ("cases.jsonl", "gaps.csv", "complaints.csv"):
        router.add_api_route(f"/owner/{name}", owner.export, methods=["GET", "HEAD"])
    if settings.owner_files:
        files = owner_files.OwnerFiles(settings, door)
        router.add_api_route(owner_files.ADD, files.add, methods=["POST"])
        router.add_api_route(owner_files.REMOVE, files.remove, methods=["POST"])
    return router


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name."""
    body = (await request.body()).decode(errors="replace")
    fields = await asyncio.to_thread(parse_qs, body, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _file(name: str, content: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return PlainTextResponse(content, headers=headers, media_type=kind)
