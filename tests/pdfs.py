"""PDF files written by hand: lines of Helvetica where a test wants them."""

from collections.abc import Sequence

At = tuple[float, float, float, str]
"""Left, height from below, size, and the line."""

_PICTURE = "q 99 0 0 99 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q\n"


def pdf(
    *pages: Sequence[At],
    title: str = "",
    author: str = "",
    encrypted: bool = False,
    pictured: int = 0,
) -> bytes:
    """A PDF of pages of 600 by 800 points; the last ``pictured`` have a picture too."""
    objects: list[bytes] = []

    def add(body: str) -> int:
        objects.append(body.encode("latin-1"))
        return len(objects)

    catalog, tree = add(""), add("")
    font = add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    kids = []
    for number, page in enumerate(pages):
        shown = "".join(
            f"BT /F1 {size} Tf {left} {height} Td ({_escaped(line)}) Tj ET\n"
            for left, height, size, line in page
        )
        if number >= len(pages) - pictured:
            shown += _PICTURE
        content = add(f"<</Length {len(shown)}>>stream\n{shown}endstream")
        kids.append(
            add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 600 800]/Contents {content} 0 R"
                f"/Resources<</Font<</F1 {font} 0 R>>>>>>"
            )
        )
    about = add(f"<</Title({_escaped(title)})/Author({_escaped(author)})>>")
    objects[catalog - 1] = f"<</Type/Catalog/Pages {tree} 0 R>>".encode()
    references = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<</Type/Pages/Kids[{references}]/Count {len(kids)}>>".encode()
    trailer = f"/Size {len(objects) + 1}/Root {catalog} 0 R/Info {about} 0 R"
    if encrypted:  # by a password that nobody knows
        secret = "<" + "00" * 32 + ">"
        trailer += (
            f"/ID[{secret}{secret}]/Encrypt<</Filter/Standard/V 1/R 2/P -1/O{secret}/U{secret}>>"
        )
    return _file(objects, trailer)


def column(
    lines: Sequence[str], left: float = 50, top: float = 700, size: float = 10, leading: float = 12
) -> list[At]:
    """Lines below one another; an empty one leaves a gap."""
    return [(left, top - leading * at, size, line) for at, line in enumerate(lines) if line]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        data
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer<<{trailer}>>\nstartxref\n{len(data)}\n%%EOF\n"
        ).encode()
    )
