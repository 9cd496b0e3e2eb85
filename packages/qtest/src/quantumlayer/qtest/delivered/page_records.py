"""What the records of a browser mean: pure."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.model import Finding, Picture
from quantumlayer.qtest.runners.records import Record, Records, number, text
from quantumlayer.qtest.sandbox import SandboxResult

# A page can take these by itself; of the others this machine's slowness may be the cause.
OF_THE_PAGE = ("memory_bytes", "processes", "disk_bytes")
MOST_NAMED = 30


def judged(result: SandboxResult, records: Records, companions: Sequence[str] = ()) -> Finding:
    """Why the pages do not hold, with everything that was seen. Raises CannotTell.

    `companions` are servers that are delivered beside the application.
    """
    pages = records.named("page")
    evidence = "\n".join(line for page in pages for line in told(page))
    pictures = tuple(picture for page in pages for picture in pictures_of(page))
    reason = wrong(pages) or ended_early(result, records)
    if not reason and not companions:
        reason = at_home(pages)
    if reason:
        return Finding(reason=reason, evidence=evidence, pictures=pictures)
    if not records.named("closed"):
        words = "; ".join(text(each, "words") for each in records.named("no_browser"))
        raise CannotTell("The browser could not be run to its end in a sandbox here: "
                         f"{words or said(result)}", output=evidence)  # fmt: skip
    needing = [page for page in pages if page.get("outside")]
    if needing:
        raise CannotTell(
            f"`{text(needing[0], 'page')}` wants `{needing[0]['outside'][0]}`, which is not "
            "delivered with it and cannot be reached from a sandbox: whether it works depends on "
            "others.", output=evidence,
        )  # fmt: skip
    unseen = records.named("unseen")
    late = [path for each in unseen for path in each["late"]]
    if late:
        raise CannotTell(f"There was no time left for {', '.join(late[:5])}.", output=evidence)
    left = [path for each in unseen for path in each["many"]]
    more = f"\nNot looked at, too many: {', '.join(left[:MOST_NAMED])}" if left else ""
    return Finding(evidence=f"{evidence}{more}", pictures=pictures)


def wrong(pages: Sequence[Record]) -> str:
    """What is wrong with the first page that is not sound, and how many faults there are."""
    faults = [(page, kind, words) for page in pages for kind, words in page["faults"]
              if not (page.get("outside") and kind not in ("failed request", "load"))]  # fmt: skip
    if not faults:
        return ""
    page, kind, words = faults[0]
    others = len(faults) - 1
    more = f" ({others} more in the evidence)" if others else ""
    return f"`{text(page, 'page')}`{text(page, 'linked')}: {kind}: {words}{more}"


def at_home(pages: Sequence[Record]) -> str:
    """What a page wants of the computer of whoever looks at it, where nothing is delivered."""
    wanted = [(text(page, "page"), address) for page in pages for address in page.get("outside", ())
              if is_loopback(urlsplit(address).hostname or "")]  # fmt: skip
    if not wanted:
        return ""
    page, address = wanted[0]
    return (
        f"`{page}`: it wants `{address}`, which is the computer of whoever looks at the page, and "
        "not where the application is: it has to ask by a path alone."
    )


def is_loopback(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or (
        host == "::1"
    )  # fmt: skip


def ended_early(result: SandboxResult, records: Records) -> str:
    """Why a page has ended the browser, if one has."""
    hit = [limit for limit in result.limits_hit if limit in OF_THE_PAGE]
    visiting = records.named("visiting")
    if not hit or not visiting or records.named("closed"):
        return ""
    page = text(visiting[-1], "page")
    return f"`{page}`: the browser needs more for it than it may have ({', '.join(hit)})"


def said(result: SandboxResult) -> str:
    limits = f"limits: {', '.join(result.limits_hit)}. " if result.limits_hit else ""
    return f"{limits}{result.stderr[-500:]}".strip() or "it ended without a word"


def told(page: Mapping[str, Any]) -> list[str]:
    """A page in lines for people."""
    outside = [f"  outside: {each}" for each in page.get("outside", ())]
    faults = [f"  {kind}: {words}" for kind, words in page["faults"]]
    used = f"{page['controls']} controls used, {page['links']} links"
    notes = [f"  could be better: {each}" for each in page.get("notes", ())]
    return [f"{page['page']}: {used}, {number(page, 'seconds'):.1f} s", *faults, *notes, *outside]


def pictures_of(page: Record) -> list[Picture]:
    found = []
    for each in page.get("pictures", ()):
        try:
            png = base64.b64decode(each["png"], validate=True)
        except binascii.Error:
            continue
        found.append(Picture(page=text(page, "page"), width=each["width"], scheme=each["scheme"],
                             png=png))  # fmt: skip
    return found
