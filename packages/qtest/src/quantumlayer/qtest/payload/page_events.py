"""What the browser tells of a tab, and what of that is a fault."""

import asyncio
import re
import time
from urllib.parse import urlsplit

from quantumlayer.qtest.payload.browser_pipe import Event
from quantumlayer.qtest.payload.page_tab import WORLD, Tab, said
from quantumlayer.qtest.payload.page_uploads import choose

MOST_DIALOGS = 8
# What was typed in may be refused; a page may write down that it was.
REFUSED_SECONDS = 2.0
# Requests are heard of; the others say what the browser does, and not that something is wrong.
NOT_SIGNED_IN = re.compile(r"code: 40[13]\b")
OTHERWISE_KNOWN = ("network", "intervention", "deprecation", "recommendation", "violation")


def heard(tab: Tab, method: str, event: Event) -> None:
    """Take an event of a tab."""
    handler = HEARD.get(method)
    if handler is not None:
        handler(tab, event)


def context(tab: Tab, event: Event) -> None:
    context = event["context"]
    main = context.get("auxData", {}).get("frameId") == tab.main_frame
    if context.get("name") == WORLD and (main or not tab.main_frame):
        tab.world = context["id"]


def cleared(tab: Tab, _event: Event) -> None:
    tab.world = 0
    tab.gone.set()
    tab.gone = asyncio.Event()


def navigated(tab: Tab, event: Event) -> None:
    frame = event["frame"]
    if not frame.get("parentId"):
        tab.main_frame, tab.address = frame["id"], frame.get("url", "")
        tab.documents += 1
        tab.acts += 1


def moved(tab: Tab, event: Event) -> None:
    if event.get("frameId") == tab.main_frame:
        old, tab.address = tab.address, event["url"]
        # A link to `#` does nothing by ittab.
        tab.acts += old.rstrip("#") != tab.address.rstrip("#")


def requested(tab: Tab, event: Event) -> None:
    address, kind = event["request"]["url"], event.get("type", "")
    tab.flying[event["requestId"]] = (address, kind)
    tab.last = time.monotonic()
    if tab.own(address):
        tab.traffic.note(event)
    tab.writes += event["request"]["method"] not in ("GET", "HEAD", "OPTIONS")
    if not tab.using:
        tab.ambient.add(address)
    elif address not in tab.ambient or event["request"]["method"] != "GET":
        tab.acts += 1


def answered(tab: Tab, event: Event) -> None:
    new = tab.using and event["response"]["url"] not in tab.ambient
    tab.traffic.answered(event, shown=new and tab.own(event["response"]["url"]))
    response, kind = event["response"], event.get("type", "")
    status, address = response["status"], response["url"]
    main = kind == "Document" and event.get("frameId") in (tab.main_frame, tab.target)
    if main:
        tab.status, tab.media_type = status, response.get("mimeType", "")
    if status < 400 or is_icon(address, kind):
        return
    by_script = kind in ("Fetch", "XHR")
    if by_script and status < 500:
        tab.refused_at = time.monotonic()
        # What was typed in may be refused, and who is not signed in is told so.
        if tab.using or status == 401:
            return
    if not main:
        tab.fault("failed request", f"`{address_of(address)}` answers {status}")
    elif tab.using:
        words = f"it leads to `{address_of(address)}`, which answers {status}"
        tab.fault("failed request", words)


def failed(tab: Tab, event: Event) -> None:
    tab.last = time.monotonic()
    address, kind = tab.flying.pop(event["requestId"], ("", event.get("type", "")))
    if event.get("canceled") or event.get("errorText") == "net::ERR_ABORTED":
        return
    if is_icon(address, kind):
        return
    if address.startswith(("http:", "https:", "ws:", "wss:")) and not tab.own(address):
        tab.outside.setdefault(address_of(address), None)
    elif address:
        why = event.get("blockedReason") or event.get("errorText", "")
        tab.fault("failed request", f"`{address_of(address)}` gets no answer ({why})")


def connected(tab: Tab, event: Event) -> None:
    tab.acts += 1
    address = event["url"]
    tab.flying_sockets[event["requestId"]] = address
    if not tab.own(address):
        tab.outside.setdefault(address_of(address), None)


def disconnected(tab: Tab, event: Event) -> None:
    address, words = tab.flying_sockets.get(event["requestId"], ""), event.get("errorMessage", "")
    # Who is not signed in may be kept out; what has been connected may be cut off.
    if tab.own(address) and "handshake" in words and not NOT_SIGNED_IN.search(words):
        tab.fault("failed request", f"`{address_of(address)}` gets no connection ({words})")


def finished(tab: Tab, event: Event) -> None:
    tab.flying.pop(event["requestId"], None)
    tab.last = time.monotonic()


def logged(tab: Tab, event: Event) -> None:
    entry = event["entry"]
    if entry.get("level") == "error" and entry.get("source") not in OTHERWISE_KNOWN:
        tab.fault("console error", entry.get("text", ""))


def printed(tab: Tab, event: Event) -> None:
    if event.get("type") not in ("error", "assert"):
        return
    if tab.using and time.monotonic() - tab.refused_at < REFUSED_SECONDS:
        return
    words = " ".join(str(each.get("value", each.get("description", "")))
                     for each in event.get("args", []))  # fmt: skip
    if not all_outside(words, tab):
        tab.fault("console error", words)


def thrown(tab: Tab, event: Event) -> None:
    tab.fault("uncaught exception", said(event["exceptionDetails"]))


def dialog(tab: Tab, _event: Event) -> None:
    tab.acts += 1
    tab.dialogs += 1
    if tab.dialogs > MOST_DIALOGS:
        tab.fault("dialogs", "it opens one dialog after another")
    tab.in_background("Page.handleJavaScriptDialog", accept=tab.dialogs <= MOST_DIALOGS)


def crashed(tab: Tab, _event: Event) -> None:
    tab.fault("crash", "it crashes the browser, or takes more memory than a page may")
    tab.browser.forsake(tab.session, "the page has crashed")


def pulled(tab: Tab, event: Event) -> None:
    if tab.dragged is not None and not tab.dragged.done():
        tab.dragged.set_result(event["data"])


def asked_for_file(tab: Tab, event: Event) -> None:
    tab.acts += 1
    tab.meanwhile(choose(tab, event, tab.picture))


def acted(tab: Tab, _event: Event) -> None:
    tab.acts += 1


def address_of(address: str) -> str:
    """An address for people: without what is always the same, and not too long."""
    return address[:160]


def is_icon(address: str, kind: str) -> bool:
    """The one thing that browsers ask for though nobody wrote it."""
    return kind in ("Other", "") and urlsplit(address).path == "/favicon.ico"


def all_outside(words: str, tab: Tab) -> bool:
    return any(address in words for address in tab.outside)


HEARD = {
    "Runtime.executionContextCreated": context,
    "Runtime.executionContextsCleared": cleared,
    "Runtime.consoleAPICalled": printed,
    "Runtime.exceptionThrown": thrown,
    "Log.entryAdded": logged,
    "Page.frameNavigated": navigated,
    "Page.navigatedWithinDocument": moved,
    "Page.loadEventFired": lambda tab, _event: tab.loaded.set(),
    "Page.javascriptDialogOpening": dialog,
    "Page.fileChooserOpened": asked_for_file,
    "Page.windowOpen": acted,
    "Page.downloadWillBegin": acted,
    "Network.requestWillBeSent": requested,
    "Network.requestWillBeSentExtraInfo": lambda tab, event: tab.traffic.complete(event),
    "Network.responseReceived": answered,
    "Network.loadingFailed": failed,
    "Network.loadingFinished": finished,
    "Network.webSocketCreated": connected,
    "Network.webSocketFrameError": disconnected,
    "Input.dragIntercepted": pulled,
    "Inspector.targetCrashed": crashed,
}
"""What each event means for a tab."""
