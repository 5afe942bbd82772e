"""Midjourney's parameters, as they are known: the only place to bring up to date.

A row has its source and the date of it. To add a parameter, add a row; the checker, `!help imagine`
and docs/commands.md are made from them. A parameter without a row passes, whatever its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import gcd
from types import MappingProxyType

from domain.parameters import (
    NOTHING,
    PERHAPS_TEXT,
    TEXT,
    WORD,
    Costly,
    Model,
    Parameter,
    Price,
    Source,
    Values,
    number,
    one_of,
    whole,
)

DEFAULT_MODEL, DEFAULT_SINCE = Model.V8_2, date(2026, 7, 24)
"""What Midjourney takes where neither the prompt nor the account names a model."""

_V7_LIST = Source("laffeyp/cascade-img: CAPABILITIES.md", date(2026, 6, 27))
_OWN_PAGES = Source("calesthio/generative-media-skills: midjourney-image", date(2026, 7, 9))
_V8_LIST = Source("mike-coulbourn/claude-vibes: parameters.md", date(2026, 9, 1))
_OLD_LIST = Source("WangShuXian6/blog: issue 147", date(2023, 4, 15))

_OLD = (Model.V6, Model.NIJI_6, Model.V5)
_V8 = (Model.V8_2, Model.V8_1)


def _every(values: Values, **others: Values) -> Mapping[Model, Values]:
    """Return the same values for every model but those that are named."""
    return {model: others.get(model.name, values) for model in Model}


def _only(values: Values, *models: Model) -> Mapping[Model, Values]:
    return dict.fromkeys(models, values)


def _sides(text: str) -> str:
    """Return `16:9` for what people write instead: `16x9`, `16 : 9`, `16/9`, `1.5:1`."""
    found = _TWO_NUMBERS.search(text)
    if found is None:
        return ""
    width, height = (round(float(side) * 100) for side in found.groups())
    part = gcd(width, height) if "." in found[0] else 100
    return f"{width // part}:{height // part}" if part else ""


_SIDE = r"(\d{1,4}(?:\.\d{1,2})?)"
_TWO_NUMBERS = re.compile(rf"(?<![\d.]){_SIDE}\s*(?:[:;x\u00d7*/,-]|to|by|\s)\s*{_SIDE}(?![\d.])")
_RATIO = Values(told="W:H (16:9)", form=r"0*[1-9]\d{0,4}:0*[1-9]\d{0,4}", read=_sides)
_VERSION = r"\d{1,2}(\.\d{1,2})?"
_CODES = Values(form=TEXT.form, told="…", word=r"(?:random|\d+|https?://\S+)(?:::\d+)?")
_LINKS = Values(form=TEXT.form, told="URL", word=r"https?://\S+")
_SEVERAL_LINKS = replace(_LINKS, told="URL …")
_QUALITY = one_of("1", "2", "4")
_OLD_QUALITY = Values(form=r"0?\.(?:25|50?)|1|2", told=".25, .5, 1, 2", cheapest="1")
_STOP = whole(10, 100)

TABLE: tuple[Parameter, ...] = (
    Parameter(name="ar", also=("aspect",), values=_every(_RATIO), source=_OWN_PAGES),
    Parameter(
        name="bs",
        values=_every(one_of("1", "2", "4")),
        needs="video",
        source=_OWN_PAGES,
    ),
    Parameter(name="c", also=("chaos",), values=_every(whole(0, 100)), source=_OWN_PAGES),
    Parameter(name="cref", values=_only(_LINKS, Model.V6, Model.NIJI_6), source=_OWN_PAGES),
    Parameter(name="cw", values=_only(whole(0, 100), Model.V6, Model.NIJI_6), source=_OWN_PAGES),
    Parameter(name="draft", values=_every(NOTHING), excludes=("oref",), source=_OWN_PAGES),
    # It takes the place of `--oref`; nor does it go with Midjourney's remix mode.
    Parameter(
        name="edit",
        values=_only(_SEVERAL_LINKS, *_V8),
        excludes=("oref", "tile"),
        source=_V8_LIST,
    ),
    Parameter(name="end", values=_every(_LINKS), needs="video", source=_OWN_PAGES),
    Parameter(name="exp", values=_every(whole(0, 100)), source=_V7_LIST),
    Parameter(name="fast", values=_every(NOTHING), source=_OWN_PAGES),
    Parameter(
        name="hd",
        values=_only(NOTHING, *_V8),
        excludes=("sd",),
        widest=4,
        costs=(Price(Costly.HD, 1.6),),
        source=_OWN_PAGES,
    ),
    Parameter(name="iw", values=_every(number(0, 3), NIJI_7=number(0, 2)), source=_OWN_PAGES),
    Parameter(name="loop", values=_every(NOTHING), needs="video", source=_OWN_PAGES),
    Parameter(
        name="motion", values=_every(one_of("low", "high")), needs="video", source=_OWN_PAGES
    ),
    Parameter(
        name="niji",
        values=_every(Values(told="7, 6 …", form=rf"({_VERSION})?")),
        source=_OWN_PAGES,
    ),
    Parameter(name="no", values=_every(TEXT), source=_OWN_PAGES),
    Parameter(
        name="oref",
        values=_only(_LINKS, Model.V7),
        excludes=("draft", "edit"),
        costs=(Price(Costly.OREF, 2),),
        source=_OWN_PAGES,
    ),
    Parameter(name="ow", values=_only(whole(1, 1000), Model.V7), source=_OWN_PAGES),
    Parameter(
        name="p", also=("personalize", "profile"), values=_every(PERHAPS_TEXT), source=_OWN_PAGES
    ),
    Parameter(name="public", values=_every(NOTHING), source=_OWN_PAGES),
    Parameter(
        name="q",
        also=("quality",),
        values={**_only(_QUALITY, Model.V7, Model.NIJI_7), **_only(_OLD_QUALITY, *_OLD)},
        costs=(Price(Costly.QUALITY, 2, value="2"), Price(Costly.QUALITY, 4, value="4")),
        source=_OWN_PAGES,
    ),
    Parameter(
        name="r",
        also=("repeat",),
        values=_every(Values(told="2-40", form=r"\d{0,2}")),
        multiplies=True,
        source=_OWN_PAGES,
    ),
    Parameter(name="raw", values=_every(NOTHING), source=_OWN_PAGES),
    Parameter(name="relax", values=_every(NOTHING), source=_OWN_PAGES),
    Parameter(name="s", also=("stylize",), values=_every(whole(0, 1000)), source=_OWN_PAGES),
    Parameter(
        name="sd", values=_only(NOTHING, *_V8), excludes=("hd",), widest=14, source=_OWN_PAGES
    ),
    Parameter(name="seed", values=_every(whole(0, 4294967295)), source=_OWN_PAGES),
    Parameter(name="sref", values=_every(_CODES), source=_OWN_PAGES),
    Parameter(name="stealth", values=_every(NOTHING), source=_OWN_PAGES),
    # Where V7 and later models are listed whole, it is missing.
    Parameter(name="stop", values=_only(_STOP, *_OLD, Model.NIJI_7), source=_OLD_LIST),
    Parameter(name="style", values=_every(WORD), source=_V7_LIST),
    Parameter(name="sv", values=_every(whole(1, 8)), source=_OWN_PAGES),
    Parameter(name="sw", values=_every(whole(0, 1000)), source=_OWN_PAGES),
    Parameter(name="tile", values=_every(NOTHING), excludes=("edit",), source=_OWN_PAGES),
    Parameter(
        name="turbo",
        values={model: NOTHING for model in Model if model != Model.V8_1},
        costs=(Price(Costly.TURBO, 2),),
        source=_OWN_PAGES,
    ),
    Parameter(
        name="v",
        also=("version",),
        values=_every(Values(told=f"{DEFAULT_MODEL.removeprefix('V')}, 7, 6.1 …", form=_VERSION)),
        source=_OWN_PAGES,
    ),
    Parameter(
        name="video",
        values=_every(PERHAPS_TEXT),
        costs=(Price(Costly.VIDEO, 2, 26),),
        source=_OWN_PAGES,
    ),
    Parameter(name="w", also=("weird",), values=_every(whole(0, 3000)), source=_OWN_PAGES),
)
BY_NAME: Mapping[str, Parameter] = MappingProxyType(
    {name: row for row in TABLE for name in (row.name, *row.also)}
)


def model_named(name: str, value: str) -> Model | None:
    """Return the model that `--v` or `--niji` names, if it is one of those that are known."""
    if name == "niji":
        return _NIJI.get(value.partition(".")[0])
    return _V8_MODELS.get(value) or _MODELS.get(value.partition(".")[0])


_NIJI = {"7": Model.NIJI_7, **dict.fromkeys("654", Model.NIJI_6)}
_V8_MODELS = {"8.2": Model.V8_2, "8.1": Model.V8_1}
_MODELS = {"7": Model.V7, "6": Model.V6, **dict.fromkeys("54321", Model.V5)}
