from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.server.metrics import CountResponses, Metrics


def values(metrics: Metrics) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(bytes(metrics.page().body).decode())
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_responses_are_counted_by_their_status() -> None:
    metrics = Metrics()
    app = Starlette(routes=[Route("/here", lambda _: Response())])
    client = TestClient(CountResponses(app, metrics))
    for path in ("/here", "/here", "/none"):
        client.get(path)
    counted = values(metrics)
    assert counted["steward_responses_total", "200"] == 2
    assert counted["steward_responses_total", "404"] == 1


def test_each_application_counts_for_itself() -> None:
    first, second = Metrics(), Metrics()
    first.questions.labels("answered").inc()
    assert values(first)["steward_questions_total", "answered"] == 1
    assert ("steward_questions_total", "answered") not in values(second)


def test_what_is_counted_is_there_from_the_beginning() -> None:
    counted = values(Metrics())
    assert counted["steward_under_way", ""] == 0
    assert counted["steward_question_seconds_count", ""] == 0
    assert counted["process_resident_memory_bytes", ""] > 0
