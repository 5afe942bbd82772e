"""The host names that Discord's clients know or are given."""

API = "discord.com"
GATEWAY = "gateway.discord.gg"
RESUME = "gateway-us-east1-b.discord.gg"  # of the form that Discord gives in READY
CDN = "cdn.discordapp.com"
MEDIA = "media.discordapp.net"  # resizes pictures; nothing is served there
PROPERTIES = "cordapi.dolfi.es"  # the library's author: which browser to imitate

SERVED = (API, GATEWAY, RESUME, CDN, PROPERTIES)
