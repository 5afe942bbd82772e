"""How one job runs: what the switches said when it started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sandbox.refusals import ScriptedRefusal, refusal_called

if TYPE_CHECKING:
    from sandbox.discord_switches import GatewayState
    from sandbox.switches import Acknowledgement, Echo, JobFate, Percents, Switches

Picture = Literal["grid", "solo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOptions:
    """One value of every switch that a job meets more than once, or late. See switches.py."""

    fate: JobFate
    failure: ScriptedRefusal | None
    acknowledge: Acknowledgement
    mode: str
    percents: Percents
    wait_before: float  # seconds more before the first message
    wait_after: float  # seconds more before the result
    waiting_message: bool
    finish_after_next: bool
    gateway_at_result: GatewayState
    progress_deleted: Literal["after", "before", "never"]
    reference_on_final: bool
    nonce_on_final: bool
    final_type: int
    ephemeral_result: bool
    echo: Echo
    account_settings: str
    echo_changes: bool


def take_options(switches: Switches, ask: str, picture: Picture) -> JobOptions:
    """Take the values armed for a job; `ask` is imagine, press or modal."""
    title, place = switches.refusal.take(ask), switches.refusal_place.take(ask)
    failure = refusal_called(title) if title else None
    if failure is not None and place != "usual":
        failure = replace(failure, place=place)
    return JobOptions(
        fate=switches.job.take(ask),
        failure=failure,
        acknowledge=switches.acknowledge.take(ask),
        mode=switches.mode.take(picture),
        percents=switches.percents.take(picture),
        wait_before=switches.extra_delay.take("waiting"),
        wait_after=switches.extra_delay.take(picture),
        waiting_message=switches.waiting_message.take(picture),
        finish_after_next=switches.finish_after_next.take(picture),
        gateway_at_result=switches.gateway_at_result.take(picture),
        progress_deleted=switches.progress_deleted.take(picture),
        reference_on_final=switches.reference_on_final.take(picture),
        nonce_on_final=switches.nonce_on_final.take(picture),
        final_type=switches.final_type.take(picture),
        ephemeral_result=switches.ephemeral_result.take(picture),
        echo=switches.echo.take(picture) if picture == "grid" else "usual",
        account_settings=switches.account_settings.take(picture),
        echo_changes=switches.echo_changes.take(picture),
    )
