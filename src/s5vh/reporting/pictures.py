"""Figures as they are embedded in the report."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError, features

from s5vh.base.errors import UserError

_PIXELS_PER_INCH = 96  # of CSS
_LARGE = 400_000  # bytes of a png from which it is embedded in another format
_QUALITY = 80
_LONGEST = 16383  # pixels of an edge that the format webp allows


class Picture(NamedTuple):
    """A picture as a data URI, and its size on the page in CSS pixels, at which text has the size it has in print."""

    uri: str
    width: int
    height: int


def embedded(path: Path) -> Picture:
    """Read a figure; one with photographs, which is large as png, becomes webp at less than half the size.

    Raises:
        UserError: no such file, or not a picture.
    """
    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as picture:
            scale = _PIXELS_PER_INCH / picture.info.get("dpi", (_PIXELS_PER_INCH,))[0]
            size = [round(length * scale) for length in picture.size]
            possible = len(content) > _LARGE and max(picture.size) <= _LONGEST and features.check("webp")
            smaller = _as_webp(picture) if possible else content
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; draw the figure before the report") from None
    except (UnidentifiedImageError, SyntaxError):  # PIL raises the latter for a broken png
        raise UserError(f"{path}: not a picture; delete it and run the workflow again") from None
    kind, content = ("webp", smaller) if len(smaller) < len(content) / 2 else ("png", content)
    return Picture(f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}", *size)


def _as_webp(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "WEBP", quality=_QUALITY)
    return buffer.getvalue()
