"""What is read in which order, of made-up rows and real windows."""

import random

from rag.quoting.windows import Windows
from rag.training.mixture import Group, Mixture, batches
from rag.training.neighbours import Neighbour, Neighbours
from rag.training.rows import OwnWords, Row, key
from tests.rag.training.test_rows import own_words, row

ELSEWHERE = Neighbour(title="Elsewhere", headings=("Far",), text="Nothing of the kind.")
NOR_HERE = Neighbour(title="", headings=(), text="Nor here.")


def public(count: int) -> list[Row]:
    return [
        row(
            "QAMR",
            f"What is in bay {number}?",
            f"Bay {number} has{' small' * number} seals.",
            "",
            "seals",
        )
        for number in range(count)
    ]


def mixture(windows: Windows, asked: list[OwnWords], near: Neighbours, count: int = 40) -> Mixture:
    return Mixture(public(count), asked, near, windows, 1)


def answered(group: Group) -> list[bool]:
    return [0 not in each.starts for each in group]


def test_most_questions_are_read_with_one_of_their_neighbours_which_has_no_answer(
    windows: Windows,
) -> None:
    asked = [own_words(number, "gulls" if number % 2 else "") for number in range(80)]
    near = {key(each): [ELSEWHERE, NOR_HERE] for each in asked}
    groups = [group for group in mixture(windows, asked, near).epoch(0) if len(group) > 1]
    assert 40 <= len(groups) <= 70
    answers = list(map(answered, groups))
    assert {tuple(each) for each in answers} == {(False, False), (True, False)}


def test_without_neighbours_a_question_is_read_with_its_own_passage_alone(
    windows: Windows,
) -> None:
    groups = mixture(windows, [own_words(1), own_words(2), own_words(3)], {}).epoch(0)
    assert [len(group) for group in groups] == [1, 1, 1, 1]  # one of them of a public row


def test_an_epoch_has_every_own_question_and_six_public_ones_to_ten_that_go_on(
    windows: Windows,
) -> None:
    asked = [own_words(number) for number in range(30)]
    mixed = mixture(windows, asked, {})
    epochs = [mixed.epoch(number) for number in (0, 1)]
    for groups in epochs:
        assert len(groups) == 48
    first, second = ({each.ids for (each,) in groups} for groups in epochs)
    titled = {each.ids for each in (group[0] for group in epochs[0])}
    assert titled == first
    shared = first & second
    # Own questions come again, with other words lost; of the 40 public rows some come again, too.
    assert len(shared) <= 40


def test_the_same_seed_makes_the_same_epoch_whichever_was_made_before(windows: Windows) -> None:
    asked = [own_words(number) for number in range(6)]
    one, other = (mixture(windows, asked, {}) for _ in range(2))
    third = one.epoch(2)
    assert [other.epoch(number) for number in range(3)][2] == third
    assert other.epoch(1) != third


def test_batches_hold_every_window_once_keep_groups_whole_and_are_of_alike_lengths(
    windows: Windows,
) -> None:
    asked = [own_words(number) for number in range(40)]
    near = {
        key(each): [
            Neighbour(
                title="",
                headings=(),
                text="Nor " + "here " * random.Random(each.title).randint(1, 60),
            )
        ]
        for each in asked
    }
    mixed = mixture(windows, asked, near)
    epoch = mixed.epoch(0)
    found: list[list[Group]] = []
    for _, batch in batches(mixed, 100, 8, 50, 1, 0):
        if sum(map(len, found)) == len(epoch):
            break
        found.append(batch)
    whole = [group for batch in found for group in batch]
    assert all(sum(map(len, batch)) <= 8 for batch in found)
    assert sorted(group[0].ids for group in whole) == sorted(group[0].ids for group in epoch)
    spread = [
        max(lengths) - min(lengths)
        for batch in found
        for lengths in ([max(len(each.ids) for each in group) for group in batch],)
    ]
    assert max(spread) < 30


def test_a_step_has_the_same_batch_wherever_training_began_and_epochs_differ(
    windows: Windows,
) -> None:
    asked = [own_words(number) for number in range(24)]
    whole = list(batches(mixture(windows, asked, {}), 12, 8, 2, 1, 0))
    assert [step for step, _ in whole] == list(range(12))
    assert list(batches(mixture(windows, asked, {}), 12, 8, 2, 1, 7)) == whole[7:]
    assert [batch for _, batch in whole[:4]] != [batch for _, batch in whole[4:8]]
