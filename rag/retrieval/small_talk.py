"""What is said to Steward and asks nothing of the documents: a short list, and no rule."""

import re
import unicodedata
from typing import Literal

from rag.text.language import Language

Topic = Literal["greeting", "thanks", "help"]
Talk = tuple[Topic, Language]

SAID: dict[Talk, str] = {
    ("greeting", "en"): "hello; hello there; hi; hi there; hey; good morning; good afternoon; good "
    "evening; good day; greetings; steward; how are you; how are you today",
    ("thanks", "en"): "thanks; thanks a lot; thank you; thank you very much; many thanks; cheers; "
    "great; ok; okay; bye; goodbye",
    ("help", "en"): "help; help me; who are you; what are you; what is steward; what "
    "can you do; what do you do; what can i ask; what can i ask you; what should i ask; how do you "
    "work; how does this work; how do i use this; are you a bot; are you an ai; test",
    ("greeting", "es"): "hola; buenos días; buenas tardes; buenas noches; buenas; qué tal; cómo "
    "estás; cómo está",
    ("thanks", "es"): "gracias; muchas gracias; mil gracias; adiós; hasta luego; vale",
    ("help", "es"): "ayuda; ayúdame; quién eres; qué eres; quién es usted; qué es esto; qué puedes "
    "hacer; qué haces; qué puedo preguntar; qué te puedo preguntar; cómo funciona; cómo funciona "
    "esto; cómo funcionas; eres un bot",
}
"""All that counts, by what it is and in which language, between semicolons."""

_LONGEST = 6  # words


def _plain(text: str) -> str:
    """Its words in lower case, without accents and signs."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f'’]", "", apart)))


_TALK: dict[str, Talk] = {
    _plain(phrase): talk for talk, phrases in SAID.items() for phrase in phrases.split(";")
}


def small_talk(text: str) -> Talk | None:
    """What a text is where it is nothing but phrases of ``SAID``, by the last; else None.

    So "Hello, who are you?" asks for help, and "Hello, who is the president?" is a question.
    """
    words = _plain(text).split()
    found: Talk | None = None
    while words:
        sizes = range(min(_LONGEST, len(words)), 0, -1)
        size = next((size for size in sizes if " ".join(words[:size]) in _TALK), 0)
        if not size:
            return None
        found = _TALK[" ".join(words[:size])]
        words = words[size:]
    return found
