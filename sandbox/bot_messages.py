"""Posts, edits and deletes every message of Midjourney's bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.channel import ONCE, EventDelivery
from sandbox.messages import COMMAND_REPLY, PLAIN, REPLY
from sandbox.people import MIDJOURNEY_ID

if TYPE_CHECKING:
    from sandbox.discord_switches import EventFate
    from sandbox.interactions import Interaction
    from sandbox.jobs import Job
    from sandbox.messages import SandboxMessage
    from sandbox.people import Json
    from sandbox.refusals import ScriptedRefusal
    from sandbox.world import World

_APPLICATION = str(MIDJOURNEY_ID)
_DELIVERIES: dict[EventFate, EventDelivery] = {
    "told": ONCE,
    "twice": EventDelivery(copies=2),
    "thrice": EventDelivery(copies=3),
    "lost": EventDelivery(copies=0),
    "late": EventDelivery(late=True),
    "no author": EventDelivery(without=("author", "member")),
    "no content": EventDelivery(without=("content",)),
}


class BotMessages:
    """Adds what Discord adds to each message, and delivers each step as the switches say."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._switches = world.switches
        self._channel = world.channel

    def begin(self, job: Job, content: str, **fields: Any) -> SandboxMessage:
        """Answer the interaction with the progress message.

        It has the nonce, unless "Job queued" has already used it.
        """
        queued = job.options.failure is not None and job.options.failure.place == "queue"
        return self._answer(
            job.asked, content, "waiting", nonce=None if queued else job.asked.nonce, **fields
        )

    def refuse(self, asked: Interaction, failure: ScriptedRefusal) -> SandboxMessage:
        """Answer the interaction with a refusal or a notice."""
        hidden = self._switches.refusal_ephemeral.take(asked.kind)
        return self._answer(
            asked,
            failure.content(),
            "refusal",
            nonce=asked.nonce,
            embeds=failure.embeds(asked.prompt),
            components=failure.components(),
            only_for=asked.person if hidden else None,
        )

    def confirm_favorite(self, asked: Interaction) -> SandboxMessage:
        """Answer a press of the heart, which makes no picture."""
        guild = self._world.guild
        place = f"{guild.id}/{guild.channel_id}/{asked.message_id}"
        content = (
            f"You have successfully rated [this job](https://discord.com/channels/{place}) with "
            "\U0001f60d"
        )
        return self._answer(asked, content, "rating", nonce=asked.nonce)

    def advance(self, job: Job, message: SandboxMessage, **fields: Any) -> None:
        """Edit the progress message."""
        self._channel.edit(message.id, delivery=self._delivery("progress", job.asked), **fields)

    def colour(self, job: Job, grid: SandboxMessage, components: tuple[Json, ...]) -> None:
        """Edit the grid whose button was pressed."""
        self._channel.edit(
            grid.id, delivery=self._delivery("grid edit", job.asked), components=components
        )

    def finish(
        self, job: Job, content: str, *, reference: int | None, **fields: Any
    ) -> SandboxMessage:
        """Post a result as a new message."""
        options = job.options
        return self._channel.post(
            self._world.midjourney,
            content,
            nonce=job.asked.nonce if options.nonce_on_final else None,
            delivery=self._delivery(job.picture, job.asked),
            type=options.final_type if reference else PLAIN,
            reference=reference,
            mentions=(job.person,),
            only_for=job.person if options.ephemeral_result else None,
            extra=() if options.echo == "personalised" else self._metadata(job.asked),
            **fields,
        )

    def complain(self, job: Job, failure: ScriptedRefusal, progress: SandboxMessage) -> None:
        """Report a failure in the middle of a job, where that failure appears."""
        embeds, components = failure.embeds(job.asked.prompt), failure.components()
        if failure.place == "edit":
            text = {"content": failure.content()} if failure.plain else {}
            self.advance(job, progress, embeds=embeds, components=components, **text)
            return
        self._channel.post(
            self._world.midjourney,
            failure.content(),
            delivery=self._delivery("refusal", job.asked),
            type=REPLY,
            reference=job.parent or progress.id,
            embeds=embeds,
            components=components,
        )

    def remove(self, job: Job, message: SandboxMessage) -> None:
        """Delete the progress message."""
        self._channel.delete(message.id, delivery=self._delivery("delete", job.asked))

    def _answer(
        self, asked: Interaction, content: str, step: str, *, nonce: str | None, **fields: Any
    ) -> SandboxMessage:
        return self._channel.post(
            self._world.midjourney,
            content,
            nonce=nonce or None,
            delivery=self._delivery(step, asked),
            type=COMMAND_REPLY if asked.message_id is None else REPLY,
            reference=asked.message_id,
            mentions=(asked.person,),
            extra=(
                ("application_id", _APPLICATION),
                ("webhook_id", _APPLICATION),
                *self._old_field(asked),
                *self._metadata(asked),
            ),
            **fields,
        )

    def _delivery(self, step: str, asked: Interaction) -> EventDelivery:
        if asked.elsewhere:
            return ONCE
        return _DELIVERIES[self._switches.deliver_event.take(step)]

    def _old_field(self, asked: Interaction) -> tuple[tuple[str, object], ...]:
        # Only the first answer to a command has it.
        shown = self._switches.interaction_fields.take() in ("both", "interaction")
        if asked.message_id is not None or not shown:
            return ()
        user = asked.person.as_user()
        return (("interaction", {"id": str(asked.id), "type": 2, "name": "imagine", "user": user}),)

    def _metadata(self, asked: Interaction) -> tuple[tuple[str, object], ...]:
        if self._switches.interaction_fields.take() not in ("both", "metadata"):
            return ()
        metadata: Json = {"id": str(asked.id), "user": asked.person.as_user()}
        if asked.message_id is None:
            metadata |= {"type": 2, "name": "imagine"}
        else:
            metadata |= {"type": 3, "interacted_message_id": str(asked.message_id)}
        return (("interaction_metadata", metadata),)
