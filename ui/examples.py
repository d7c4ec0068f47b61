"""Questions to begin with, that the chat offers and that a greeting gets."""

from rag.assistant import Assistant
from rag.suggestions import suggest
from ui.settings import ServerSettings
from ui.wording.chat import about


def examples(assistant: Assistant, settings: ServerSettings) -> tuple[str, ...]:
    """Those that everybody may see: what is set, else what the documents surely answer.

    Where there are users, each is offered what is answered by what is shown to this one.
    """
    return settings.examples or (() if settings.users else suggest(assistant, about))
