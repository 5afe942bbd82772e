"""What `!help` says of each command, in English."""

from cogs.sentences import CommandHelp, HelpGroup

HELP = {
    "imagine": CommandHelp(
        usage="<prompt>",
        does="Make a grid and its upscales.",
        example="a lighthouse at dusk --ar 3:2",
    ),
    "status": CommandHelp(
        usage="[code]", does="See how a picture is coming along.", example="k7m2qx"
    ),
    "show": CommandHelp(usage="[code]", does="Get links to the pictures.", example="k7m2qx"),
    "cancel": CommandHelp(
        usage="[code|all]", does="Cancel one of yours, or all.", example="k7m2qx"
    ),
    "again": CommandHelp(
        usage="[code] [words or parameters]",
        does="Send a prompt again, changed as you say.",
        example="at night --ar 9:16",
    ),
    "prefer": CommandHelp(
        usage="[parameters]", does="Add parameters to all your prompts.", example="--ar 3:2"
    ),
    "preset": CommandHelp(
        usage="<name> = <words>", does="Keep words to use as +name.", example="noir = film noir"
    ),
    "presets": CommandHelp(does="List the presets."),
    "queue": CommandHelp(does="See what's being made and what's waiting."),
    "retry": CommandHelp(usage="[code]", does="Fetch what's missing.", example="k7m2qx"),
    "upscale": CommandHelp(usage="[code] <1-4>", does="Save one more upscale.", example="k7m2qx 2"),
    "vary": CommandHelp(
        usage="[code] <1-4>", does="Make variations of a picture.", example="k7m2qx 3"
    ),
    "reroll": CommandHelp(
        usage="[code]", does="Make another grid from the same prompt.", example="k7m2qx"
    ),
    "adopt": CommandHelp(usage="[code]", does="Reply to a grid to keep it.", example="k7m2qx"),
    "history": CommandHelp(
        usage="[how many] [@person|all] [page]",
        does="List the latest, newest first.",
        example="10 all",
    ),
    "limits": CommandHelp(does="See what I save, and how much you may ask for."),
    "gallery": CommandHelp(does="Get a link to all pictures."),
    "fav": CommandHelp(usage="[code]", does="Add a favourite, or remove it.", example="k7m2qx"),
    "favs": CommandHelp(usage="[@person|all] [page]", does="List favourites.", example="all"),
    "random": CommandHelp(does="Show a finished one at random."),
    "search": CommandHelp(usage="<words>", does="Search the prompts.", example="lighthouse dusk"),
    "stats": CommandHelp(usage="[month]", does="See how a month went.", example="2026-10"),
    "delete": CommandHelp(usage="<code>", does="Delete its pictures and prompt.", example="k7m2qx"),
    "help": CommandHelp(
        usage="[command]", does="Show this list, or explain one command.", example="imagine"
    ),
    "health": CommandHelp(does="See how I'm doing."),
    "pause": CommandHelp(
        usage="[reason]", does="Stop sending to Midjourney.", example="back at noon"
    ),
    "resume": CommandHelp(does="Continue after a pause or a stop."),
    "allow": CommandHelp(usage="<@person>", does="Let somebody use me.", example="@Ann"),
    "deny": CommandHelp(usage="<@person>", does="Stop letting somebody use me.", example="@Ann"),
}

HELP_GROUPS = {
    HelpGroup.FIRST: "Atelier",
    HelpGroup.MORE: "More from a picture",
    HelpGroup.PROMPTS: "For all your prompts",
    HelpGroup.FIND: "Finding pictures",
    HelpGroup.AROUND: "The queue and the bot",
    HelpGroup.OWNERS: "For owners",
}
