import html
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import FileSystemLoader, TemplateAssertionError, TemplateNotFound, UndefinedError
from markupsafe import Markup

from rag.text import html as made
from rag.text.html import escaped, render
from tests.conftest import ROOT

HOSTILE = (
    '<img src=x onerror="alert(1)"> <script>alert(1)</script> [x](javascript:alert(1)) '
    "$$x^2$$ {{7*7}} ${7*7} `code` ![i](http://a.example/i.png) **b** &lt; </p></div> #h |t|"
)
HELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TEMPLATES = sorted(path for top in ("rag", "ui", "eval") for path in (ROOT / top).rglob("*.html"))
SAMPLE = """{% macro again(value) %}{{ value }}{% endmacro %}
{{ value }} {{ again(value) }} {% for each in [value] %}{{ each }}{% endfor %}
{% set kept %}{{ value }}{% endset %}{{ kept }} {% autoescape false %}{{ value }}{% endautoescape %}
"""


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A template that is not there yet."""
    here = made._ENVIRONMENT.overlay(loader=FileSystemLoader(tmp_path))
    monkeypatch.setattr(made, "_ENVIRONMENT", here)
    return tmp_path / "sample.html"


@given(HELD)
@example(HOSTILE)
def test_text_reads_as_it_was_and_holds_no_character_of_any_markup(raw: str) -> None:
    assert html.unescape(escaped(raw)) == raw
    assert not re.search(r"[\t\n\r!-/:-@\[-`{-~]", re.sub(r"&#\d+;", "", escaped(raw)))


def test_what_html_cannot_hold_shows_as_the_replacement_character() -> None:
    assert escaped("a\0b\ud800c") == "a\ufffdb\ufffdc"


def test_a_value_is_escaped_wherever_a_template_puts_it(sample: Path) -> None:
    sample.write_text(SAMPLE, encoding="utf-8")
    shown = render("sample.html", value=HOSTILE)
    assert "".join(str(shown).split()) == "".join(str(escaped(HOSTILE)).split()) * 5


def test_what_was_marked_as_html_stays_html_and_numbers_stay_numbers(sample: Path) -> None:
    sample.write_text("{{ piece }} {{ number }}", encoding="utf-8")
    assert render("sample.html", piece=Markup("<b>"), number=-0.5) == "<b> -0.5"


@pytest.mark.parametrize("name", ["safe", "e", "escape", "forceescape", "join", "replace"])
def test_a_template_cannot_ask_for_less(sample: Path, name: str) -> None:
    sample.write_text(f"{{{{ value|{name} }}}}", encoding="utf-8")
    with pytest.raises(TemplateAssertionError):
        render("sample.html", value=HOSTILE)


def test_a_value_that_is_missing_is_an_error_and_so_is_a_template(sample: Path) -> None:
    sample.write_text("{{ value }}", encoding="utf-8")
    with pytest.raises(UndefinedError):
        render("sample.html")
    with pytest.raises(TemplateNotFound):
        render("other.html")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_joins_text_to_html_which_jinja_would_escape_its_own_way(path: Path) -> None:
    code = re.findall(r"\{[{%](.+?)[}%]\}", path.read_text(encoding="utf-8"))
    assert not [each for each in code if "~" in each]
