import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from ui.server.middleware import HEADERS, FrontPage, OnlyTheChat, SecurityHeaders

FRONT = (
    '<html><head><meta charset="utf-8">\n<meta property="og:title" content="Gradio" />'
    '<meta\n\tproperty="og:image"\n\tcontent="https://elsewhere.example/i.png" />'
    '<meta name="twitter:creator" content="@Gradio" /><meta name="viewport" content="w">'
    '<link rel="manifest" href="/manifest.json" /></head><body>é</body></html>'
)


def front(request: Request) -> Response:
    return StreamingResponse(
        iter([FRONT[:50].encode(), FRONT[50:].encode()]), media_type="text/html"
    )


def other(request: Request) -> Response:
    return PlainTextResponse("<head>", headers={"Content-Security-Policy": "its own"})


def gradio() -> Starlette:
    """What stands for Gradio: any path, and a front page that would be compressed."""
    app = Starlette(routes=[Route("/", front), Route("/{path:path}", other, methods=["GET"])])
    app.add_middleware(GZipMiddleware, minimum_size=1)
    return app


@pytest.mark.parametrize("prefix", ["", "/prefix"])
def test_the_front_page_loses_its_previews_and_gets_a_title(prefix: str) -> None:
    client = TestClient(FrontPage(gradio()), root_path=prefix)
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.text == (
        '<html><head><title>Steward</title><meta charset="utf-8">\n'
        '<meta name="viewport" content="w"></head><body>é</body></html>'
    )
    assert page.headers["content-length"] == str(len(page.content))


def test_other_pages_stay_as_they_are() -> None:
    assert TestClient(FrontPage(gradio())).get("/theme.css").text == "<head>"


@pytest.mark.parametrize("prefix", ["", "/prefix"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/config", 200),
        ("/assets/index.js", 200),
        ("/gradio_api/queue/data", 200),
        ("/gradio_api/heartbeat/abc", 200),
        ("/gradio_api/upload", 404),
        ("/gradio_api/heartbeat/abc/more", 404),
        ("/gradio_api/queue/join2", 404),
        ("/Config", 404),
        ("//config", 404),
        ("/config%0A", 404),
        ("/monitoring", 404),
    ],
)
def test_only_the_paths_of_the_chat_are_open(prefix: str, path: str, status: int) -> None:
    routes: list[BaseRoute] = [OnlyTheChat("", gradio())]
    client = TestClient(Starlette(routes=routes), root_path=prefix)
    assert client.get(f"http://testserver{path}").status_code == status


def test_a_response_keeps_the_policy_it_has_and_gets_the_others() -> None:
    client = TestClient(SecurityHeaders(gradio()))
    assert client.get("/x").headers["content-security-policy"] == "its own"
    for name, value in HEADERS.items():
        assert client.get("/").headers[name] == value
