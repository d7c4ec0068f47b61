from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rag.errors import SettingsFault
from ui.settings import ServerSettings, load


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
    assert load() == ServerSettings()
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
        "hits",
        "STEWARD_PORT",
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
        st.sampled_from([*ServerSettings.model_fields]) | st.text(),
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


@pytest.mark.parametrize("name", ServerSettings.model_fields)
def test_every_setting_has_a_description(name: str) -> None:
    assert ServerSettings.model_fields[name].description


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("https://a.example", ("https://a.example",)),
        (
            " https://a.example , http://b.example:8080,",
            ("https://a.example", "http://b.example:8080"),
        ),
        ("http://localhost:3000,http://192.0.2.1", ("http://localhost:3000", "http://192.0.2.1")),
        ("https://xn--bcher-kva.example", ("https://xn--bcher-kva.example",)),
        ("https://a.example,https://a.example", ("https://a.example",)),
        (",", ()),
    ],
)
def test_origins_are_written_with_commas_or_as_a_list(
    given: str, origins: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_ALLOWED_ORIGINS", given)
    assert load().allowed_origins == origins
    monkeypatch.delenv("STEWARD_ALLOWED_ORIGINS")
    Path("steward.toml").write_text(f"allowed_origins = {list(given.split(','))!r}\n")
    assert load().allowed_origins == origins


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "https://*.a.example",
        "null",
        "a.example",
        "https://a.example/",
        "https://a.example/path",
        "https://a.example?x",
        "https://user@a.example",
        "HTTPS://a.example",
        "https://A.example",
        "https://bücher.example",
        "https://a..example",
        "https://-a.example",
        "https://a.example:0",
        "https://a.example:443",
        "http://a.example:80",
        "https://[::1]:8080",
        "ftp://a.example",
        "https://a.example; script-src *",
        "https://a.example 'unsafe-inline'",
        "https://a.example\nhttps://b.example",
        "https://",
    ],
)
def test_what_is_no_origin_is_refused_with_what_to_write(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_ALLOWED_ORIGINS", f"https://b.example,{given}")
    ((name, problem),) = problems()
    assert name == "STEWARD_ALLOWED_ORIGINS"
    assert problem.startswith("should ")


@pytest.mark.parametrize("given", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1:80", "300.0.0.1"])
def test_a_proxy_is_trusted_by_its_address_alone(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_TRUSTED_PROXIES", given)
    ((name, problem),) = problems()
    assert name == "STEWARD_TRUSTED_PROXIES" and problem.startswith("should hold addresses")


def test_proxies_may_be_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")
    assert load().trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "::1")


@pytest.mark.parametrize("given", ["steward", "/steward/", "/", "/a//b", "/a b", "//a", "/a?b"])
def test_a_path_begins_with_a_slash_and_ends_without(given: str) -> None:
    ((name, _),) = problems(root_path=given)
    assert name == "root_path"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("https://[::1]:8443/api", "https://[::1]:8443/api/v1"),
        ("http://127.8.8.8", "http://127.8.8.8/v1"),
    ],
)
def test_a_model_server_is_named_with_or_without_v1(given: str, expected: str) -> None:
    assert load(model_url=given).model_url == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "http://192.168.1.5:8080",
        "http://0.0.0.0:8080",
        "http://localhost.example.org",
        "http://localhost@example.org",
        "http://[::ffff:10.0.0.1]:80",
        "http://2130706433",
    ],
)
def test_a_model_server_on_another_machine_is_refused(url: str) -> None:
    ((name, problem),) = problems(model_url=url)
    assert name == "model_url"
    assert "this machine" in problem or "user name" in problem


@pytest.mark.parametrize(
    "url",
    ["localhost:8080", "ftp://localhost", "http://", "http://localhost:99999", "x", "file:///"],
)
def test_what_is_no_address_is_no_model_server(url: str) -> None:
    ((name, problem),) = problems(model_url=url)
    assert name == "model_url"
    assert "http://localhost:8080/v1" in problem


def test_there_is_one_model_at_most() -> None:
    assert problems(model_url="http://localhost:1", model_path="m.gguf") == (
        ("model_path", "and model_url cannot both be set; there is one model"),
    )


def test_without_a_model_all_else_is_the_same() -> None:
    settings = load(model_url="http://localhost:8080/v1", port=7000)
    assert settings.without_model() == load(port=7000)


def test_examples_are_written_with_vertical_lines_or_as_a_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STEWARD_EXAMPLES", "Who pays, and when? | Who pays, and when?|How much?|")
    assert load().examples == ("Who pays, and when?", "How much?")
    monkeypatch.delenv("STEWARD_EXAMPLES")
    Path("steward.toml").write_text('examples = ["Who pays, and when?"]\n')
    assert load().examples == ("Who pays, and when?",)
    monkeypatch.setenv("STEWARD_EXAMPLES", "why? " * 100)
    assert problems() == (("STEWARD_EXAMPLES", "should hold questions of 200 characters at most"),)
