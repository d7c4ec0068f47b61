"""Pictures of pages of the files that were ingested."""

import subprocess
from pathlib import Path

import pytest

from rag.documents.files import read_folder
from rag.documents.originals import page_picture
from rag.errors import PageNotShown
from rag.records import Document
from tests.pdfs import pdf

DUES = pdf([(50, 700, 10, "The dues are ten euro.")], [(50, 700, 10, "They rise each spring.")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "dues.pdf").write_bytes(DUES)
    return folder


def read(*folders: Path) -> Document:
    documents, _ = read_folder(*folders)
    return next(each for each in documents if each.source.endswith(".pdf"))


def why(document: Document, folder: Path, number: int = 1) -> str:
    with pytest.raises(PageNotShown) as error:
        page_picture(document, [str(folder)], number, None)
    return error.value.why


def test_a_quote_is_marked_on_each_page_that_it_is_on(folder: Path) -> None:
    document = read(folder)
    span = document.text.index("ten"), document.text.index("rise")
    for number in (1, 2):
        picture = page_picture(document, [str(folder)], number, span)
        plain = page_picture(document, [str(folder)], number, None)
        assert picture.marked == 1
        assert picture.png != plain.png


def test_of_several_folders_the_files_own_is_found(folder: Path) -> None:
    other = folder.parent / "more"
    other.mkdir()
    (other / "a.txt").write_text("A text.\n")
    document = read(other, folder)
    assert document.source == "papers/dues.pdf"
    assert page_picture(document, [str(other), str(folder)], 1, None).width > 1000


def test_a_file_that_changed_or_is_gone_is_not_shown(folder: Path) -> None:
    document = read(folder)
    (folder / "dues.pdf").write_bytes(DUES + b"\n")
    assert why(document, folder) == "changed"
    (folder / "dues.pdf").unlink()
    assert why(document, folder) == "gone"
    (folder / "dues.pdf").mkdir()
    assert why(document, folder) == "gone"


def test_a_link_put_in_the_files_place_shows_nothing_of_another(folder: Path) -> None:
    document = read(folder)
    other = folder.parent / "secret.pdf"
    other.write_bytes(pdf([(50, 700, 10, "A secret.")]))
    (folder / "dues.pdf").unlink()
    (folder / "dues.pdf").symlink_to(other)
    assert why(document, folder) == "changed"


def test_there_is_no_page_beyond_the_last_and_none_of_a_text(folder: Path) -> None:
    (folder / "a.txt").write_text("A text.\n")
    documents, _ = read_folder(folder)
    assert why(documents[0], folder) == "no_page"
    assert why(documents[1], folder, 3) == "no_page"


def test_a_page_that_ends_its_process_is_not_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read(folder)
    popen = subprocess.Popen

    def dying(command: list[str], **more: object) -> subprocess.Popen[bytes]:
        return popen(["sh", "-c", "kill -SEGV $$"], **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", dying)
    assert why(document, folder) == "broken"
