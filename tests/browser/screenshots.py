"""Takes the pictures of the pages that docs and people look at: `python3 dev.py screenshots`.

A set of shots fills a place of its own, and takes them one after the other. To add some, write a
function like `gallery`, and name it in `SETS`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from yarl import URL

from demo.page.opened import open_page
from demo.session import raised
from domain.collection import Favourite
from domain.generation import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Generation,
    Origin,
    OriginKind,
    Problem,
    ProblemKind,
    Status,
)
from domain.slots import Slot
from sandbox import Sandbox
from sandbox.pictures import Scene, grid_file, solo_file
from services import logs
from services.updates import GenerationUpdate
from tests.browser.chromium import PROGRAMS, Tab, chromium, program
from tests.gallery.gallery_harness import ANN, BEN, GalleryHarness, open_gallery

FOLDER = Path("screenshots")
GRID = 1024
"""Pixels of a grid's side."""
PEOPLE = (("Ann", ANN), ("Ben", BEN), ("Chloé", 303), ("Dmitri", 304))
PROMPTS = (
    "a bicycle in front of a blue door",
    "a bear fishing in a river, autumn",
    "an astronaut on the moon, earth in the sky",
    "a palm tree on an island, turquoise sea",
    "a sailing ship in a storm at night --ar 16:9",
    "a deer in a birch forest, fog",
    "a hot air balloon over hills at dawn",
    "a bowl of cherries on a table",
    "a dragon over a snowy mountain",
    "a steam train crossing a bridge in winter",
    "a penguin on an iceberg --ar 2:3",
    "a field of tulips with a windmill",
    "a yellow car in the desert at noon",
    "an owl in a forest at night",
    "mountains and a river, golden hour --ar 3:2",
    "a white horse galloping on a beach",
    "a city at night in the rain, neon --ar 16:9",
    "three whales in a deep blue ocean",
    "a red house by a lake in autumn",
    "a black cat on a roof under the moon",
    "a castle on a hill at dawn",
    "a robot holding a flower in a meadow",
    "a small blue boat on a calm sea at sunset --ar 3:2",
    "un renard roux dans la neige",
    "a lighthouse on a cliff, storm, dramatic sky --ar 3:2",
)
OPENED = "a fox beside a lighthouse at dusk, snow, northern lights --ar 3:2 --stylize 250"
ASKED = "a red fox in a snowy forest at dusk --ar 3:2"
DONE = "document.querySelector('#work .stage.completed') && document.querySelector('.post')"
FAMILY_BEFORE = 9
"""How many of the prompts are older than the one that is opened."""
MINUTES = 37
"""Between two of them."""

_PAINTED = """
    Promise.all([...document.images]
        .filter(one => one.getBoundingClientRect().top < innerHeight)
        .map(one => one.decode()))
    .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    .then(() => 0)
"""

_TROUBLE = """
    document.querySelector("#bot-title").scrollIntoView();
    document.querySelector("#log").scrollTop = 0;
"""

Take = Callable[[Tab, Path], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a page is shown: its size in pixels, and its colours."""

    name: str
    width: int = 1440
    height: int = 900
    dark: bool = False
    show: str = "0"
    """What is done in the page first."""

    async def take(self, tab: Tab, url: URL, folder: Path, ready: str = "true") -> None:
        """Open a page, wait for it and its pictures, and write what is to be seen."""
        await tab.look_like(self.width, self.height, dark=self.dark)
        await tab.open(url)
        await tab.until(ready)
        await tab.run(self.show)
        await tab.run(_PAINTED)
        await tab.picture(folder / f"{self.name}.webp")


async def gallery(tab: Tab, folder: Path) -> None:
    """Thirty generations, and one of them opened."""
    with tempfile.TemporaryDirectory() as place:
        async with open_gallery(Path(place)) as harness:
            opened = await _fill(harness)
            for shot in (
                Shot(name="gallery"),
                Shot(name="gallery-dark", dark=True),
                Shot(name="gallery-phone", width=390, height=844),
            ):
                await shot.take(tab, harness.url("/"), folder)
            for shot in (
                Shot(name="opened"),
                Shot(name="opened-dark", dark=True),
                Shot(name="opened-phone", width=390, height=844),
            ):
                await shot.take(tab, harness.url(f"/g/{opened.code}"), folder)
            await tab.open("about:blank")


async def channel(tab: Tab, folder: Path) -> None:
    """Take a finished generation in the demo's channel, and the panel of trouble."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        async with (
            Sandbox(speed=20, seed=7, picture_size=GRID) as sandbox,
            raised(sandbox, place) as stage,
            open_page(stage, place, None) as url,
        ):
            await sandbox.say("ann", f"!imagine {ASKED}")
            ended = "✅"
            await sandbox.wait_until(lambda: ended in sandbox.messages[-1]["content"], 60)
            for shot in (
                Shot(name="channel"),
                Shot(name="channel-dark", dark=True),
                Shot(name="channel-phone", width=390, height=844),
                Shot(name="trouble", show=_TROUBLE),
            ):
                await shot.take(tab, url, folder, DONE)
            await tab.open("about:blank")


async def _fill(harness: GalleryHarness) -> Generation:
    """Make thirty generations, and return the one that has a family."""
    await _several(harness, PROMPTS[:FAMILY_BEFORE])
    opened = await _made(harness, OPENED, 0, *Slot)
    await _star(harness, opened)
    for index in (2, 4):
        origin = Origin(kind=OriginKind.VARIATION, parent_id=opened.id, index=index)
        await _made(harness, OPENED, index, origin=origin)
    await _several(harness, PROMPTS[FAMILY_BEFORE:])
    await _refused(harness, "a knight in a battle, blood")
    harness.clock.jump(60)
    prompt = "a fox asleep under a willow, spring"
    row = await harness.painting(prompt, author_name="Ben", code=_code(prompt, 0))
    harness.gallery.hear(GenerationUpdate(row, percent=62))
    return opened


async def _refused(harness: GalleryHarness, prompt: str) -> None:
    row = await harness.painting(prompt, code=_code(prompt, 0))
    problem = Problem(ProblemKind.REFUSED, "Banned prompt detected: blood")
    await harness.worker.update(row, replace(row, status=Status.FAILED, problem=problem))


async def _several(harness: GalleryHarness, prompts: Sequence[str]) -> None:
    for number, prompt in enumerate(prompts):
        row = await _made(harness, prompt, number)
        if number % 4 == 1:
            await _star(harness, row)


async def _made(
    harness: GalleryHarness, prompt: str, number: int, *slots: Slot, origin: Origin | None = None
) -> Generation:
    """Make one whose pictures show what its prompt says; the grid alone unless others are named."""
    name, person = PEOPLE[number % len(PEOPLE)]
    scene = Scene(prompt, f"job {number} {origin}", GRID)
    row = await harness.painting(
        prompt,
        code=_code(prompt, number),
        author_name=name,
        author_id=person,
        wanted=tuple(slot for slot in slots if slot),
        origin=origin or Origin(),
    )
    for slot in slots or (Slot.GRID,):
        drawn = solo_file(scene, slot) if slot else grid_file(scene, "png")
        row = await harness.stored(row, slot, *drawn)
    assert row.status == Status.COMPLETED
    harness.clock.jump(60 * MINUTES)
    return row


def _code(prompt: str, number: int) -> str:
    """Return a code as the bot draws them, the same every time."""
    random = Random(f"{prompt} {number}")  # noqa: S311 -- repeatable on purpose
    return "".join(random.choices(CODE_ALPHABET, k=CODE_LENGTH))


async def _star(harness: GalleryHarness, row: Generation) -> None:
    kept = Favourite(person_id=ANN, generation_id=row.id, kept=True)
    await harness.worker.store.collection.set_favourite(kept, fence=None)


SETS: dict[str, Take] = {"gallery": gallery, "channel": channel}


async def take(names: Sequence[str], folder: Path) -> None:
    """Take the shots of these sets."""
    with tempfile.TemporaryDirectory() as place:
        async with chromium(Path(place)) as tab:
            for name in names:
                await SETS[name](tab, folder)
            tab.check()


def main(argv: Sequence[str] | None = None) -> int:
    """Take the shots that are asked for, all by default; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 dev.py screenshots", allow_abbrev=False)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help=f"where ({FOLDER})")
    parser.add_argument("--only", choices=SETS, action="append", help="a set of them")
    options = parser.parse_args(argv)
    if program() is None:
        sys.stderr.write(f"Screenshots need a Chromium, one of: {', '.join(PROGRAMS)}.\n")
        return 1
    logs.configure("logfmt", ())
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(options.only or [*SETS], options.folder))
    for path in sorted(options.folder.glob("*.webp")):
        sys.stdout.write(f"{path}  {path.stat().st_size / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
