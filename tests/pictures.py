"""Picture files for tests: valid ones, and ones with false headers."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageOps

from domain.errors import NotAPicture
from services.pictures.png import PngHeader
from services.pictures.png_check import PngCheck

Size = tuple[int, int]

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
HTML = b"<!DOCTYPE html><html><body>One moment, please</body></html>"


KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a lossy WebP": ("RGB", "WEBP", {"quality": 80}),
    "a lossless WebP": ("RGB", "WEBP", {"lossless": True}),
    "a lossy WebP that can be seen through": ("RGBA", "WEBP", {"quality": 80}),
    "a lossless WebP that can be seen through": ("RGBA", "WEBP", {"lossless": True}),
    "a JPEG": ("RGB", "JPEG", {"quality": 90}),
    "a grey JPEG": ("L", "JPEG", {}),
    "a JPEG for printing": ("CMYK", "JPEG", {}),
    "a progressive JPEG": ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
}
"""Everything that becomes a PNG: mode, format, and Pillow's options."""


def drawing(mode: str = "RGB", size: Size = (64, 48)) -> Image.Image:
    """Return a picture, at most 256 x 256, in which bands, rows and columns all differ."""
    box = (0, 0, *size)
    down = Image.linear_gradient("L").crop(box)
    across = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).crop(box)
    bands = (down, across, ImageChops.invert(down), ImageChops.difference(down, across))
    return Image.merge(mode, bands[: len(Image.new(mode, (1, 1)).getbands())])


def encoded(image: Image.Image, kind: str = "PNG", *, lossless: bool = True) -> bytes:
    """Return the picture's file; only WebP uses `lossless`."""
    file = BytesIO()
    image.save(file, kind, **({"lossless": lossless} if kind == "WEBP" else {}))
    return file.getvalue()


def png(size: Size = (64, 48)) -> bytes:
    return encoded(drawing(size=size))


def webp(size: Size = (64, 48)) -> bytes:
    return encoded(drawing(size=size), "WEBP")


def animated(kind: str) -> bytes:
    """Return a film of two frames."""
    file = BytesIO()
    second = drawing().transpose(Image.Transpose.ROTATE_180)
    drawing().save(file, kind, save_all=True, append_images=[second], duration=100)
    return file.getvalue()


def png_of(
    size: Size,
    header: tuple[int, int, int, int, int],
    pixels: bytes,
    compress: Callable[[bytes], bytes] = zlib.compress,
) -> bytes:
    """Return a PNG with right checksums; `header` is depth, colour type, 0, 0, interlacing."""
    head = struct.pack(">IIBBBBB", *size, *header)
    chunks = ((b"IHDR", head), (b"IDAT", compress(pixels)), (b"IEND", b""))
    return PNG_MAGIC + b"".join(_chunk(name, content) for name, content in chunks)


def png_claiming(size: Size, *, rows: int = 1) -> bytes:
    """Return a PNG whose header claims `size`, with right checksums around `rows` rows only."""
    return png_of(size, (8, 2, 0, 0, 0), b"\0" * rows * (1 + 3 * size[0]))


def webp_claiming(size: Size) -> bytes:
    """Return the beginning of a WebP whose header claims `size`."""
    width, height = (struct.pack("<I", side - 1)[:3] for side in size)
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + width + height
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def pixels(content: bytes) -> tuple[str, Size, bytes]:
    """Return mode, size and pixels of a PNG file."""
    with Image.open(BytesIO(content), formats=["PNG"]) as image:
        return image.mode, image.size, image.tobytes()


def grainy(mode: str, size: Size) -> Image.Image:
    """Return a picture without a flat spot, and with every degree of being seen through."""
    noise = Image.effect_noise(size, 90)
    bands = (noise, ImageChops.offset(noise, 7, 3), ImageChops.invert(noise))
    fourth = ImageOps.fit(Image.linear_gradient("L"), size)
    return Image.merge(mode, (*bands, fourth)[: len(Image.new(mode, (1, 1)).getbands())])


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def film_of_one(image: Image.Image) -> bytes:
    """Return a WebP that is a film of one picture. Pillow itself makes no film of one."""
    picture = file_of(image, "WEBP", lossless=True)[12:]
    size = b"".join((side - 1).to_bytes(3, "little") for side in image.size)
    frame = bytes(6) + size + bytes(4) + picture
    parts = (b"VP8X", b"\x12" + bytes(3) + size), (b"ANIM", bytes(6)), (b"ANMF", frame)
    body = b"".join(name + struct.pack("<I", len(part)) + part for name, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def check_png(content: bytes, part: int = 1_000_000) -> PngHeader:
    """Return the header of a whole PNG that arrives in parts, or raise `NotAPicture`."""
    check = PngCheck()
    for start in range(0, len(content), part):
        check.take(content[start : start + part])
    header = check.finish()
    if header is None:
        raise NotAPicture("not a PNG")
    return header
