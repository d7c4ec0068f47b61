import errno
from dataclasses import replace

import pytest

from rag.index.ingest_report import Changes, IngestReport
from ui.wording.commands import ingested, previewed, unusable_address

REPORT = IngestReport(
    documents=3,
    added=("a.txt", "b.txt"),
    changed=(),
    removed=("c.txt",),
    skipped=(("d.jpg", "not a text file"),),
    passages=2_500,
    embedded=1_200,
    seconds=3.14159,
)


def test_what_an_ingest_did_is_said_a_line_for_each_change() -> None:
    assert list(ingested(REPORT)) == [
        "2 added: a.txt, b.txt",
        "1 removed: c.txt",
        "1 unchanged",
        "left out d.jpg: not a text file",
        "3 documents in 2,500 passages: 1,200 embedded, 1,300 carried over, in 3.1 seconds.",
    ]


def test_what_an_ingest_would_do_is_said_likewise_and_that_it_was_not_done() -> None:
    would = Changes(documents=1, added=("a.txt",), changed=(), removed=(), skipped=())
    assert list(previewed(would)) == ["1 added: a.txt", "1 document then. Nothing was written."]


@pytest.mark.parametrize(("count", "ending"), [(10, "9.txt"), (11, "9.txt and 1 more")])
def test_of_many_files_ten_are_named_and_the_others_counted(count: int, ending: str) -> None:
    added = tuple(f"{number}.txt" for number in range(count))
    assert next(ingested(replace(REPORT, added=added))).endswith(f", {ending}")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.EADDRINUSE, "steward serve --port 7861"),
        (errno.EACCES, "steward serve --port 7860"),
        (errno.EADDRNOTAVAIL, "steward serve --host 127.0.0.1"),
    ],
)
def test_an_address_that_cannot_be_used_comes_with_another(code: int, expected: str) -> None:
    message = unusable_address("127.0.0.1", 7860, OSError(code, "reason"))
    assert message.text.endswith(expected)
    assert message.exit_code == 4


def test_the_port_after_the_last_is_the_first() -> None:
    text = unusable_address("127.0.0.1", 65535, OSError(errno.EADDRINUSE, "reason")).text
    assert text.endswith("--port 1")
