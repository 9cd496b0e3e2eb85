"""What a page asks of the application while it is used: what it sends, and where it reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from quantumlayer.qtest.payload.browser_pipe import Event

BY_PAGES = ("Document", "Fetch", "XHR")
GOOD, OF_UPLOADS = 200, ("Image", "Media")
NOBODY_TAKES = (404, 405)
ONLY_READS = ("GET", "HEAD", "OPTIONS")
# Of a request, what its server may want to see again.
TOLD = ("accept", "authorization", "content-type", "cookie")
MOST, LONGEST = 30, 20_000

Request = dict[str, Any]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def told(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()
            if name.lower() in TOLD or name.lower().startswith("x-")}  # fmt: skip


@dataclass
class Traffic:
    """Requests to the application by their numbers, in the order in which they were sent."""

    sent: dict[str, Request] = field(default_factory=dict)
    pictures: dict[str, None] = field(default_factory=dict)
    extra: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Take a request of the page's own."""
        request, number = event["request"], event["requestId"]
        if event.get("type") not in BY_PAGES or len(self.sent) >= 4 * MOST or number in self.sent:
            return
        path = path_of(request["url"])
        headers = {**told(request["headers"]), **self.extra.pop(number, {})}
        content = str(request.get("postData", ""))[:LONGEST]
        self.sent[number] = {"method": request["method"], "path": path, "content": content,
                             "headers": headers}  # fmt: skip

    def complete(self, event: Event) -> None:
        """Take what the browser added to a request, which may be told of before or after it."""
        number, headers = event["requestId"], told(event["headers"])
        if number in self.sent:
            self.sent[number]["headers"].update(headers)
        elif len(self.extra) < 4 * MOST:
            self.extra[number] = headers

    def answered(self, event: Event, *, shown: bool) -> None:
        """Take how a request was answered; `shown`: somebody has made the page ask for it."""
        if shown and event["response"]["status"] == GOOD and event.get("type") in OF_UPLOADS:
            self.pictures[path_of(event["response"]["url"])] = None
        if event["requestId"] in self.sent:
            self.sent[event["requestId"]]["status"] = event["response"]["status"]

    def shown(self) -> list[Request]:
        """Pictures that were shown after something was done."""
        return [{"method": "GET", "path": path, "content": "", "headers": {}}
                for path in list(self.pictures)[:MOST]]  # fmt: skip

    def refused(self) -> list[Request]:
        """What was said not to be there, or not to be taken so."""
        return self.distinct(one for one in self.sent.values()
                             if one.get("status") in NOBODY_TAKES)  # fmt: skip

    def writes(self) -> list[Request]:
        """What has sent something, the last of each kind."""
        return self.distinct(one for one in self.sent.values()
                             if one["method"] not in ONLY_READS and one["content"])  # fmt: skip

    def reads(self) -> list[Request]:
        """Where it has read."""
        return self.distinct(one for one in self.sent.values() if one["method"] == "GET")

    @staticmethod
    def distinct(requests: Iterable[Request]) -> list[Request]:
        by_place = {(one["method"], one["path"]): one for one in requests}
        return list(by_place.values())[:MOST]
