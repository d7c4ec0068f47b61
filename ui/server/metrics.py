"""What the server counts, in Prometheus' format, at /metrics."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of one application.

    Attributes:
        questions: By outcome: "answered", "perhaps", "refused", "help", "gone" where the client
            left, or the name of the error.
        seconds: From a question's arrival to its answer or refusal, waiting included.
        responses: By status.
        under_way: Questions and searches that wait or run.
        prose: Answers that the optional language model was given, by outcome.
        writing: Answers that wait for it or are written of.
        unlogged: Questions that the log of questions could not take.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.questions = Counter(
            "steward_questions", "Questions by outcome.", ["outcome"], registry=self._registry
        )
        self.responses = Counter(
            "steward_responses", "HTTP responses by status.", ["status"], registry=self._registry
        )
        self.under_way = Gauge(
            "steward_under_way", "Questions that wait or run.", registry=self._registry
        )
        self.prose = Counter(
            "steward_prose",
            "Answers given to the model, by outcome.",
            ["outcome"],
            registry=self._registry,
        )
        self.writing = Gauge(
            "steward_writing", "Answers that the model has or will get.", registry=self._registry
        )
        self.unlogged = Counter(
            "steward_unlogged",
            "Questions that the log could not take.",
            registry=self._registry,
        )
        self.seconds = Histogram(
            "steward_question_seconds",
            "Time from a question's arrival to its answer or refusal.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)

    def page(self) -> Response:
        """All counts."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class CountResponses:
    """Counts the responses that pass, by status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand before ``app``."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.responses.labels(message["status"]).inc()
            await send(message)

        await self.app(scope, receive, counted)
