"""The schemas of what several documents say, and how they are made of Steward's records."""

from pydantic import BaseModel, Field

from rag import records
from rag.outcomes import FactKind
from ui.server.pages import address
from ui.wording.sources import comparison, sides


class Listed(BaseModel):
    """A document, where the documents themselves were asked for."""

    document_id: str
    title: str
    source: str = Field(description="The file's path inside the folder it came from.")
    publisher: str | None
    published: str | None = Field(description="A date as 2021-05-04, or a month or year of it.")
    url: str = Field(description="Where it can be read, relative to Steward's address.")


class Source(BaseModel):
    """A quote, as one of those that agree or differ."""

    number: int = Field(description="The quote's.")
    document_id: str
    title: str
    published: str | None
    dated: str = Field(description="That in words, and whether it is the newest.")
    differing: list[tuple[int, int]] = Field(
        description="Offsets in the document of the words in which it differs."
    )
    url: str = Field(description="Where the quote can be read in its document.")


class Position(BaseModel):
    """What one or more sources say."""

    words: list[str] = Field(description="The words in which it differs, of the first source.")
    sources: list[Source]


class Agreement(BaseModel):
    """Where the sources of an answer agree or differ, as far as their words tell."""

    differ: list[FactKind] = Field(description="In what they differ; empty where they agree.")
    newest: str | None = Field(
        description="Id of the document with the latest date. It need not be right."
    )
    positions: list[Position]
    message: str = Field(description="It in words.")


def listed(found: records.Metadata) -> Listed:
    """A document."""
    return Listed(
        document_id=found.id,
        title=found.title,
        source=found.source,
        publisher=found.publisher,
        published=found.published,
        url=address(found.id),
    )


def agreement(of: records.Answer) -> Agreement | None:
    """What the sources of an answer agree on or differ in."""
    if of.agreement is None:
        return None
    shown = sides(of)
    return Agreement(
        differ=list(of.agreement.differ),
        newest=of.agreement.newest,
        positions=[
            Position(
                words=list(side.words),
                sources=[
                    Source(
                        number=quote.number,
                        document_id=quote.document_id,
                        title=quote.title,
                        published=of.documents[quote.document_id].published,
                        dated=dated,
                        differing=list(source.differing),
                        url=address(quote.document_id, quote.start, quote.end, quote.sha256),
                    )
                    for source, (quote, dated) in zip(position.sources, side.sources, strict=True)
                ],
            )
            for position, side in zip(of.agreement.positions, shown, strict=True)
        ],
        message=comparison(of),
    )
