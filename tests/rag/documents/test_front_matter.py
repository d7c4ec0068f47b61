"""Front matter: what is read of it, what is text, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.front_matter import FrontMatter, split


def fields(block: str, fence: str = "---") -> FrontMatter:
    found, text = split(f"{fence}\n{block}\n{fence}\nText.\n")
    assert text == "Text.\n"
    return found


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("title: A\nauthors: [B, C]", FrontMatter(title="A", authors=("B", "C"))),
        ("title: A\nauthor: B and C", FrontMatter(title="A", authors=("B and C",))),
        ("Title: 'A: b'\nsite: S", FrontMatter(title="A: b", publisher="S")),
        ("publisher: P\nsite: S", FrontMatter(publisher="P")),
        (
            "title: Yes\nsummary: |\n  Two\n  lines",
            FrontMatter(title="Yes", description="Two lines"),
        ),
        ("title: 12\ndescription: null", FrontMatter(title="12")),
        ("tags: a, b c", FrontMatter(tags=("a", "b c"))),
        ("tags:\n- a\n- 2024\n-", FrontMatter(tags=("a", "2024"))),
        ("lang: es-MX\nlayout: post", FrontMatter(language="es-MX")),
        ("{title: A, date: 2021-05-04}", FrontMatter(title="A", published="2021-05-04")),
        ('title: "\\ud83d\\udc1d"', FrontMatter(title="🐝")),
        ("title: A\ncover:\n  image: x.png\n  tags: [t]", FrontMatter(title="A")),
    ],
)
def test_the_usual_keys_are_read(block: str, expected: FrontMatter) -> None:
    assert fields(block) == expected


def test_toml_is_read_likewise() -> None:
    block = (
        'title = "A: b"\ndate = 2021-05-04T10:00:00Z\ntags = ["a", "b"]\nauthors = ["C"]\n'
        'draft = false\n[params]\ntitle = "no"'
    )
    assert fields(block, "+++") == FrontMatter(
        title="A: b", published="2021-05-04", tags=("a", "b"), authors=("C",)
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021-05-04", "2021-05-04"),
        ("2021-05-04 10:00:00 -0500", "2021-05-04"),
        ("2021-05-04T10:00:00Z", "2021-05-04"),
        ("'2021-05'", "2021-05"),
        ("2021", "2021"),
        ("2021-02-30", None),
        ("4/5/21", None),
        ("2021-05 soon", None),
        ("[2021-05-04]", None),
    ],
)
def test_a_date_is_one_or_is_said_not_to_be(written: str, read: str | None) -> None:
    found = fields(f"title: A\ndate: {written}")
    assert found.published == read
    assert [(each.key, each.line) for each in found.unused] == ([] if read else [("date", 3)])


@pytest.mark.parametrize(
    ("block", "published"),
    [
        ("published: true\ndate: 2021-05-04", "2021-05-04"),
        ("published: false\nlastmod: 2021-05-04", "2021-05-04"),
        ("date: git Last Modified", None),
        ("published: 2020-01-01\ndate: 2021-05-04", "2020-01-01"),
    ],
)
def test_what_is_said_to_the_sites_program_is_no_date_and_no_mistake(
    block: str, published: str | None
) -> None:
    assert fields(block) == FrontMatter(published=published)


@pytest.mark.parametrize(
    ("block", "url"),
    [
        ("url: https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("permalink: /posts/lena/", "/posts/lena/"),
        ("permalink: /:year/:title/\nslug: lena", "lena"),
        ("permalink: false\nslug: lena", "lena"),
        ("permalink: 'posts/{{ title }}/'", None),
        ("url: javascript:alert(1)", None),
        ("url: //example.org/a", None),
    ],
)
def test_an_address_is_one_of_the_web_or_a_path(block: str, url: str | None) -> None:
    assert fields(block).url == url


@pytest.mark.parametrize("block", ["author: {name: A}", "title: [A]", "tags: {a: b}", "lang: a b"])
def test_a_value_of_another_type_is_named_and_not_used(block: str) -> None:
    (unused,) = fields(block).unused
    assert (unused.key, unused.line) == (block.partition(":")[0], 2)
    assert unused.why.startswith("should be a")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nWe met in May: all came.\n\n---\n\nThen we left.\n",
        "---\nNote: we met in May.\n---\n",
        "---\nNote: this: that\n---\n",
        "---\nA paragraph\nof two lines\n---\n",
        "---\n- one\n- two\n---\n",
        "---\ntitle: no end\n",
        "----\ntitle: a\n----\n",
        "+++\nNo TOML here\n+++\n",
        " ---\ntitle: a\n---\n",
        "---\n",
    ],
)
def test_a_text_that_begins_with_a_rule_is_text(text: str) -> None:
    assert split(text) == (FrontMatter(), text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ntitle: Post: a story\n---\n", "line 2.*needs quotation marks"),
        ("---\ntags: a\ntitle: [\n---\n", "not YAML .line [34]"),
        ('---\ntitle: "\\ud800"\n---\n', "half a character .line 2"),
        ('---\na: 1\ntitle: "\\U00110000"\n---\n', "not YAML .line 3"),
        ("---\ntitle: a\nb: \x01\n---\n", "control character .line 3"),
        ("---\ntitle: a\npublished: !!bool maybe\n---\n", "a tag, !!bool .line 3"),
        ("---\ndate: !!timestamp 2021-99-99\n---\n", "a tag, !!timestamp .line 2"),
        ("---\nx: !!python/object:os.system a\n---\n", "a tag, .*line 2"),
        ("---\ntags: &a [b]\n---\n", "anchor or alias.*line 2"),
        ("---\na: 1\ntags: *a\n---\n", "anchor or alias.*line 3"),
        (f"---\na: {'[' * 2000}{']' * 2000}\n---\n", "deeper than 8 levels .line 2"),
        (f"---\ntags: {'{a: ' * 2000}{'}' * 2000}\n---\n", "line 2"),
        (f"---\ntitle: {'a' * 40_000}\n---\n", "more than 32,768 characters"),
        ("---\ntitle: a\n--- b\n---\n", "more than one part .line 3"),
        ("---\ntitle: a\n? [b]\n: c\n---\n", "key that is no text .line 3"),
        ('+++\ntitle = "a\n+++\n', "not TOML .line 2"),
        (f"+++\ntitle = {'1' * 5000}\n+++\n", "not TOML .line 2"),
        (f"+++\ntitle = 'a'\nb = {'[' * 20_000}\n+++\n", "nested too deep"),
        (f"+++\ntitle = 'a'\n{'a.' * 9000}a = 1\n+++\n", "deeper than 8 levels .line 3"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        split(text)


@given(
    st.sampled_from(["---", "+++"]),
    st.text() | st.lists(st.sampled_from("[]{}:,&*!|>-?#'\"\\% \nabU0")).map("".join),
)
def test_whatever_the_block_is_it_is_read_or_text_or_a_value_error(fence: str, block: str) -> None:
    key = "title: a" if fence == "---" else "title = 1"
    text = f"{fence}\n{key}\n{block}\n{fence}\nText.\n"
    try:
        found, rest = split(text)
    except ValueError as error:
        assert "has front matter" in str(error)
        return
    assert text.endswith(rest)
    assert all(each.encode() for each in (found.title or "a", *found.tags, *found.authors))
