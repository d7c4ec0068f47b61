from ui.access.credentials import Grant
from ui.access.sessions import _MOST, SECONDS, Sessions

ANN = Grant("ann", "hash")


def test_a_session_lasts_for_its_time_and_until_it_is_ended() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    first, second = sessions.begin(ANN), sessions.begin(ANN)
    assert first != second and len(first) >= 43
    assert sessions.grant(first) == ANN
    sessions.end(first)
    assert sessions.grant(first) is None
    now[0] = SECONDS - 1.0
    assert sessions.grant(second) == ANN
    now[0] = float(SECONDS)
    assert sessions.grant(second) is None
    assert sessions.grant("") is None


def test_of_too_many_sessions_the_oldest_ends() -> None:
    sessions = Sessions()
    names = [sessions.begin(ANN) for _ in range(_MOST + 1)]
    assert sessions.grant(names[0]) is None
    assert sessions.grant(names[1]) == sessions.grant(names[-1]) == ANN
