"""Training the reader, on a hundred made-up rows."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

import rag.quoting.reader
from rag.errors import TrainingDataMissing
from rag.quoting.reader import Reader
from rag.text.encoder import packaged_folder
from rag.training import reader as training
from rag.training import validation
from rag.training.examples import Example
from rag.training.loss import loss_of, tensors
from rag.training.mixture import Group
from rag.training.rows import FILE, Row, read_rows, reserved
from tests.conftest import ROOT
from tests.rag.training.test_rows import HUMAN, SQUAD, own_words, row, write_own_words, write_rows
from tests.rag.training.test_written import bees, write_questions

WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"

Weights = dict[str, torch.Tensor]


def rows() -> list[Row]:
    """On each of sixty paragraphs a question that it answers and one that it does not."""
    return [
        each
        for number in range(60)
        for text in (f"In town {number} bees make honey. Ants make hills. It rains and snows.",)
        for each in (
            row(SQUAD, f"What do bees make in town {number}?", text, "Bees", "honey"),
            row(HUMAN, f"What do wasps make in town {number}?", text, "Bees"),
        )
    ]


@dataclass(frozen=True)
class Run:
    """A run in one go.

    Attributes:
        data: Folder of its rows, some of them reserved.
        out: Folder of what it wrote.
        said: What it said.
    """

    data: Path
    out: Path
    said: tuple[str, ...]


@pytest.fixture(autouse=True, scope="module")
def _at_once() -> Iterator[None]:
    """Four steps are to show something: the full rate at once, and a word about each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_WARM_UP", 1)
        patch.setattr(training, "_SAID", 1)
        patch.setattr(training, "_SAVED", 2)
        yield


@pytest.fixture(scope="module")
def run(_at_once: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Four steps of training on the rows."""
    folder = tmp_path_factory.mktemp("run")
    own = rows()
    assert 2 <= sum(map(reserved, own)) <= 20
    write_rows(folder, own)
    write_own_words(folder, [own_words(at, to) for at in range(30) for to in ("gulls", "")])
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "say", said.append)
        patch.setattr(validation, "say", said.append)
        train(folder, folder / "out", 128, fresh=True)
    return Run(folder, folder / "out", tuple(said))


def train(
    data: Path, out: Path, count: int, against: Path | None = None, *, fresh: bool = False
) -> Path:
    """Train on the rows of this folder, and on one further question about the last paragraph."""
    questions = data / "questions.zst"
    if not questions.exists():
        *_, last = read_rows(data)
        write_questions(questions, [bees(last.context)])
    return training.train(data, out, against, count, 1, fresh=fresh, questions=questions)


def trained(out: Path) -> Weights:
    """The weights of the last checkpoint, in float32."""
    state = torch.load(out / "checkpoint.pt", map_location="cpu", weights_only=True)
    network: Weights = state["network"]
    return network


@pytest.mark.parametrize(
    ("step", "share"),
    [
        (0, 0.005),  # one of two hundred steps of warming up
        (99, 0.5),
        (199, 1.0),
        (200, 1.0),
        (699, 1.0),
        (700, 1.0),  # 300 of 1,000 steps are left
        (850, 0.5),
        (997, 0.01),
        (1000, 0.0),
    ],
)
def test_the_rate_warms_up_stays_and_falls_to_nothing(
    monkeypatch: pytest.MonkeyPatch, step: int, share: float
) -> None:
    monkeypatch.setattr(training, "_WARM_UP", 200)
    assert training.rate(step, 1000) == pytest.approx(share)


@given(st.integers(1, 5000))
def test_every_step_has_a_rate_and_none_is_above_the_highest(steps: int) -> None:
    rates = [training.rate(step, steps) for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)


def test_a_checkpoint_of_the_level_part_is_of_use_for_a_longer_run() -> None:
    level = range(600)
    assert [training.rate(at, 1000) for at in level] == [training.rate(at, 3000) for at in level]


def example(length: int, starts: dict[int, float], ends: dict[int, float]) -> Example:
    """An example whose passage begins at the fourth piece."""
    return Example(tuple(range(1, length + 1)), 3, starts, ends)


def losses(
    groups: Sequence[Group], start: torch.Tensor, end: torch.Tensor
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """The loss where the network gives these logits, and what it was given."""
    seen: dict[str, torch.Tensor] = {}

    def network(**arguments: torch.Tensor) -> Any:
        seen.update(arguments)
        return SimpleNamespace(start_logits=start, end_logits=end)

    return loss_of(network, tensors(groups, "cpu")), seen


def test_the_loss_of_one_target_is_the_cross_entropy_over_passage_and_no_answer() -> None:
    batch = [(example(8, {4: 1.0}, {5: 1.0}),), (example(6, {0: 1.0}, {0: 1.0}),)]
    generator = torch.Generator().manual_seed(0)
    start, end = torch.randn(2, 8, generator=generator), torch.randn(2, 8, generator=generator)
    found, seen = losses(batch, start, end)
    # Where an answer can be: at 0, and from the passage's first piece to the last but the mark.
    places = [[0, 3, 4, 5, 6], [0, 3, 4]]
    expected = [
        torch.nn.functional.cross_entropy(logits[row, places[row]], torch.tensor(target))
        for logits, targets in ((start, (2, 0)), (end, (3, 0)))
        for row, target in enumerate(targets)
    ]
    assert found.item() == pytest.approx(torch.stack(expected).mean().item(), rel=1e-5)
    by_hand = -math.log(math.exp(start[1, 0]) / sum(math.exp(start[1, at]) for at in (0, 3, 4)))
    assert expected[1].item() == pytest.approx(by_hand, rel=1e-5)
    assert seen["input_ids"].tolist() == [[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 0, 0]]
    assert seen["token_type_ids"].tolist() == [[0, 0, 0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 0, 0]]
    assert seen["attention_mask"].tolist() == [[1] * 8, [1] * 6 + [0] * 2]


def test_the_loss_of_several_targets_is_that_of_their_mixture() -> None:
    batch = [(example(8, {4: 0.84, 6: 0.16}, {4: 1.0}),)]
    start = torch.tensor([[0.5, 9.0, 9.0, 1.0, 2.0, 0.0, -1.0, 9.0]])
    end = torch.zeros(1, 8)
    found, _ = losses(batch, start, end)
    whole = sum(math.exp(each) for each in (0.5, 1.0, 2.0, 0.0, -1.0))
    mixed = (0.84 * math.exp(2.0) + 0.16 * math.exp(-1.0)) / whole
    assert found.item() == pytest.approx((-math.log(mixed) - math.log(1 / 5)) / 2, rel=1e-5)


def test_the_windows_of_a_question_share_one_softmax_in_which_no_answer_is_one_place() -> None:
    group = (example(6, {4: 1.0}, {4: 1.0}), example(5, {0: 1.0}, {0: 1.0}))
    start = torch.tensor([[0.5, 9.0, 9.0, 1.0, 2.0, 9.0], [-1.0, 9.0, 9.0, 1.5, 9.0, 9.0]])
    found, _ = losses(
        [group, (example(5, {0: 1.0}, {0: 1.0}),)],
        torch.cat([start, start[1:]]),
        0 * torch.cat([start, start[1:]]),
    )
    # Less each window's own [CLS]: 0.5 and 1.5 in the first, 2.5 in the second, 0 for no answer.
    whole = math.exp(0) + math.exp(0.5) + math.exp(1.5) + math.exp(2.5)
    answered = -math.log(math.exp(1.5) / whole)
    alone = -math.log(math.exp(0) / (math.exp(0) + math.exp(2.5)))
    ends = -math.log(1 / 4) - math.log(1 / 2)
    assert found.item() == pytest.approx((answered + alone + ends) / 4, rel=1e-5)


def test_a_question_that_none_of_its_windows_answers_is_to_have_no_answer() -> None:
    group = (example(5, {0: 1.0}, {0: 1.0}), example(5, {0: 1.0}, {0: 1.0}))
    found, _ = losses([group], torch.zeros(2, 5), torch.zeros(2, 5))
    assert found.item() == pytest.approx(math.log(3), rel=1e-5)


def test_a_fresh_run_begins_with_the_encoders_weights(run: Run, tmp_path: Path) -> None:
    weights = load_file(train(run.data, tmp_path, 0, fresh=True))
    packaged = load_file(packaged_folder() / "model.safetensors")
    assert WORD_EMBEDDINGS not in weights
    names = {name for name in weights if name.startswith("bert.")}
    assert sum(each.dtype == torch.int8 for each in weights.values()) == 36  # six in each layer
    assert set(weights) == names | {"qa_outputs.weight", "qa_outputs.bias"}
    for name in names - {each for each in names if each.endswith(".step")}:
        begun = packaged[name.removeprefix("bert.")]
        if f"{name}.step" in weights:
            step = weights[f"{name}.step"][:, None]
            assert torch.all((weights[name].float() * step - begun).abs() <= 0.501 * step)
        else:
            assert torch.equal(weights[name], begun.half())
    assert 0 < weights["qa_outputs.weight"].abs().max() < 0.2


def test_any_other_run_goes_on_from_the_weights_that_ship(run: Run, tmp_path: Path) -> None:
    written = train(run.data, tmp_path, 0)
    assert written.read_bytes() == rag.quoting.reader.WEIGHTS.read_bytes()


class Stopped(Exception):
    """Ends a run, as a person might."""


def stopping(line: str) -> Callable[[str], None]:
    """Something to say with, until a line that begins so."""

    def say(said: str) -> None:
        if said.startswith(line):
            raise Stopped

    return say


def test_a_run_that_was_ended_and_gone_on_with_gives_the_weights_of_one_in_one_go(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as ended:
        ended.setattr(training, "say", stopping("step 3 "))
        with pytest.raises(Stopped):
            train(run.data, tmp_path, 128, fresh=True)
    assert {each.name for each in tmp_path.iterdir()} == {"checkpoint.pt", "neighbours.json"}
    weights = train(run.data, tmp_path, 128, fresh=True)
    assert weights == tmp_path / "reader.safetensors"
    assert "from step 2" in capsys.readouterr().out
    one, other = trained(run.out), trained(tmp_path)
    assert one.keys() == other.keys()
    for name in one:
        assert torch.equal(one[name], other[name]), name
    assert weights.read_bytes() == (run.out / "reader.safetensors").read_bytes()


def test_all_weights_are_trained_but_the_embeddings_and_the_lowest_layers(run: Run) -> None:
    now = trained(run.out)
    packaged = load_file(packaged_folder() / "model.safetensors")
    names = {f"bert.{name}" for name in packaged} & now.keys()
    assert len(names) > 90
    same = {name for name in names if torch.equal(now[name], packaged[name[5:]])}
    still = ("bert.embeddings.", "bert.encoder.layer.0.", "bert.encoder.layer.1.")
    assert same == {name for name in names if name.startswith(still)}


def test_a_run_says_how_far_it_is_and_learns(run: Run) -> None:
    assert any(line.startswith("4 steps of 32") and "from step 0" in line for line in run.said)
    assert [line.split()[1] for line in run.said if line.startswith("step ")] == list("1234")
    public, own = [line for line in run.said if line.startswith("at the end, ")]
    losses = [
        float(line.split("loss ")[1].split()[0].rstrip(",")) for line in run.said if "loss " in line
    ]
    assert losses[-2] < losses[0]  # of the reserved rows at the end, and of the first batch
    for line, name in ((public, "public"), (own, "own words")):
        assert f"at the end, {name}: loss" in line
        assert "AUROC of answerable" in line


def test_what_is_written_is_what_the_reader_loads(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.quoting.reader, "WEIGHTS", run.out / "reader.safetensors")
    monkeypatch.setattr(rag.quoting.reader, "WEIGHTS_SHA256", run.said[-1].split("SHA-256 ")[1])
    text = rows()[6].context
    (found,) = Reader().read(rows()[6].question, [("", text)])
    assert len(found.starts) == len(found.offsets) > 10
    assert found.best(0, len(text)) is not None


def test_rows_that_share_text_with_a_benchmark_are_told_and_left_out(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free = [each for each in rows() if not reserved(each)]
    against = tmp_path / "benchmarks"
    against.mkdir()
    met = f"Once more. {free[0].context} And so on."
    (against / "own.json").write_text(json.dumps({"texts": [met]}))
    train(run.data, tmp_path / "out", 0, against)
    shown = capsys.readouterr().out
    told = [each for each in free if each.context == free[0].context]
    assert f"{len(told)} rows share 13 words in a row with a benchmark" in shown
    counts = [
        line.split()
        for line in shown.splitlines()
        if line.endswith((f" {SQUAD}", f" {HUMAN}")) and "written" not in line
    ]
    of_squad = [int(number) for number, name in counts if name == SQUAD]
    assert of_squad == [1, sum(each.source == SQUAD for each in free) - 1]


def test_without_the_rows_nothing_is_trained(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataMissing, match=FILE):
        training.main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")])


def test_the_command_says_what_it_takes() -> None:
    command = [sys.executable, "-m", "rag.training.reader", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("--data", "--out", "--against", "--examples", "--seed", "--fresh"):
        assert option in done.stdout
