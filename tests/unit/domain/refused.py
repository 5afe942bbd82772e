"""How tests see that a prompt is refused."""

import pytest

from domain.errors import BadPrompt, PromptFault
from domain.parameters import Costly
from domain.prompt_check import LIMIT, check


def refusal(
    text: str,
    limit: int = LIMIT,
    *,
    links: bool = False,
    costly: frozenset[Costly] = frozenset(),
) -> BadPrompt:
    with pytest.raises(BadPrompt) as caught:
        check(text, limit, links=links, costly=costly)
    return caught.value


def parameter(found: str, name: str, value: str, allowed: str) -> BadPrompt:
    return BadPrompt(PromptFault.PARAMETER, found=found, name=name, value=value, allowed=allowed)
