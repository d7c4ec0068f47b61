"""HTML, made of templates in which every value is text.

A template is a file in ``templates`` beside the module that fills it, named by its path from the
folder that holds ``rag``. What it is given is escaped on its way into the page, whatever the
template says; only what a template made, or a program marks as ``Markup``, is HTML.
"""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def escaped(raw: str) -> Markup:
    """Text as HTML in which nothing is markup, be it read as HTML, as markdown or as a template.

    ASCII punctuation and line breaks become numeric character references; what HTML cannot hold
    (NUL, lone surrogates) shows as U+FFFD.
    """
    held = re.sub("[\0\ud800-\udfff]", "\ufffd", raw)
    return Markup(re.sub(r"[\t\n\r!-/:-@\[-`{-~]", lambda found: f"&#{ord(found[0])};", held))


def render(template: str, **values: object) -> Markup:
    """A template, filled in.

    Raises:
        jinja2.TemplateNotFound: If there is no such file.
        jinja2.UndefinedError: If it names a value that it was not given.
    """
    return Markup(_ENVIRONMENT.get_template(template).render(values))


def _shown(value: object) -> object:
    return value if isinstance(value, Markup | int | float) else escaped(str(value))


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2]),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
# Filters of Jinja's own escape less, or not at all: a template that names one does not compile.
_ENVIRONMENT.filters = {"length": len, "round": round}
