from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rag.errors import SettingsFault
from rag.settings import Settings, load


def problems(**arguments: object) -> tuple[tuple[str, str], ...]:
    with pytest.raises(SettingsFault) as caught:
        load(**arguments)
    return caught.value.problems


def test_without_any_setting_the_server_listens_on_this_machine_alone() -> None:
    settings = load()
    assert settings.host == "127.0.0.1"
    assert settings.model_fields_set == set()


def test_an_argument_wins_over_a_variable_and_a_variable_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("steward.toml").write_text("port = 1001\nhits = 1\nthreshold = 0.25\n")
    monkeypatch.setenv("STEWARD_PORT", "1002")
    monkeypatch.setenv("STEWARD_HITS", "2")
    settings = load(port=1003)
    assert (settings.port, settings.hits, settings.threshold) == (1003, 2, 0.25)


def test_an_argument_that_is_none_counts_as_not_given() -> None:
    Path("steward.toml").write_text("port = 1001\n")
    assert load(port=None, host=None).port == 1001


def test_an_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_INDEX", "")
    monkeypatch.setenv("STEWARD_HOST", "")
    assert load() == Settings()
    assert load().index == Path("index")


def test_a_variable_that_is_no_setting_is_refused_even_when_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STEWARD_PROT", "80")
    monkeypatch.setenv("steward_hots", "")
    assert problems() == (
        ("STEWARD_PROT", "is not a setting"),
        ("steward_hots", "is not a setting"),
    )


@pytest.mark.parametrize("text", ["prot = 80\n", "[prot]\nport = 80\n"])
def test_a_key_of_the_file_that_is_no_setting_is_refused(text: str) -> None:
    Path("steward.toml").write_text(text)
    assert problems() == (("prot in steward.toml", "is not a setting"),)


def test_an_argument_that_is_no_setting_is_refused() -> None:
    assert problems(prot=80) == (("prot", "is not a setting"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("port", "http"),
        ("threshold", "-0.1"),
        ("threshold", "1.1"),
        ("threshold", "nan"),
        ("hits", "0"),
        ("passage_tokens", "31"),
        ("question_characters", "99999"),
    ],
)
def test_a_value_out_of_range_is_named_as_it_was_written(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((written, problem),) = problems(**{name: value})
    assert written == name
    Path("steward.toml").write_text(f"{name} = '{value}'\n")
    assert problems() == ((f"{name} in steward.toml", problem),)
    monkeypatch.setenv(f"Steward_{name}", value)
    assert problems() == ((f"Steward_{name}", problem),)


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("steward.toml").write_text("prot = 80\n")
    monkeypatch.setenv("STEWARD_PORT", "many")
    assert [name for name, _ in problems(hits=0)] == [
        "STEWARD_PORT",
        "hits",
        "prot in steward.toml",
    ]


def test_an_empty_host_is_refused_since_it_would_mean_every_address() -> None:
    assert problems(host="") == (("host", "should have at least 1 character"),)


@pytest.mark.parametrize(
    ("content", "problem"), [(b"port = \n", "is not TOML"), (b"\xff\xfe", "is not UTF-8 text")]
)
def test_a_file_that_cannot_be_parsed_is_refused(content: bytes, problem: str) -> None:
    Path("steward.toml").write_bytes(content)
    ((name, what),) = problems()
    assert name == "steward.toml"
    assert what.startswith(problem)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file of Linux")
def test_a_file_that_cannot_be_read_is_refused() -> None:
    Path("steward.toml").symlink_to("/proc/self/mem")  # which not even root can read from 0
    ((name, what),) = problems()
    assert name == "steward.toml"
    assert what.startswith("cannot be read: ")


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1


@given(
    st.dictionaries(
        st.sampled_from([*Settings.model_fields]) | st.text(),
        st.text() | st.integers() | st.floats() | st.booleans(),
    )
)
def test_whatever_the_arguments_are_they_are_taken_or_refused(arguments: dict[str, object]) -> None:
    try:
        settings = load(**arguments)
    except SettingsFault as fault:
        assert fault.problems
    else:
        assert settings.model_fields_set == arguments.keys()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_description(name: str) -> None:
    assert Settings.model_fields[name].description
