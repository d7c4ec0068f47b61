"""The page on which a browser signs in and out."""

import re
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rag.errors import SettingsFault
from rag.text.html import render
from ui.access.credentials import Credentials
from ui.access.gate import COOKIE, session_of
from ui.access.sessions import SECONDS, Sessions
from ui.access.users import User
from ui.server import pages
from ui.server.errors import ServiceError, UsersUnreadable
from ui.server.limits import network_of
from ui.wording import access as words
from ui.wording.requests import explain

_POLICY = pages.CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'")

_PLACE = re.compile(r"/(?![/\\])[^\0-\x20\x7f]*")
"""A path of this server, and of no other."""

_FIELDS = 10


def create(credentials: Credentials, sessions: Sessions) -> APIRouter:
    """The routes ``/sign-in`` and ``/sign-out``."""

    def page(status: int = 200, notice: str = "", name: str = "", wanted: str = "") -> HTMLResponse:
        content = render(
            "ui/access/templates/sign_in.html",
            **pages.frame(words.SIGN_IN_TO_STEWARD),
            words=words,
            notice=notice,
            named=credentials.named,
            has_token=credentials.has_token,
            name=name,
            wanted=wanted,
        )
        return _answer(content, status)

    def form(request: Request) -> Response:
        wanted = _place(request.query_params.get("next", ""))
        try:
            user = _signed_in(request)
        except SettingsFault as fault:
            error = explain(UsersUnreadable(str(fault)))
            return page(error.status, error.text, wanted=wanted)
        if user is None:
            return page(wanted=wanted)
        content = render(
            "ui/access/templates/signed_in.html",
            **pages.frame(words.SIGNED_IN),
            words=words,
            line=words.signed_in(user.name),
        )
        return _answer(content)

    async def enter(request: Request) -> Response:
        given = parse_qs((await request.body()).decode(errors="replace"), max_num_fields=_FIELDS)
        name, secret, wanted = (given.get(key, [""])[-1] for key in ("name", "secret", "next"))
        wanted = _place(wanted)
        name = name.strip() if credentials.named else ""
        try:
            grant = await credentials.check(name, secret, network_of(request.scope))
        except (ServiceError, SettingsFault) as refused:
            known = UsersUnreadable(str(refused)) if isinstance(refused, SettingsFault) else refused
            error = explain(known)
            return page(error.status, error.text, name, wanted)
        sessions.end(session_of(request.scope))
        entered = RedirectResponse(f"{_root(request)}{wanted or '/'}", 303)
        entered.set_cookie(
            COOKIE,
            sessions.begin(grant),
            max_age=SECONDS,
            path=_root(request) or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",  # a link in a letter leads to its source
        )
        return entered

    def leave(request: Request) -> Response:
        sessions.end(session_of(request.scope))
        left = RedirectResponse(f"{_root(request)}/sign-in", 303)
        left.delete_cookie(COOKIE, path=_root(request) or "/")
        # The questions that the chat keeps in the tab are the user's, too.
        left.headers["Clear-Site-Data"] = '"storage", "cache"'
        return left

    def _signed_in(request: Request) -> User | None:
        grant = sessions.grant(session_of(request.scope))
        return credentials.user(grant) if grant else None

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sign-in", form, methods=["GET", "HEAD"])
    router.add_api_route("/sign-in", enter, methods=["POST"])
    router.add_api_route("/sign-out", leave, methods=["POST"])
    return router


def _answer(content: str, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(str(content), status, headers)


def _place(wanted: str) -> str:
    return wanted if _PLACE.fullmatch(wanted) else ""


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
