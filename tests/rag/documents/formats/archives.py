"""Archives changed in one place, and entities that are hostile."""

import random
import zipfile
from collections.abc import Callable
from io import BytesIO

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n if n else 97) * 10) for n in range(9)
    )
    + b"]>"
)
"""Entities c to k, each of ten of the one before; k is a billion laughs."""
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY k "">]>'


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", compression) as new:
        for name, data in files.items():
            new.writestr(name, data)
    return made.getvalue()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one file changed."""
    with zipfile.ZipFile(BytesIO(data)) as old:
        files = {each: old.read(each) for each in old.namelist()}
    return zipped({**files, name: change(files[name])})


def damaged(dice: random.Random, xml: bytes) -> bytes:
    """A file cut off anywhere, with some bytes put in anywhere."""
    cut = xml[: dice.randrange(len(xml) + 1)]
    at = dice.randrange(len(cut) + 1)
    return cut[:at] + dice.randbytes(dice.randrange(4)) + cut[at:]
