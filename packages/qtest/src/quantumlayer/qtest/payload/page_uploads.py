"""Choosing a picture where a page asks for one: what is uploaded is to be there afterwards."""

import base64
from pathlib import Path

from quantumlayer.qtest.payload.browser_pipe import Event, Refused
from quantumlayer.qtest.payload.page_tab import Tab

NAME = "sample.png"
# One dot.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)
PICTURES = ("image", ".png")


def picture_in(folder: str) -> str:
    """The path of a picture in a folder, which it is written to."""
    place = Path(folder, NAME)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(PICTURE)
    return str(place)


async def choose(tab: Tab, event: Event, picture: str) -> None:
    """Give the picture to a field that says it wants one; any other wants what nobody knows."""
    node = event.get("backendNodeId")
    if node is None:
        return
    try:
        told = await tab.send("DOM.describeNode", backendNodeId=node)
        words = told["node"].get("attributes", [])
        accepted = dict(zip(words[::2], words[1::2], strict=False)).get("accept", "")
        if any(each in accepted for each in PICTURES):
            await tab.send("DOM.setFileInputFiles", files=[picture], backendNodeId=node)
    except Refused:
        return
