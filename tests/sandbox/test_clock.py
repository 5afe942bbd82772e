import asyncio

import pytest

from sandbox.clock import SandboxClock
from tests.integration.quick_time import QuickTime


async def test_a_new_speed_counts_for_what_is_under_way() -> None:
    loop = asyncio.get_running_loop()
    with QuickTime(loop).passing():
        clock, begun = SandboxClock(speed=2), loop.time()
        sleeping = asyncio.create_task(clock.sleep(100))
        await asyncio.sleep(10)  # 20 seconds of Midjourney's
        clock.speed = 8
        await sleeping
        assert loop.time() - begun == pytest.approx(10 + 80 / 8)


@pytest.mark.parametrize("speed", [0, -1])
def test_time_never_stands_still(speed: float) -> None:
    clock = SandboxClock()
    with pytest.raises(ValueError, match="greater than zero"):
        clock.speed = speed
    with pytest.raises(ValueError, match="greater than zero"):
        SandboxClock(speed)
