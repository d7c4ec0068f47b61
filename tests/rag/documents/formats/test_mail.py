"""E-mail messages, made by the standard library, and hostile ones."""

import random
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

import pytest
from openpyxl import Workbook

from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.mail import ATTACHMENTS, DEEPEST, extract


def _message(text: str = "The vote is on Friday.\n", subject: str = "The vote") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Ada Ode <ada@example.org>, bo@example.org"
    message["To"] = "all@example.org"
    message["Date"] = "Tue, 04 May 2021 23:30:00 -0700"
    message["Subject"] = subject
    message.set_content(text)
    return message


def _sheet() -> bytes:
    book, made = Workbook(), BytesIO()
    book.active.append(["Name", "Role"])
    book.active.append(["Ada", "Chair"])
    book.save(made)
    return made.getvalue()


def test_headers_are_metadata_and_the_text_is_what_was_written() -> None:
    found = extract(_message(subject="Die  Wahl – heute").as_bytes(), "vote.eml")
    assert found.text == "The vote is on Friday."
    assert (found.title, found.authors) == ("Die Wahl – heute", ("Ada Ode", "bo@example.org"))
    assert found.published == "2021-05-04"  # where it was sent
    assert (found.places, found.cut, found.body) == ((), (), (0, len(found.text)))


def test_the_plain_form_is_read_where_there_are_two() -> None:
    message = _message("Plain words.")
    message.add_alternative("Other words.", subtype="html")
    assert extract(message.as_bytes(), "a.eml").text == "Plain words."
    message = _message()
    message.set_content("Only &amp; alone.", subtype="html")
    assert extract(message.as_bytes(), "a.eml").text == "Only & alone."


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "koi8-r"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_the_encoding_is_as_declared(charset: str, encoding: str) -> None:
    text = "Голосуем завтра." if charset == "koi8-r" else "Über die Köpfe."
    message = _message()
    message.set_content(text, charset=charset, cte=encoding)
    assert extract(message.as_bytes(), "a.eml").text == text


def test_an_encoding_that_is_not_what_is_declared_is_said_and_never_guessed() -> None:
    data = b"From: a@example.org\nContent-Type: text/plain; charset=%b\n\n\xdcber alle."
    with pytest.raises(Unextractable, match="is not utf-8 text"):
        extract(data % b"utf-8", "a.eml")
    with pytest.raises(Unextractable, match="not known, x-made-up"):
        extract(data % b"x-made-up", "a.eml")
    with pytest.raises(Unextractable, match="not known, zlib"):
        extract(data % b"zlib", "a.eml")
    assert extract(data % b"latin-1", "a.eml").text == "Über alle."


def test_quoted_replies_stay_with_their_signs() -> None:
    text = "I agree.\n\nOn Monday Bo wrote:\n> Shall we vote?\n> On Friday.\n"
    assert extract(_message(text).as_bytes(), "a.eml").text == text.strip()


def test_lines_that_flow_are_one_and_those_that_do_not_stay() -> None:
    message = _message("A long sentence \ngoes on.\nA new line.\n> said \n> so\n-- \nAda\n")
    message.set_param("format", "flowed")
    assert extract(message.as_bytes(), "a.eml").text == (
        "A long sentence goes on.\nA new line.\n> said\n> so\n--\nAda"
    )


def test_attachments_are_read_by_their_own_formats_and_are_places() -> None:
    message = _message()
    message.add_attachment(
        _sheet(), maintype="application", subtype="octet-stream", filename="officers.xlsx"
    )
    message.add_attachment("Notes of the board.\n", filename="notes.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    found = extract(message.as_bytes(), "a.eml")
    assert found.text == (
        "The vote is on Friday.\n\n# officers.xlsx\n\n## Sheet\n\nName: Ada; Role: Chair.\n\n"
        "# notes.txt\n\nNotes of the board."
    )
    assert [(found.text[offset:][:8], name) for offset, name in found.places] == [
        ("# office", "attachment officers.xlsx"),
        ("Name: Ad", "attachment officers.xlsx, row 2"),
        ("# notes.", "attachment notes.txt"),
    ]
    assert found.cut == ()


def test_an_attachment_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    message = _message()
    for name in ("a.zip", "b.xlsx", "c.xlsx"):
        data = _sheet() if name == "c.xlsx" else b"PK broken"
        message.add_attachment(data, maintype="application", subtype="zip", filename=name)
    found = extract(message.as_bytes(), "a.eml")
    assert "Name: Ada" in found.text
    assert found.cut == (
        "the attachment a.zip, which is of a format that is not read",
        "the attachment b.xlsx, which is a broken archive, or cut off: save or fetch it again",
    )


def test_messages_attached_to_messages_are_read_down_to_a_depth() -> None:
    message = _message("No. 0", "Subject 0")
    for number in range(1, DEEPEST + 2):
        outer = _message(f"No. {number}", f"Subject {number}")
        outer.add_attachment(message)
        message = outer
    found = extract(message.as_bytes(), "a.eml")
    assert "# Subject 1\n\nNo. 1" in found.text
    assert "No. 0" not in found.text
    assert len(found.cut) == 1
    assert "more than 4 messages" in found.cut[0]


@pytest.mark.timeout(60)
def test_parts_within_each_other_and_attachments_without_end_take_no_time() -> None:
    deep = b"From: a@example.org\n"
    for number in range(3000):
        deep += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number)
    many = b'From: a@example.org\nContent-Type: multipart/mixed; boundary="b"\n\n'
    many += b"--b\nContent-Type: text/plain\n\nwords\n" * 2000
    for data in (deep + b"\nwords", many):
        try:
            found = extract(data, "a.eml")
            assert f"attachments after the first {ATTACHMENTS}" in found.cut
        except Unextractable as error:
            assert str(error)


@pytest.mark.parametrize("kind", ["multipart/encrypted", "application/pkcs7-mime"])
def test_an_encrypted_message_is_named_as_one(kind: str) -> None:
    with pytest.raises(Unextractable, match="is encrypted"):
        extract(f"From: a@example.org\nContent-Type: {kind}\n\nx".encode(), "a.eml")


@pytest.mark.parametrize("data", [b"", b"Only words.\n", bytes(100)])
def test_what_has_no_header_is_no_message(data: bytes) -> None:
    with pytest.raises(Unextractable, match="is no e-mail message"):
        extract(data, "a.eml")


def test_whatever_is_broken_there_is_no_other_error() -> None:
    random_ = random.Random(5)
    message = _message("Ü" * 200)
    message.add_alternative("Other words.", subtype="html")
    message.add_attachment(_sheet(), maintype="application", subtype="zip", filename="ü.xlsx")
    message.add_attachment(_message())
    whole = message.as_bytes()
    for _ in range(300):
        broken = bytearray(whole[: random_.randrange(len(whole) + 1)])
        for _ in range(random_.randrange(6)):
            if broken:
                broken[random_.randrange(len(broken))] = random_.choice(b'\n:;="<>@\xff-a')
        try:
            extract(bytes(broken), "a.eml")
        except Unextractable as error:
            assert str(error)
