"""Writes into a copy of a PNG what it shows, so that other programs find it. Pixels stay."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from services.pictures.png import HEADER_BYTES, PngHeader, chunk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

XMP_KEYWORD = "XML:com.adobe.xmp"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{person}</rdf:li></rdf:Seq></dc:creator>
<dc:identifier>{name}</dc:identifier>
<xmp:CreateDate>{time}</xmp:CreateDate>
<xmp:CreatorTool>Midjourney</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def xmp(*, text: str, person: str, name: str, time: datetime) -> str:
    """Return the same facts in the form that programs for photos read."""
    facts = {"text": text, "person": person, "name": name, "time": time.isoformat()}
    return _XMP.format(**{key: escape(_printable(value)) for key, value in facts.items()})


def with_text(source: Path, target: Path, texts: Mapping[str, str]) -> None:
    """Copy a PNG, with texts by their keywords in `iTXt` chunks; `NotAPicture` if it is none."""
    with source.open("rb") as file, target.open("wb") as copy:
        PngHeader.of(file)
        copy.write(file.read(HEADER_BYTES))
        for keyword, text in texts.items():
            # Two zeros: not compressed. Then no language, and no other name for the keyword.
            content = keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode(errors="replace")
            copy.write(chunk(b"iTXt", content))
        shutil.copyfileobj(file, copy)


def _printable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
