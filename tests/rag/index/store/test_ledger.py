"""Which records a generation holds."""

from pathlib import Path

import pytest

from rag.index.store.ledger import LEDGER, Ledger, Reading, ledgers, unread

OLD = Ledger("steward-1", {"ants": ("1", 2), "bees": ("1", 1)})
NEW = Ledger("steward-1", {"ants": ("1", 2), "bees": ("2", 3)})


def test_a_key_and_a_passage_are_each_other(tmp_path: Path) -> None:
    assert NEW.key("bees:2") == "bees:2@2"
    for id in ("ants:0", "ants:1", "bees:0", "bees:2"):
        assert NEW.passage(NEW.key(id)) == id
    assert NEW.passage(OLD.key("bees:0")) is None
    assert NEW.passage("cups:0@1") is None


@pytest.mark.parametrize("id", ["ants:2", "ants:-1", "cups:0", "ants", ""])
def test_what_it_does_not_hold_has_no_key(id: str) -> None:
    with pytest.raises(KeyError):
        OLD.key(id)


def test_what_no_other_names_is_left() -> None:
    assert OLD.besides([NEW]).keys() == {"bees:0@1"}
    assert OLD.besides([]).keys() == OLD.keys() == {"ants:0@1", "ants:1@1", "bees:0@1"}
    elsewhere = Ledger("steward-2", NEW.documents)
    assert OLD.besides([elsewhere]) == OLD


def test_it_is_read_as_it_was_written_and_a_broken_one_is_an_error(tmp_path: Path) -> None:
    NEW.write(tmp_path)
    assert Ledger.read(tmp_path) == NEW
    for broken in ("", "[]", '{"collection": "a"}', '{"collection": "a", "documents": {"b": 1}}'):
        (tmp_path / LEDGER).write_text(broken)
        with pytest.raises(ValueError):
            Ledger.read(tmp_path)
        assert ledgers([tmp_path]) == []


def test_a_generation_is_unread_once_its_last_reader_has_ended(tmp_path: Path) -> None:
    NEW.write(tmp_path)
    first, second = Reading(tmp_path), Reading(tmp_path)
    for reader in (first, second):
        with unread(tmp_path) as alone:
            assert not alone
        reader.close()
    with unread(tmp_path) as alone:
        assert alone
