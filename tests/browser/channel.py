"""What the tests of the channel do on its page."""

from yarl import URL

from tests.browser.chromium import Tab

READY = "document.querySelector('.page').dataset.ready === ''"
TEXTS = "[...document.querySelectorAll('.post .content')].map(each => each.textContent)"


async def start(tab: Tab, url: URL) -> None:
    await tab.open(url)
    await tab.until(READY)


async def send(tab: Tab, text: str) -> None:
    """Type into the box, as a person does."""
    await tab.run("document.querySelector('#box').focus()")
    await tab.type(text)
    await tab.press("Enter")


async def choose(tab: Tab, person: str) -> None:
    await tab.run(
        f"(() => {{ const one = document.querySelector('#person'); one.value = '{person}';"
        "one.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )
