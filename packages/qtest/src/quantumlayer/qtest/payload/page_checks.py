"""What is asked of one page: that it loads, shows something, fits a phone, and all can use it."""

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.qtest.payload.page_controls import Using
from quantumlayer.qtest.payload.page_tab import LONGEST_WORDS, Tab
from quantumlayer.qtest.payload.pixels import brightness

WIDE, PHONE = (1280, 800), (360, 740)
LARGEST_PICTURE = 2 * 1024 * 1024
AXE_SECONDS = 30.0
SERIOUS = ("serious", "critical")
# Of a page that nobody has promised, what cannot be used or read at all is broken, and no more:
# what is critical, and text of less contrast than even the largest needs.
CRITICAL, LEAST_RATIO = "critical", 3.0
RUN_AXE = """axe.run(document, {resultTypes: ['violations'], elementRef: false%s}).then((found) =>
  found.violations.filter((each) => %s.includes(each.impact)).slice(0, 20).map((each) => ({
    id: each.id, impact: each.impact, help: each.help, count: each.nodes.length,
    target: each.nodes[0].target.flat().join(' '),
    why: (each.nodes[0].failureSummary || '').split('\\n')[1] || '',
    ratio: Math.min(...each.nodes.map((node) => node.any[0]?.data?.contrastRatio ?? 21))})))"""
ONLY_CONTRAST = ", runOnly: {type: 'rule', values: ['color-contrast']}"
DARK = 0.4
SWITCH = re.compile(r"(?i)dark|night|theme|appearance|scheme|colou?rs?\b|moon|[🌙🌚🌓🌗☾☽◐◑]")


@dataclass
class Looks:
    """What a page leads to, and what it looks like."""

    title: str = ""
    links: list[str] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)


async def looked_at(tab: Tab, address: str, plan: dict[str, Any], using: Using) -> Looks:
    """Ask everything of a page. Raises Refused where it answers no more."""
    looks = Looks()
    await sized(tab, *WIDE)
    if wrong := await tab.go(address):
        # What is no page: a download, or an answer without content.
        kept = "ERR_ABORTED" in wrong and 200 <= tab.status < 300
        if not kept:
            tab.fault("load", f"it cannot be loaded: {wrong}")
        return looks
    if tab.status >= 400:
        tab.fault("load", f"it answers {tab.status}")
        return looks
    if tab.media_type not in ("text/html", "application/xhtml+xml", ""):
        return looks
    blank = await tab.ask("eyes.blank()")
    if blank:
        tab.fault("blank", blank)
    looks.title = str(await tab.ask("document.title"))[:200]
    looks.links = await tab.ask("eyes.links()")
    await pictured(tab, looks, plan, WIDE[0], "light")
    if blank:
        return looks
    await accessible(tab, plan, "")
    using.address = tab.address  # it may have led on to another
    await using.all()
    looks.links += await tab.ask("eyes.links()")
    await on_phone(tab, address, plan, looks)
    says = await tab.ask("eyes.darkens()")
    if plan["dark"] or says:
        await in_the_dark(tab, address, plan, looks, switches=not says)
    return looks


async def on_phone(tab: Tab, address: str, plan: dict[str, Any], looks: Looks) -> None:
    """Load it on a narrow screen, where nobody should have to scroll sideways."""
    await sized(tab, *PHONE, mobile=True)
    await tab.go(address)
    if wrong := await tab.ask(f"eyes.wide({PHONE[0]})"):
        tab.fault("phone", f"at {PHONE[0]} px {wrong}")
    if wrong := await tab.ask("eyes.blank()"):
        tab.fault("phone", f"at {PHONE[0]} px {wrong}")
    await pictured(tab, looks, plan, PHONE[0], "light")


async def in_the_dark(
    tab: Tab, address: str, plan: dict[str, Any], looks: Looks, *, switches: bool
) -> None:
    """Load it for somebody who prefers dark colours; `switches`: who may have to choose them."""
    await sized(tab, *WIDE)
    await coloured(tab, "dark")
    await tab.go(address)
    light = await shining(tab)
    if light > DARK:
        # What was chosen by a control goes before what the system says.
        kept = await tab.ask("eyes.forgotten()")
        await tab.go(address)
        light = await shining(tab)
        await tab.ask(f"eyes.remembered({json.dumps(kept)})")
    if light > DARK and switches:
        light = await switched(tab)
    if light > DARK:
        tab.fault("dark", f"with the dark scheme it stays bright ({light:.0%} of white)")
    await pictured(tab, looks, plan, WIDE[0], "dark")
    # axe takes a canvas that nobody has painted for white, which it is not in the dark.
    if await tab.ask("eyes.painted()"):
        await accessible(tab, plan, ONLY_CONTRAST)
    await coloured(tab, "light")


async def switched(tab: Tab) -> float:
    """How bright it is when what is called like it has been used."""
    light = 1.0
    for control in await tab.ask("eyes.controls()"):
        if SWITCH.search(control["name"]) and light > DARK:
            await tab.ask(f"eyes.press({control['number']})")
            await tab.rest()
            light = await shining(tab)
    return light


async def shining(tab: Tab) -> float:
    """How bright the screen is, from 0 to 1."""
    small = {"x": 0, "y": 0, "width": WIDE[0], "height": WIDE[1], "scale": 0.1}
    answer = await tab.send("Page.captureScreenshot", 20.0, format="png", clip=small)
    return brightness(base64.b64decode(answer["data"]))


async def coloured(tab: Tab, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    await tab.send("Emulation.setEmulatedMedia", features=[feature])


async def sized(tab: Tab, width: int, height: int, *, mobile: bool = False) -> None:
    await tab.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                   deviceScaleFactor=1, mobile=mobile)  # fmt: skip


async def pictured(tab: Tab, looks: Looks, plan: dict[str, Any], width: int, scheme: str) -> None:
    """A picture of what is on the screen, kept where there is room for it."""
    answer = await tab.send("Page.captureScreenshot", 20.0, format="png")
    content = base64.b64decode(answer["data"])
    if len(content) <= min(LARGEST_PICTURE, plan["picture_bytes"]):
        plan["picture_bytes"] -= len(content)
        looks.pictures.append({"width": width, "scheme": scheme, "png": answer["data"]})


async def accessible(tab: Tab, plan: dict[str, Any], options: str) -> None:
    """What axe finds that keeps people out."""
    if not plan["axe"]:
        return
    run = RUN_AXE % (options, json.dumps(SERIOUS))
    found = await tab.ask(f"{plan['axe']};{run}", AXE_SECONDS)
    for each in found:
        more = f" and {each['count'] - 1} more" if each["count"] > 1 else ""
        words = (
            f"{each['help']} ({each['id']}, {each['impact']}): {each['target']}{more}. "
            f"{each['why'].strip()}"
        )
        if plan["promised"] or keeps_out(each):
            tab.fault("accessibility", words)
        else:
            tab.notes.setdefault(words[:LONGEST_WORDS], None)


def keeps_out(violation: dict[str, Any]) -> bool:
    """Whether somebody cannot use a page at all for want of what axe misses."""
    return bool(violation["impact"] == CRITICAL or violation["ratio"] < LEAST_RATIO)
