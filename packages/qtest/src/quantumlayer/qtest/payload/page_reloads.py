"""Forms that a browser answers by itself: it loads the page again, with what was typed behind `?`.

That is what is left of a form whose script does nothing, and what a page wants whose server reads
the query. Which of both it is shows in what comes: a page that nobody was asked for is the one that
is there without any query.
"""

from dataclasses import dataclass

from quantumlayer.qtest.payload.page_tab import Tab

TYPED = "Sample"


@dataclass(frozen=True)
class Sent:
    """What a page was before such a form was sent: its text, how many writes and documents."""

    text: str
    writes: int
    documents: int


async def about_to_reload(tab: Tab, number: int) -> Sent | None:
    """What the page is before a control is pressed that may load it again; None of any other."""
    if not await tab.ask(f"eyes.reloads({number})"):
        return None
    contents = await tab.ask("eyes.contents()")
    return Sent(contents["text"], tab.writes, tab.documents)


async def answered(tab: Tab, sent: Sent, address: str) -> bool:
    """Whether sending it was more than loading the page at `address` again, where it is left."""
    await tab.rest()
    if tab.writes != sent.writes or tab.documents == sent.documents:
        return True
    if without_query(tab.address) != without_query(address):
        return True
    if tab.address == address:
        return True  # what was typed had been asked for before, which shows nothing
    came = await tab.ask("eyes.contents()")
    if came["text"].count(TYPED) > sent.text.count(TYPED):
        return True
    await tab.go(address)
    return bool(came != await tab.ask("eyes.contents()"))


def without_query(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]
