"""Settings of names that there are not, in words."""

from difflib import get_close_matches

from rag.errors import SettingsFault
from ui.settings import PREFIX, ServerSettings


def meant(error: SettingsFault) -> str:
    """The setting that each unknown name is nearest to, and where all of them are."""
    unknown = [name for name, problem in error.problems if problem == "is not a setting"]
    if not unknown:
        return ""
    near: list[str] = []
    for name in unknown:
        key = name.partition(" ")[0]
        lead = PREFIX if key.upper().startswith(PREFIX) else ""
        found = get_close_matches(key[len(lead) :].lower(), ServerSettings.model_fields, 1)
        near += [f"{lead}{each.upper() if lead else each}" for each in found]
    question = f" Is {' or '.join(near)} meant?" if near else ""
    return f"{question} The README has a table of all settings."
