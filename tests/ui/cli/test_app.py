import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rag.assistant
from rag.assistant import Assistant
from rag.index import generations
from rag.positions import Agreement, Position, Source
from rag.records import Answer, Hit, Metadata, Passage, Prose, Quote, Sentence, Withheld
from rag.retrieval.query import Turn
from rag.retrieval.scope import EVERYTHING, Scope
from tests.conftest import ROOT, free_port
from ui.cli.app import app
from ui.server import schemas
from ui.wording.answers import certainty

NEUTRALITY = "what is the neutrality framework?"
FRANCE = "What is the capital of France?"


def steward(*arguments: str | Path) -> Result:
    """The command line in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "ui.cli.app", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def assert_one_line(stderr: str) -> None:
    assert stderr.count("\n") == 1
    assert stderr.endswith("\n")
    assert "Traceback" not in stderr


# Help


def test_help_loads_none_of_the_slow_libraries() -> None:
    code = (
        "import sys\nfrom ui.cli.app import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'torch', 'gradio', 'chromadb', 'sentence_transformers', 'numpy'}\n"
        "sys.exit(str(slow & sys.modules.keys()) if slow & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in ("ingest", "ask", "serve"))


def test_the_version_is_the_packages_even_where_a_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STEWARD_PROT", "80")
    result = steward("--version")
    assert (result.exit_code, result.output) == (0, f"steward {rag.__version__}\n")


# Ingest


def test_ingest_says_what_it_added_changed_removed_and_left_alone(folder: Path) -> None:
    first = steward("ingest", folder)
    assert first.exit_code == 0
    assert first.stderr == ""
    assert "3 added: bees.txt, rivers.md, tea.txt\n" in first.stdout
    assert "3 documents in 3 passages: 3 embedded, 0 carried over" in first.stdout

    (folder / "bees.txt").write_text("How bees sleep\n\nBees sleep in the hive at night.\n")
    (folder / "tea.txt").unlink()
    (folder / "salt.txt").write_text("Salt in short\n\nSalt comes from the sea and from mines.\n")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    second = steward("ingest", folder)
    assert second.exit_code == 0
    assert "1 added: salt.txt\n" in second.stdout
    assert "1 changed: bees.txt\n" in second.stdout
    assert "1 removed: tea.txt\n" in second.stdout
    assert "1 unchanged\n" in second.stdout
    assert "left out photo.jpg: " in second.stdout
    assert "3 documents in 3 passages: 2 embedded, 1 carried over" in second.stdout


def test_ingest_names_ten_files_and_counts_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(13):
        (folder / f"{number:02}.txt").write_text(f"Note {number}\n\nThis is note {number}.\n")
    assert re.search(
        r"13 added: 00\.txt, .*, 09\.txt and 3 more\n", steward("ingest", folder).stdout
    )


def test_ingest_keeps_the_index_where_it_is_told_to(folder: Path, tmp_path: Path) -> None:
    assert steward("ingest", folder, "--index", tmp_path / "elsewhere").exit_code == 0
    assert (tmp_path / "elsewhere" / "CURRENT").exists()
    assert not (tmp_path / "index").exists()


# Ask


def test_ask_prints_quotes_that_stand_where_it_says(
    seeds_index: Path, assistant: Assistant
) -> None:
    result = steward("ask", NEUTRALITY, "--index", seeds_index)
    assert result.exit_code == 0
    assert result.stderr == ""
    answer = assistant.ask(NEUTRALITY)
    assert answer.quotes
    for quote in answer.quotes:
        place = (
            f"{answer.documents[quote.document_id].source}, characters {quote.start}–{quote.end}"
        )
        assert f"[{quote.number}] {quote.text}\n    {quote.title}, {place}\n" in result.stdout
        document = assistant.document(quote.document_id)
        assert document.text[quote.start : quote.end] == quote.text
        for other in quote.also_in:
            place = f"{answer.documents[other.document_id].source}, characters {other.start}–"
            assert f"    also in: {other.title}, {place}{other.end}\n" in result.stdout
    assert result.stdout.endswith(f"\n\nC{certainty(answer)[1:]}.\n")


def test_ask_refuses_in_words_on_standard_output_with_a_code_of_its_own(seeds_index: Path) -> None:
    result = steward("ask", FRANCE, "--index", seeds_index)
    assert result.exit_code == 5
    assert result.stdout.startswith("Nothing in these documents seems to answer this. ")
    assert "“France”" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("question", [NEUTRALITY, FRANCE])
def test_json_is_what_the_api_answers_and_nothing_else(
    question: str, seeds_index: Path, assistant: Assistant
) -> None:
    result = steward("ask", question, "--json", "--index", seeds_index)
    printed = json.loads(result.stdout)
    expected = schemas.answer(assistant.ask(question)).model_dump(mode="json")
    assert list(printed) == list(expected)
    assert printed | {"milliseconds": 0} == expected | {"milliseconds": 0}
    assert result.exit_code == (0 if printed["answered"] else 5)
    assert result.stderr == ""


# Words that answer, and refusals, of answers made by hand


class Prepared(Assistant):
    """Gives the answer that it was given."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Answer:
        return self.answer

    def close(self) -> None:
        pass


TEXT = "The hive \x1b[31mis open from [red]May to June, as a rule."
SPAN = TEXT.index("from"), TEXT.index(", as")
BEES = Metadata(
    id="aaaa", title="The\x07 title", source="a\x07.txt", sha256="s", length=99, body=(0, 99)
)
QUOTE = Quote(1, "aaaa", "Bees", 10, 10 + len(TEXT), TEXT, "sum")
MARKED = replace(QUOTE, marked=(10 + SPAN[0], 10 + SPAN[1]))
SHOWN = "[1] The hive \\x1b[31mis open from [red]May to June, as a rule."


def hit(ordinal: int, text: str, boilerplate: bool = False) -> Hit:
    place = ordinal * 100, ordinal * 100 + len(text)
    return Hit(Passage("aaaa", ordinal, *place, text, (), boilerplate), 0.5, 0.5, 1, None)


def prepared(
    monkeypatch: pytest.MonkeyPatch, quote: Quote | None, prose: Prose | None = None
) -> Answer:
    """Make the command line answer with a quote and this prose, or refuse."""
    answer = Answer(
        question="q",
        searched="q",
        quotes=(quote,) if quote else (),
        confidence=0.8 if quote else 0.1,
        threshold=0.4,
        perhaps_threshold=0.2,
        kind="answer" if quote else "none",
        reason=None if quote else "unknown_words",
        unknown=() if quote else ("France",),
        hits=(
            hit(1, "Menu", boilerplate=True),
            hit(2, "Bees\n\x1b[2J " + "hum " * 60),
            hit(3, "Tea."),
        ),
        documents={"aaaa": BEES},
        timings={},
        prose=prose,
    )
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(answer))
    return answer


def test_an_overview_and_what_sources_say_are_printed_around_the_quotes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sides = Position((Source(1, "aaaa", ((14, 18),)),)), Position((Source(1, "aaaa", ()),))
    answer = prepared(monkeypatch, QUOTE)
    found = replace(answer, kind="overview", agreement=Agreement(sides, ("name",), None))
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(found))
    printed = steward("ask", "q").stdout
    assert printed.startswith("An overview in 1 quote from 1 document, in their words.\n\n[1] ")
    assert "Sources differ in a name." in printed and "- “hive”: [1] Bees (no date)" in printed
    assert "Confidence" not in printed


def test_documents_that_were_asked_for_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = prepared(monkeypatch, QUOTE)
    found = replace(answer, kind="overview", quotes=(), catalogue=(BEES,))
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(found))
    asked = steward("ask", "q")
    assert asked.exit_code == 0 and "- The\\x07 title, a\\x07.txt" in asked.stdout


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any output for a terminal then
    monkeypatch.setenv("COLUMNS", "44")


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_the_words_that_answer_are_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(monkeypatch, MARKED)
    lines = steward("ask", "q").stdout.splitlines()
    assert lines[:2] == [
        "[1] The hive \\x1b[31mis open \x1b[1mfrom [red]May\x1b[0m",
        "\x1b[1mto June\x1b[0m, as a rule.",
    ]


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("span", [None, (10, 10 + len(TEXT)), (10, 9 + len(TEXT))])
def test_on_a_terminal_a_quote_with_no_words_to_set_apart_is_bold(
    span: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(monkeypatch, replace(QUOTE, marked=span))
    lines = steward("ask", "q").stdout.splitlines()
    assert lines[:2] == [
        "\x1b[1m[1] The hive \\x1b[31mis open from [red]May\x1b[0m",
        "\x1b[1mto June, as a rule.\x1b[0m",
    ]


@pytest.mark.parametrize("quote", [QUOTE, MARKED])
def test_what_is_marked_changes_nothing_where_there_is_no_terminal(
    quote: Quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(monkeypatch, quote)
    assert steward("ask", "q").stdout == (
        f"{SHOWN}\n    The\\x07 title, a\\x07.txt, characters 10–{10 + len(TEXT)}\n\n"
        "Confidence 80%; Steward answers from 40%.\n"
    )


def test_json_holds_the_offsets_of_the_words_that_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(monkeypatch, MARKED)
    (quote,) = json.loads(steward("ask", "q", "--json").stdout)["quotes"]
    start, end = (offset - quote["start"] for offset in quote["marked"])
    assert quote["text"][start:end] == "from [red]May to June"
    prepared(monkeypatch, QUOTE)
    assert json.loads(steward("ask", "q", "--json").stdout)["quotes"][0]["marked"] is None


def test_a_refusal_names_the_unknown_words_and_the_confidence_and_shows_the_nearest_passage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared(monkeypatch, None)
    result = steward("ask", "q")
    assert result.exit_code == 5
    assert result.stdout == (
        "Nothing in these documents seems to answer this. No document holds the word “France”. "
        "If there is another word for it, ask with that. "
        "(confidence 10%; Steward answers from 40%)\n\n"
        "The nearest passage, which is not an answer:\n"
        f"    Bees \\x1b[2J{' hum' * 37} …\n"
        "    The\\x07 title, a\\x07.txt, characters 200–450\n"
    )


def test_what_may_answer_stands_below_a_line_that_says_so_and_further_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    perhaps = replace(
        prepared(monkeypatch, MARKED), kind="perhaps", reason="low_confidence", confidence=0.3
    )
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(perhaps))
    result = steward("ask", "q")
    assert result.exit_code == 5
    assert result.stdout == (
        "Steward is not sure. The nearest the documents come:\n\n"
        f"  {SHOWN}\n      The\\x07 title, a\\x07.txt, characters 10–{10 + len(TEXT)}\n\n"
        "Confidence 30%; Steward answers from 40%.\n"
    )
    printed = json.loads(steward("ask", "q", "--json").stdout)
    assert (printed["kind"], printed["answered"], printed["perhaps"]) == ("perhaps", False, True)


def test_a_greeting_gets_a_line_and_examples_and_is_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = prepared(monkeypatch, None)
    helped = replace(refused, question="hello", kind="help", reason=None, unknown=(), hits=())
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(helped))
    monkeypatch.setenv("STEWARD_EXAMPLES", "What is tea?|Who are bees?")
    result = steward("ask", "hello")
    assert (result.exit_code, result.stdout) == (
        0,
        "Hello. Ask, and Steward quotes what these documents say, word for word. For example:\n"
        "    What is tea?\n    Who are bees?\n",
    )
    printed = json.loads(steward("ask", "hello", "--json").stdout)
    assert (printed["kind"], printed["examples"]) == ("help", ["What is tea?", "Who are bees?"])


def test_json_of_a_refusal_holds_what_a_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(monkeypatch, None)
    printed = json.loads(steward("ask", "q", "--json").stdout)
    assert (printed["answered"], printed["quotes"]) == (False, [])
    assert (printed["reason"], printed["unknown"]) == ("unknown_words", ["France"])
    assert (printed["confidence"], printed["threshold"]) == (0.1, 0.4)
    nearest = printed["nearest"][0]
    assert (nearest["document_id"], nearest["start"], nearest["end"]) == ("aaaa", 200, 450)
    assert printed["message"].startswith("Nothing in these documents seems to answer this.")


def test_a_citation_says_who_published_it_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = prepared(monkeypatch, replace(QUOTE, place="page 3"))
    known = replace(
        BEES,
        title="Bees",
        source="a.pdf",
        publisher="Hive",
        published="2021-05-04",
        places=((0, "page 2"), (10, "page 3"), (70, "page 4")),
    )
    answer = replace(answer, documents={"aaaa": known})
    monkeypatch.setattr(rag.assistant, "Assistant", lambda settings: Prepared(answer))
    place = f"Bees (Hive, 4 May 2021), a.pdf, page 3, characters 10–{10 + len(TEXT)}"
    assert f"    {place}\n" in steward("ask", "q").stdout
    (quote,) = json.loads(steward("ask", "q", "--json").stdout)["quotes"]
    assert (quote["publisher"], quote["published"]) == ("Hive", "2021-05-04")
    assert quote["source"] == "a.pdf"


@pytest.mark.parametrize("option", ["", "--json"])
def test_output_that_is_read_to_its_first_line_alone_is_no_defect(
    option: str, seeds_index: Path
) -> None:
    steward = (
        f"'{sys.executable}' -m ui.cli.app ask '{NEUTRALITY}' --index '{seeds_index}' {option}"
    )
    # The reader has left before anything is written, so that every write meets a closed pipe.
    script = f"set -o pipefail; {steward} | exec true; echo $?"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == ("141\n", "")


# What cannot be done gets one line and a code


@pytest.mark.parametrize("content", [None, b"\x89PNG\r\n\x1a\n\x00\xff\xfe"])
def test_ingest_of_a_folder_without_text_is_refused(content: bytes | None, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    if content:
        (folder / "picture.txt").write_bytes(content)
    done = process("ingest", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert_one_line(done.stderr)
    assert ("picture.txt" if content else str(folder)) in done.stderr


def test_ingest_of_a_missing_folder_is_refused() -> None:
    done = process("ingest", "no/such")
    assert (done.returncode, done.stdout) == (2, "")
    assert_one_line(done.stderr)
    assert "no/such" in done.stderr


@pytest.mark.parametrize("question", ["", " \n", "?!", "a" * 10_000, "a " * 5_000])
def test_a_question_that_cannot_be_asked_is_refused(question: str, seeds_index: Path) -> None:
    result = steward("ask", question, "--json", "--index", seeds_index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert_one_line(result.stderr)


def test_a_question_with_bytes_that_are_not_utf8_is_a_question(seeds_index: Path) -> None:
    result = steward("ask", "Is caf\udce9 a word of French?", "--index", seeds_index)
    assert (result.exit_code, result.stderr) == (5, "")


def test_ask_without_an_index_says_which_command_makes_one(tmp_path: Path) -> None:
    result = steward("ask", NEUTRALITY)
    assert (result.exit_code, result.stdout) == (3, "")
    assert_one_line(result.stderr)
    assert "steward ingest FOLDER" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_refused_ingest_leaves_the_old_index_answering(folder: Path) -> None:
    steward("ingest", folder)
    (folder / "broken.txt").write_bytes(b"\xff\x00\xff")
    result = steward("ingest", folder, "--strict")
    assert result.exit_code == 2
    assert_one_line(result.stderr)
    assert "broken.txt" in result.stderr
    assert "4,294 kilometres" in steward("ask", "How long is the Lena?", "--json").stdout


def test_a_second_ingest_at_the_same_time_is_refused(folder: Path) -> None:
    with generations.writing(Path("index")):
        done = process("ingest", folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert_one_line(done.stderr)
    assert "Another `steward ingest`" in done.stderr


def test_a_question_can_be_put_to_some_documents(folder: Path) -> None:
    (folder / "moss.md").write_text("---\ntags: [plants]\n---\nTea is no moss. It has no roots.\n")
    steward("ingest", folder)
    tea = "Which tea is fully fermented?"
    assert "Black tea is fully fermented." in steward("ask", tea).stdout
    for scope in (["--tag", "Plants"], ["--since", "2021"], ["--document", "bees.txt"]):
        answer = steward("ask", tea, *scope)
        assert (answer.exit_code, "Black tea" in answer.stdout) == (5, False)
    within = steward("ask", tea, "--document", "tea.txt", "--document", "bees.txt")
    assert "Black tea is fully fermented." in within.stdout
    for scope, said in (
        (["--tag", "rocks"], "No document has the tag rocks. There are: plants.\n"),
        (["--since", "May"], "May is no date. "),
        (["--document", "none.txt"], "There is no document none.txt. "),
    ):
        wrong = steward("ask", tea, *scope)
        assert (wrong.exit_code, wrong.stdout) == (2, "")
        assert_one_line(wrong.stderr)
        assert wrong.stderr.startswith(said)


@pytest.mark.parametrize("command", [["ask", FRANCE], ["ingest", "."], ["serve"]])
def test_an_unknown_setting_is_refused_by_every_command(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_PROT", "80")
    result = steward(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert_one_line(result.stderr)
    assert result.stderr.startswith("STEWARD_PROT is not a setting. Is STEWARD_PORT meant? ")


def test_an_unknown_key_of_the_settings_file_is_refused() -> None:
    Path("steward.toml").write_text("prot = 80\n")
    done = process("ask", FRANCE)
    assert (done.returncode, done.stdout) == (2, "")
    assert_one_line(done.stderr)
    assert done.stderr.startswith("prot in steward.toml is not a setting.")


# Crashes and Ctrl-C


def test_a_defect_is_neither_hidden_nor_taken_for_a_refusal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("rag.index.building"), "ingest", defect)
    result = steward("ingest", folder)
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.exit_code == 1


def test_ctrl_c_ends_a_command_quietly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("rag.index.building"), "ingest", interrupted)
    result = steward("ingest", folder)
    assert (result.exit_code, result.output) == (130, "")


# Serve


@contextmanager
def serving(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.cli.app", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield server
    finally:
        server.kill()
        server.communicate()


def wait_for(server: subprocess.Popen[str], port: int) -> str:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as response:
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(server.communicate())


def test_serve_reads_the_documents_answers_and_stops_on_ctrl_c(folder: Path) -> None:
    port = free_port()
    with serving("--port", str(port), "--documents", folder) as server:
        assert wait_for(server, port) == "ok"
        busy = process("serve", "--port", str(port), "--documents", folder)
        assert (busy.returncode, busy.stdout) == (4, "")
        assert_one_line(busy.stderr)
        assert f"steward serve --port {port + 1}" in busy.stderr
        server.send_signal(signal.SIGINT)
        stdout, stderr = server.communicate()
    assert (server.returncode, stderr) == (0, "")
    assert "3 added: bees.txt, rivers.md, tea.txt" in stdout
    assert f"http://127.0.0.1:{port}" in stdout
    assert "steward serve" not in stdout


def test_serve_stops_in_the_same_order_when_a_service_manager_tells_it_to(folder: Path) -> None:
    port = free_port()
    with serving("--port", str(port), "--documents", folder) as server:
        assert wait_for(server, port) == "ok"
        server.send_signal(signal.SIGTERM)
        stdout, stderr = server.communicate()
    assert (server.returncode, stderr) == (0, "")
    assert stdout.endswith("Steward has stopped.\n")


def test_serve_leaves_out_what_cannot_be_read_and_says_so(folder: Path) -> None:
    (folder / "latin.txt").write_bytes(b"\xff")
    port = free_port()
    with serving("--port", str(port), "--documents", folder) as server:
        assert wait_for(server, port) == "ok"
        server.send_signal(signal.SIGTERM)
        stdout, stderr = server.communicate()
    assert (server.returncode, stderr) == (0, "")
    assert "left out latin.txt: is not UTF-8 text (line 1)" in stdout


def test_serve_answers_from_the_old_index_where_nothing_can_be_read(folder: Path) -> None:
    assert process("ingest", folder).returncode == 0
    for path in folder.iterdir():
        path.write_bytes(b"\xff")
    port = free_port()
    with serving("--port", str(port)) as server:
        assert wait_for(server, port) == "ok"
        server.send_signal(signal.SIGTERM)
        _, stderr = server.communicate()
    assert server.returncode == 0
    assert "bees.txt: is not UTF-8 text" in stderr
    assert stderr.endswith("Steward answers from the index as it was before.\n")
    strict = process("serve", "--strict", "--port", str(free_port()))
    assert (strict.returncode, strict.stdout) == (2, "")


def test_serve_stops_where_the_documents_cannot_be_read(tmp_path: Path) -> None:
    # Beside the documents lies a file that bears the name of one of Python's modules.
    (tmp_path / "json.py").write_text("raise SystemExit('a file of the working folder was run')")
    code = "from ui.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "serve", "--port", str(free_port())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert_one_line(done.stderr)
    assert "seeds" in done.stderr


def test_serve_says_so_where_the_host_is_not_of_this_machine() -> None:
    result = steward("serve", "--open", "--host", "192.0.2.1")  # an address for examples, RFC 5737
    assert (result.exit_code, result.stdout) == (4, "")
    assert_one_line(result.stderr)
    assert "steward serve --host 127.0.0.1" in result.stderr


# Nothing in a text can steer the terminal


def test_markup_and_escape_sequences_of_a_document_are_printed_as_text(tmp_path: Path) -> None:
    folder = tmp_path / "hostile\x1b[2J"
    folder.mkdir()
    (folder / "\x1b[31mred.txt").write_text(
        "The [bold]zebra[/bold] report\n\n"
        "The zebra \x1b]0;owned\x07 has [red]ninety[/red] :tada: stripes \u202eon its back.\n"
    )
    ingested = steward("ingest", folder)
    assert ingested.exit_code == 0
    asked = steward("ask", "How many stripes has the zebra?")
    assert "\\x1b]0;owned\\x07 has [red]ninety[/red] :tada: stripes \\u202eon" in asked.stdout
    assert "The [bold]zebra[/bold] report" in asked.stdout
    refused = steward("ask", "Is \x1b[5mParis\x07 a \x9b31mcapital?")
    mistaken = steward("ask", "two", "\x1b[31marguments")
    assert mistaken.exit_code == 2
    for output in (ingested.output, asked.output, refused.output, mistaken.output):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", output)


def test_on_a_terminal_quotes_are_wrapped_to_its_width(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.delenv("TERM", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any output for a terminal then
    monkeypatch.setenv("NO_COLOR", "1")
    result = steward("ask", NEUTRALITY, "--index", seeds_index)
    lines = re.sub(r"\x1b\[\d*m", "", result.stdout).splitlines()
    assert max(len(line) for line in lines) <= 50
    assert any(line.startswith("    ") for line in lines)


def test_the_models_sentences_are_printed_above_the_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = Sentence("It is open\x1b[2J to June.", (1,))
    withheld = Withheld("It is closed.", "qualifier")
    written = Prose((sentence,), (withheld,), "written", 0.5, 0.1)
    prepared(monkeypatch, QUOTE, written)
    assert steward("ask", "q").stdout.startswith(
        "It is open\\x1b[2J to June. [1]\nWritten by a language model on this machine. "
        f"Each sentence was checked against the quotes it cites.\n\n{SHOWN}\n"
    )
    prose = json.loads(steward("ask", "q", "--json").stdout)["prose"]
    assert prose["sentences"] == [{"text": sentence.text, "cites": [1]}]
    assert prose["withheld"] == 1, "what was withheld is counted and not shown"


def test_where_nothing_was_borne_out_a_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(monkeypatch, QUOTE, Prose((), (), "nothing_held", 0.5))
    first = steward("ask", "q").stdout.splitlines()[0]
    assert first.endswith("wrote nothing that the quotes bear out. The quotes stand alone.")


# Open to a network


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "steward.example.org"])
def test_a_network_is_not_served_without_a_way_to_say_who_may_ask(host: str) -> None:
    result = steward("serve", "--host", host)
    assert result.exit_code == 2
    assert_one_line(result.stderr)
    for what in (host, "STEWARD_ACCESS_TOKEN", "steward user NAME", "--open"):
        assert what in result.stderr
    assert not Path("index").exists()


@pytest.mark.parametrize(
    "way", [["--open"], ["STEWARD_ACCESS_TOKEN"], ["STEWARD_OPEN"], ["--host", "::1"]]
)
def test_it_is_served_where_that_is_said(way: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"STEWARD_ACCESS_TOKEN": "a-token-of-sixteen", "STEWARD_OPEN": "true"}
    if way[0] in values:
        monkeypatch.setenv(way[0], values[way[0]])
    options = [each for each in way if each not in values]
    # It gets as far as looking for the folder.
    result = steward(
        "serve",
        "--host",
        "127.0.0.2" if "::1" in way else "0.0.0.0",
        *options,
        "--documents",
        "none",
    )
    assert "There is no folder none" in result.stderr
