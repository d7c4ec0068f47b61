"""A corpus of real files: texts put into other formats by pandoc, LibreOffice and Chromium.

None of it is made for Steward's own parsers. Beside it are the PDF files that Debian's packages
bring as their documentation.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_BENCH = ("state_of_the_union", "pubmed", "wikitexts")
_CHARACTERS = 12_000  # of a text of the benchmark
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_STYLE = "body {{ columns: {columns}; font: 11pt serif; hyphens: auto; max-width: none }}\n"
_DOCUMENTATION = Path("/usr/share/doc")


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the corpus.

    Attributes:
        path: Where it is.
        kind: Its format, and what made it.
        text: What it was made of; None where only the file itself is known.
    """

    path: Path
    kind: str
    text: str | None


def texts(seeds: Path, bench: Path) -> dict[str, str]:
    """The seeds' articles, and the beginnings of texts of the benchmark, by name."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))}
    for name in _BENCH:
        text = (bench / "chunking" / "corpora" / f"{name}.md").read_text(encoding="utf-8")
        found[name] = text[: text.index("\n", _CHARACTERS)]
    return found


def make(folder: Path, sources: dict[str, str]) -> list[Made]:
    """Write the corpus into a folder.

    Raises:
        OSError: When pandoc or Chromium are missing, or one of the programs fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in sources.items():
        written = folder / f"{name}.md"
        written.write_text(_markdown(text), encoding="utf-8")
        for suffix in ("html", "docx", "epub"):
            path = folder / "pandoc" / f"{name}.{suffix}"
            _pandoc(written, path, name)
            made.append(Made(path, f"{suffix.upper()} by pandoc", text))
        for columns, label in ((1, "one column"), (2, "two columns")):
            path = folder / f"chromium-{columns}" / f"{name}.pdf"
            _print(written, path, columns, name)
            made.append(Made(path, f"PDF by Chromium, {label}", text))
        written.unlink()
    if shutil.which("soffice"):
        made += _office(folder, sources)
    made += [Made(path, "PDF of a package", None) for path in sorted(_DOCUMENTATION.rglob("*.pdf"))]
    return made


def _markdown(text: str) -> str:
    """A text as Markdown that says the same: each line a paragraph, no sign with a meaning."""
    return "\n\n".join(_PUNCTUATION.sub(r"\\\1", line.strip()) for line in text.split("\n"))


def _pandoc(written: Path, path: Path, title: str, *more: str) -> None:
    path.parent.mkdir(exist_ok=True)
    options = ["-f", "commonmark", "-s", "--metadata", f"title={title}", *more]
    _run(["pandoc", *options, "-o", str(path), str(written)])


def _print(written: Path, path: Path, columns: int, title: str) -> None:
    path.parent.mkdir(exist_ok=True)
    style = path.with_suffix(".css")
    style.write_text(_STYLE.format(columns=columns), encoding="utf-8")
    page = path.with_suffix(".html")
    _pandoc(written, page, title, "--metadata", "lang=en", "--css", style.name)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={path}"]
    _run(["chromium", *flags, str(page)])
    page.unlink()
    style.unlink()


def _office(folder: Path, sources: dict[str, str]) -> Iterator[Made]:
    """The Word documents as PDF and, opened and saved once more, as Word documents."""
    given = [str(folder / "pandoc" / f"{name}.docx") for name in sources]
    profile = f"-env:UserInstallation=file://{(folder / 'profile').absolute()}"
    for suffix in ("pdf", "docx"):
        outcome = folder / f"office-{suffix}"
        _run(
            [
                "soffice",
                profile,
                "--headless",
                "--convert-to",
                suffix,
                "--outdir",
                str(outcome),
                *given,
            ]
        )
        for name, text in sources.items():
            yield Made(outcome / f"{name}.{suffix}", f"{suffix.upper()} by LibreOffice", text)
    shutil.rmtree(folder / "profile", ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    if not shutil.which(command[0]):
        raise OSError(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{command[0]} failed: {done.stderr.strip()[-300:]}")
