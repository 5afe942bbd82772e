"""Draws what was measured for each generation as an SVG: a panel for each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, PANEL, LEFT, TOP = 800, 170, 70, 30  # pixels
_MOST_POINTS = 1000
_COLOURS = ("#3b6ea5", "#b5533c", "#4b8b3b")


@dataclass(frozen=True, slots=True)
class Panel:
    """A curve with its title; the values are those of 1, 2, 3, and so on."""

    title: str
    values: Sequence[float]


def svg(panels: Sequence[Panel]) -> str:
    """Return one picture with all panels, the first at the top; each begins at zero."""
    height = PANEL * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for number, panel in enumerate(panels):
        parts += _drawn(panel, number * PANEL, _COLOURS[number % len(_COLOURS)])
    return "\n".join((*parts, "</svg>", ""))


def _drawn(panel: Panel, top: int, colour: str) -> list[str]:
    most = max(panel.values, default=0) or 1
    left, right, above, below = LEFT, WIDTH - 20, top + TOP, top + PANEL - 25
    step = (right - left) / max(1, len(panel.values) - 1)
    shown = panel.values[:: max(1, len(panel.values) // _MOST_POINTS)]
    every = max(1, len(panel.values) // _MOST_POINTS)
    points = " ".join(
        f"{left + at * every * step:.1f},{below - value / most * (below - above):.1f}"
        for at, value in enumerate(shown)
    )
    return [
        f'<text x="{left}" y="{top + 20}">{escape(panel.title)}</text>',
        f'<line x1="{left}" y1="{below}" x2="{right}" y2="{below}" stroke="#999"/>',
        f'<text x="{left - 8}" y="{above + 5}" text-anchor="end">{most:,.0f}</text>',
        f'<text x="{left - 8}" y="{below}" text-anchor="end">0</text>',
        f'<text x="{left}" y="{below + 15}">1</text>',
        f'<text x="{right}" y="{below + 15}" text-anchor="end">{len(panel.values)}</text>',
        f'<polyline fill="none" stroke="{colour}" points="{points}"/>',
    ]
