"""The routes by which the owner's page adds files to the documents and takes them out."""

from collections.abc import Iterable, Mapping
from typing import BinaryIO
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rag.documents.folders import LARGEST
from rag.errors import StewardError
from ui.owner import files
from ui.owner.errors import FileRefused
from ui.server import owner_pages
from ui.server.errors import ServiceError
from ui.server.owner_answers import page, refused
from ui.server.owner_door import Door
from ui.settings import ServerSettings
from ui.wording.errors import explain

ADD, REMOVE = "/owner/files", "/owner/remove"

LARGEST_UPLOAD = 8 * LARGEST
"""Bytes of all files that are added at once."""


def uploads(settings: ServerSettings) -> Mapping[str, int]:
    """Bytes that a request to a path may have where that is more than others."""
    return {ADD: LARGEST_UPLOAD} if settings.owner_files else {}


class OwnerFiles:
    """What the routes answer; the folders are those that the index was made of."""

    def __init__(self, settings: ServerSettings, door: Door) -> None:
        self._index = settings.index
        self._door = door

    async def add(self, request: Request) -> Response:
        """Add what is sent; what can be is added, whatever becomes of the rest."""
        try:
            self._door.check(request)
        except ServiceError as error:
            return refused(error, request)
        async with request.form() as form:
            sent = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
            given = [(each.filename or "", each.file) for each in sent]
            return await run_in_threadpool(self._add, given)

    async def remove(self, request: Request) -> Response:
        """Take one out."""
        try:
            self._door.check(request)
        except ServiceError as error:
            return refused(error, request)
        async with request.form() as form:
            return await run_in_threadpool(self._remove, str(form.get("source", "")))

    def _add(self, given: Iterable[tuple[str, BinaryIO]]) -> Response:
        added, problems = 0, []
        try:
            folders = files.folders_of(self._index)
        except StewardError as error:
            return _problems([error])
        for name, data in given:
            try:
                files.add(folders, name, data)
                added += 1
            except FileRefused as error:
                problems.append(error)
        return _problems(problems, added) if problems else _back(added=str(added))

    def _remove(self, source: str) -> Response:
        try:
            files.remove(files.folders_of(self._index), source)
        except StewardError as error:
            return _problems([error])
        return _back(removed=source)


def _back(**done: str) -> Response:
    return RedirectResponse(f"../owner?{urlencode(done)}#documents", 303)


def _problems(errors: Iterable[StewardError], added: int = 0) -> Response:
    said = [explain(error) for error in errors]
    return page(owner_pages.not_all([each.text for each in said], added), said[0].status)
