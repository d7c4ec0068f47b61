"""Files to documents."""

import hashlib
import os
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.files import parse, read_folder, titled
from rag.documents.formats import extractor
from rag.errors import FolderMissing, NoDocuments, UnknownEncoding, UnreadableDocuments
from tests.conftest import SEEDS

TITLES = {
    "afl-cio-tech-labor-partnership.txt": "AFL-CIO and Microsoft Form New Tech-Labor Partnership"
    " on Artificial Intelligence",
    "ai-impact-on-workers-summary.txt": "Microsoft holds discussions with labor unions on AI's"
    " impact on workers",
    "ai-magazine-ai-alliance.txt": "Microsoft & AFL-CIO form AI Alliance to educate workforces",
    "campus-technology-ai-in-workforce.txt": "Microsoft, AFL-CIO Working to Shape AI's Role in"
    " Workforce",
    "labor-union-on-ai-news.txt": "Microsoft Partners With Labor Union on AI",
}


def test_the_seeds_get_the_titles_a_person_would_give_them() -> None:
    documents, skipped = read_folder(SEEDS)
    assert {document.source: document.title for document in documents} == TITLES
    assert skipped == (("README.md", "describes the folder"),)


def test_the_left_overs_of_the_seeds_pages_lie_outside_the_body() -> None:
    documents = {document.source: document for document in read_folder(SEEDS)[0]}

    def outside(source: str) -> tuple[str, str]:
        document = documents[source]
        start, end = document.body
        return document.text[:start].strip(), document.text[end:].strip()

    assert outside("afl-cio-tech-labor-partnership.txt") == ("", "")
    assert outside("ai-impact-on-workers-summary.txt") == ("", "")
    assert outside("ai-magazine-ai-alliance.txt")[1].startswith("For more insights into")
    assert outside("campus-technology-ai-in-workforce.txt")[1].startswith("About the Author")
    before, after = outside("labor-union-on-ai-news.txt")
    assert before == "fbpx"
    assert after.startswith("Support our non-profit journalism")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_change_the_document(ending: str) -> None:
    text = "A title of words\n\nFirst line.\nSecond line.\n"
    assert parse(text.replace("\n", ending).encode(), "a.txt") == parse(text.encode(), "a.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encodings_that_name_themselves(encoding: str) -> None:
    text = "Über die Zukunft der Arbeit\n\nSie beginnt – heute. 🐝\n"
    document = parse(text.encode(encoding), "arbeit.txt")
    assert document.text == text
    assert document.title == "Über die Zukunft der Arbeit"
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_text_of_another_encoding_is_read_as_it_is_said_to_be_and_never_guessed(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_bytes("Grüße aus Köln".encode("latin-1"))
    (tmp_path / "b.csv").write_bytes("Name,Ort\nJürgen,Köln\n".encode("latin-1"))
    (tmp_path / "c.md").write_text("Schöne Grüße", encoding="utf-8")
    documents, skipped = read_folder(tmp_path)
    assert [source for source, _ in skipped] == ["a.txt", "b.csv"]
    documents, skipped = read_folder(tmp_path, encoding="windows-1252")
    assert skipped == ()
    assert [document.text for document in documents] == [
        "Grüße aus Köln", "Name: Jürgen; Ort: Köln.", "Schöne Grüße",
    ]  # fmt: skip
    assert ("a.txt", "is not shift_jis text (line 1); save it as UTF-8") in (
        read_folder(tmp_path, encoding="shift_jis")[1]
    )


@pytest.mark.parametrize("name", ["klingon", "", "zlib", "rot13", "idna"])
def test_an_encoding_that_there_is_not_is_an_error(name: str, folder: Path) -> None:
    with pytest.raises(UnknownEncoding):
        read_folder(folder, encoding=name)


def test_the_folders_of_a_file_are_tags_beside_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "contracts" / "2024"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("---\ntags: [nurses, Contracts]\n---\nWords.\n")
    (folder / "b.csv").write_text("Name,Role\nAda,Chair\n")
    documents, _ = read_folder(tmp_path)
    assert [document.tags for document in documents] == [
        ("nurses", "Contracts", "2024"), ("contracts", "2024"),
    ]  # fmt: skip


def test_what_was_cut_off_of_a_file_is_named_again_each_time(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "The vote"
    message.set_content("It is on Friday.")
    message.add_attachment(b"", maintype="application", subtype="zip", filename="a.zip")
    (tmp_path / "vote.eml").write_bytes(message.as_bytes())
    (document,), skipped = read_folder(tmp_path)
    said = "the attachment a.zip, which is of a format that is not read"
    assert skipped == (("part of vote.eml", said),)
    assert read_folder(tmp_path, before=lambda id: document) == ((document,), skipped)


def test_front_matter_gives_the_metadata_and_is_not_part_of_the_text() -> None:
    data = (
        b"---\ntitle: The  Lena\npublisher: Water Office\npublished: 2021-05-04\nurl: "
        b"https://example.org/lena\ntags: [rivers, 'far north']\nlayout: post\nauthor: A. Ode\n"
        b"lang: en\ndescription: Long.\n---\nIt flows.\n"
    )
    document = parse(data, "lena.md")
    assert document.text == "It flows.\n"
    assert (document.title, document.publisher) == ("The Lena", "Water Office")
    assert (document.published, document.url) == ("2021-05-04", "https://example.org/lena")
    assert document.tags == ("rivers", "far north")
    assert (document.authors, document.language) == (("A. Ode",), "en")
    assert document.description == "Long."


@pytest.mark.parametrize("text", ["---\nHello there\n---\nMore.\n", "---\nno end\n", "--- \n---\n"])
def test_a_rule_at_the_start_is_not_front_matter(text: str) -> None:
    assert parse(text.encode(), "a.md").text == text


def test_the_title_is_of_the_front_matter_else_a_heading_else_the_files_name() -> None:
    heading, text = "# The river Lena\n", "It flows north.\n"
    assert parse(f"---\ntitle: Lena\n---\n{heading}{text}".encode(), "a.md").title == "Lena"
    assert parse(f"{heading}{text}".encode(), "a.md").title == "The river Lena"
    assert parse(text.encode(), "far-north.md").title == "Far north"


def test_the_id_follows_the_path_and_not_the_text() -> None:
    assert parse(b"one", "a.txt").id == parse(b"two", "a.txt").id != parse(b"one", "b.txt").id


def test_an_article_about_newsletters_is_not_cut_at_its_beginning() -> None:
    text = "Why newsletters are back\n\nSubscribe to our newsletter\n\n" + "They are read. " * 40
    assert parse(text.encode(), "a.txt").body == (0, len(text))


UNREADABLE = (
    (
        "broken.md",
        "has front matter that is not YAML (line 2: mapping values are not allowed here; ",
    ),
    ("latin.txt", "is not UTF-8 text (line 3); save it as UTF-8"),
    ("program.txt", "is not text, with NUL characters in it (line 1)"),
)


def spoil(folder: Path) -> None:
    (folder / "latin.txt").write_bytes("One\n\nGrüße".encode("latin-1"))
    (folder / "program.txt").write_bytes(b"\x00\x01\x02")
    (folder / "broken.md").write_bytes(b"---\ntitle: Post: a story\n---\ntext\n")


def test_what_cannot_be_read_is_left_out_and_named_with_its_line(folder: Path) -> None:
    spoil(folder)
    documents, skipped = read_folder(folder)
    assert [each.source for each in documents] == ["bees.txt", "rivers.md", "tea.txt"]
    for (source, why), (expected, beginning) in zip(skipped, UNREADABLE, strict=True):
        assert source == expected
        assert why.startswith(beginning)


def test_to_the_strict_it_is_an_error_that_names_all_of_it(folder: Path) -> None:
    spoil(folder)
    (folder / "empty.txt").write_text("")
    with pytest.raises(UnreadableDocuments) as caught:
        read_folder(folder, strict=True)
    names = [source for source, _ in caught.value.problems]
    assert names == ["broken.md", "empty.txt", "latin.txt", "program.txt"]


def test_where_nothing_else_is_there_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    spoil(tmp_path)
    with pytest.raises(UnreadableDocuments):
        read_folder(tmp_path)


def test_a_field_of_another_type_is_left_out_and_its_document_is_not(folder: Path) -> None:
    (folder / "post.md").write_text("---\ntitle: Moss\ndate: soon\n---\nMoss is green.\n")
    documents, skipped = read_folder(folder)
    assert [each.published for each in documents if each.title == "Moss"] == [None]
    assert skipped == (("date of post.md", "line 3: should be a date, as 2021-05-04"),)
    with pytest.raises(UnreadableDocuments, match="date of post.md"):
        read_folder(folder, strict=True)


def test_two_names_that_are_not_utf8_are_two_documents(tmp_path: Path) -> None:
    for number, name in enumerate((b"\xff.txt", b"\xfe.txt", b"\\xff.txt")):
        (tmp_path / os.fsdecode(name)).write_text(f"Number {number}.")
    documents, _ = read_folder(tmp_path)
    assert sorted(each.source for each in documents) == ["\\xfe.txt", "\\xff.txt", "\\xff.txt"]
    assert len({each.id for each in documents}) == 3
    assert all(each.source.encode() for each in documents)


def test_several_folders_are_one_collection_and_ids_do_not_hang_on_the_others(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / name for name in ("fees", "minutes", "notes")]
    for folder in folders:
        folder.mkdir()
        (folder / "may.txt").write_text(f"What there is in {folder.name}.")

    def ids(*given: Path) -> dict[str, str]:
        return {each.source: each.id for each in read_folder(*given)[0]}

    all_three = ids(*folders)
    assert list(all_three) == ["fees/may.txt", "minutes/may.txt", "notes/may.txt"]
    assert len(set(all_three.values())) == 3
    assert ids(*reversed(folders)) == all_three
    (folders[0] / "june.txt").write_text("More fees.")
    assert ids(*folders[:2]).items() >= {
        (source, all_three[source]) for source in ("fees/may.txt", "minutes/may.txt")
    }
    assert list(ids(folders[0])) == ["june.txt", "may.txt"]


def test_what_is_left_out_is_named_and_hidden_files_are_not(folder: Path) -> None:
    (folder / "song.mp3").write_bytes(b"ID3")
    (folder / "blank.txt").write_text(" \n")
    (folder / "Readme.txt").write_text("About this folder")
    (folder / ".git").mkdir()
    (folder / ".git" / "notes.txt").write_text("hidden")
    (folder / "more").mkdir()
    (folder / "more" / "readme.md").write_text("A document of its own right\n")
    documents, skipped = read_folder(folder)
    assert [document.source for document in documents] == [
        "bees.txt",
        "more/readme.md",
        "rivers.md",
        "tea.txt",
    ]
    assert skipped == (
        ("Readme.txt", "describes the folder"),
        ("blank.txt", "holds no text"),
        ("song.mp3", ".mp3 is not a format read yet"),
    )


def test_a_missing_and_an_empty_folder_are_different_errors(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing):
        read_folder(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoDocuments):
        read_folder(tmp_path / "empty")


@given(st.text())
def test_any_text_makes_a_document_whose_body_lies_inside_it(text: str) -> None:
    try:
        document = parse(text.encode(), "any.txt")
    except ValueError as error:
        assert "\0" in text or text.lstrip("\ufeff").startswith("---"), error
        return
    start, end = document.body
    assert 0 <= start <= end <= len(document.text) == document.length
    assert document.title
    assert "\r" not in document.text


def test_a_known_title_leaves_nothing_above_the_article_cut_off() -> None:
    text = "Skip to content:\n\nThe council sets the fees\n\nThey are due in May.\n"
    assert parse(text.encode(), "a.txt").body[0] > 0
    assert parse(f"---\ntitle: Fees\n---\n{text}".encode(), "a.txt").body == (0, len(text))


@pytest.mark.parametrize("title", ["Paris: a town", '"Tea" # in short', "- Ärger 🐝", "12", "a\\b"])
def test_a_title_that_is_given_is_the_document_s_and_the_text_stays_as_it_is(title: str) -> None:
    text = "A line that looks like a title\n\n---\nRelated articles\n"
    for source in ("a.txt", "a.md"):
        document = parse(titled(title, text).encode(), source)
        assert (document.title, document.text) == (title, text)


PAGE = b"<title>Fees</title><main><h1>The fees</h1><p>They are five euro.</p></main>"


def test_a_page_is_a_document_in_markdown_that_names_its_file(folder: Path) -> None:
    (folder / "fees.html").write_bytes(PAGE)
    document = read_folder(folder)[0][1]
    assert (document.source, document.title) == ("fees.html", "The fees")
    assert document.text == "# The fees\n\nThey are five euro."
    assert document.is_markdown
    assert document.extractor == extractor("fees.html")
    assert document.file_sha256 == hashlib.sha256(PAGE).hexdigest()


@pytest.mark.parametrize("data", [b"", b"<nav>Menu</nav>", "<p>Grüße</p>".encode("latin-1")])
def test_a_page_that_gives_no_text_is_named_and_the_others_are_read(
    folder: Path, data: bytes
) -> None:
    (folder / "broken.html").write_bytes(data)
    documents, skipped = read_folder(folder)
    assert len(documents) == 3
    ((source, why),) = skipped
    assert source == "broken.html" and why in (
        "holds no text",
        "is not utf-8 text (line 1); save it as UTF-8",
    )
    with pytest.raises(UnreadableDocuments):
        read_folder(folder, strict=True)


def test_a_file_is_extracted_again_only_where_it_or_its_extractor_changed(folder: Path) -> None:
    (folder / "fees.html").write_bytes(PAGE)
    known = {each.id: replace(each, title="Kept") for each in read_folder(folder)[0]}

    def titles(change: dict[str, str]) -> list[str]:
        before = {id: replace(each, **change) for id, each in known.items()}  # type: ignore[arg-type]
        return [each.title for each in read_folder(folder, before=before.get)[0]]

    assert titles({})[1] == "Kept"
    assert titles({"extractor": "html 0"})[1] == "The fees"
    assert titles({"file_sha256": "0"})[1] == "The fees"
    assert "Kept" not in titles({})[2:], "text is read anyway"
