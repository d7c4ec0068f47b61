"""Words of the same meaning, out of files in WordNet's format."""

from pathlib import Path

import pytest

from rag.training.thesaurus import Thesaurus

LICENCE = "  1 This software and database is provided as it is.\n"
INDEX = {
    "noun": [
        "deal n 3 1 @ 3 2 00000001 00000002 00000003",
        "agreement n 1 1 @ 1 1 00000001",
        "worker n 1 1 @ 1 1 00000004",
        "pay_packet n 1 0 1 0 00000005",
    ],
    "verb": [
        "sign v 1 1 @ 1 1 00000006",
        "hire v 1 1 @ 1 1 00000007",
        "reply v 1 1 @ 1 1 00000008",
    ],
    "adj": ["big a 1 1 & 1 1 00000009"],
    "adv": [],
}
DATA = {
    "noun": [
        "00000001 04 n 03 deal 0 agreement 0 gentleman's_agreement 0 000 | said",
        "00000002 04 n 02 deal 0 Trade 0 000 | exchanged",
        "00000003 04 n 02 deal 0 plank 0 000 | of wood",
        "00000004 18 n 02 worker 0 boss 0 000 | who works",
        "00000005 21 n 02 pay_packet 0 wage 0 000 | what is paid",
    ],
    "verb": [
        "00000006 32 v 02 sign 0 certify 0 000 | one's name",
        "00000007 41 v 02 hire 0 engage 0 000 | for work",
        "00000008 32 v 02 reply 0 answer 0 000 | to someone",
    ],
    "adj": ["00000009 00 a 02 big 0 large(p) 0 000 | in size"],
    "adv": [],
}


@pytest.fixture
def thesaurus(tmp_path: Path) -> Thesaurus:
    for name, files in (("index", INDEX), ("data", DATA)):
        for kind, lines in files.items():
            text = LICENCE + "".join(f"{line}  \n" for line in lines)
            (tmp_path / f"{name}.{kind}").write_text(text, encoding="utf-8")
    return Thesaurus(tmp_path)


@pytest.mark.parametrize(
    ("word", "alike"),
    [
        ("agreement", ("deal",)),
        ("big", ("large",)),
        ("deals", ("agreements",)),
        ("workers", ("bosses",)),
        ("signed", ("certified",)),
        ("signing", ("certifying",)),
        ("hired", ("engaged",)),
        ("hiring", ("engaging",)),
        ("hires", ("engages",)),
        ("replies", ("answers",)),
        ("replied", ("answered",)),
        ("deal", ("agreement",)),
        ("wage", ()),
        ("unheard", ()),
        ("", ()),
    ],
)
def test_a_word_has_those_of_its_two_commonest_senses_with_its_ending(
    thesaurus: Thesaurus, word: str, alike: tuple[str, ...]
) -> None:
    assert thesaurus.alike(word) == alike


def test_without_the_files_the_path_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="index.noun"):
        Thesaurus(tmp_path)
