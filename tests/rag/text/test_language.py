"""English or Spanish."""

import pytest

from rag.text.language import Language, holds_spanish, language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the neutrality framework?", "en"),
        ("is it true that they signed", "en"),
        ("¿Qué es el marco de neutralidad?", "es"),
        ("que es el marco de neutralidad", "es"),
        ("¿Cuándo empiezan las sesiones?", "es"),
        ("neutrality framework", None),
        ("Rio de Janeiro", None),
        ("How much is the flight to Rio de Janeiro?", "en"),
        ("AFL-CIO", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, expected: Language | None) -> None:
    assert language(text) == expected


def test_a_collection_holds_spanish_where_it_holds_what_no_spanish_is_without() -> None:
    assert holds_spanish({"que", "los", "una", "para", "mar"}.__contains__)
    assert not holds_spanish({"los", "que", "angeles"}.__contains__)
