"""CSV files."""

import csv
import random
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.formats.csv import extract
from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.rows import ROWS, TOO_LARGE

ROWS_OF_OFFICERS = [["Name", "Role"], ["Ada, M.", 'the "Chair"'], ["Bo; C.", "Clerk\tof all"]]


def _made(rows: list[list[str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    made = StringIO()
    csv.writer(made, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return made.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_what_stands_between_the_values_is_found_out(delimiter: str, quoting: int) -> None:
    found = extract(_made(ROWS_OF_OFFICERS, delimiter, quoting).encode(), "officers.csv")
    assert found.text == ('Name: Ada, M.; Role: the "Chair".\n\nName: Bo; C.; Role: Clerk of all.')
    assert found.places == ((0, "row 2"), (found.text.index("Name: Bo"), "row 3"))
    assert found.cut == ()


def test_commas_inside_of_sentences_do_not_divide_what_semicolons_do() -> None:
    data = "Term;Meaning\nDues;What members pay, each month, by law\nStrike;A stop, by all\n"
    assert extract(data.encode(), "terms.csv").text.startswith(
        "Term: Dues; Meaning: What members pay, each month, by law."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_is_read_in_the_encodings_that_name_themselves(encoding: str) -> None:
    data = _made([["Name", "Ort"], ["Jürgen", "Köln"]]).encode(encoding)
    assert extract(data, "orte.csv").text == "Name: Jürgen; Ort: Köln."


def test_another_encoding_is_never_guessed() -> None:
    with pytest.raises(Unextractable, match=r"is not UTF-8 text \(line 2\)"):
        extract("Name,Ort\nJürgen,Köln\n".encode("latin-1"), "orte.csv")
    with pytest.raises(Unextractable, match=r"NUL characters in it \(line 1\)"):
        extract(b"Name\0,Ort\n", "orte.csv")


def test_a_field_without_end_is_no_table() -> None:
    with pytest.raises(Unextractable, match="no table that can be read"):
        extract(b'a,b\n"' + b"x" * 200_000, "a.csv")


def test_what_is_cut_off_is_said() -> None:
    data = _made([["Name", "Role"]] + [["Ada", "Chair"]] * ROWS).encode()
    assert extract(data, "a.csv").cut == (TOO_LARGE,)


@given(st.text(alphabet='ab,;"\n\t|#-` <', max_size=60))
def test_places_are_where_their_rows_begin_whatever_the_file(text: str) -> None:
    found = extract(text.encode(), "a.csv")
    offsets = [offset for offset, _ in found.places]
    assert offsets == sorted(set(offsets))
    for offset in offsets:
        assert not found.text[:offset].strip("\n") or found.text[:offset].endswith("\n\n")
        assert not found.text[offset].isspace()


@pytest.mark.parametrize("sign", [",", '"', ";", "\n", '",', '"\n', "'"])
@pytest.mark.timeout(60)
def test_a_hostile_file_takes_no_longer_than_a_plain_one(sign: str) -> None:
    data = (sign * 300_000)[:300_000].encode()
    try:
        extract(data, "a.csv")
    except Unextractable as error:
        assert str(error)


def test_random_bytes_are_text_or_not_and_nothing_else_happens() -> None:
    random_ = random.Random(3)
    for _ in range(200):
        try:
            extract(random_.randbytes(random_.randrange(300)), "a.csv")
        except Unextractable as error:
            assert str(error)
