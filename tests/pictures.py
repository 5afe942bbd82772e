"""Picture files for tests: valid ones, and ones with false headers."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageChops

Size = tuple[int, int]

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
HTML = b"<!DOCTYPE html><html><body>One moment, please</body></html>"


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
