"""Where people begin: whether a started application has a page for them, asked of itself."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from quantumlayer.qtest.delivered.calling import HOST, NoAnswer, call
from quantumlayer.qtest.delivered.errors import CannotTell, NothingToAsk
from quantumlayer.qtest.delivered.model import Answer, Delivery
from quantumlayer.qtest.delivered.starter import Running

Holds = Callable[[str], Awaitable[bool | None]]

ROOT = "/"
NO_PAGE = "It has no page that people begin at"
MOST_REDIRECTS = 5
SETTLED_SECONDS, POLL_SECONDS = 3.0, 0.2
HTML = ("text/html", "application/xhtml+xml")
# As browsers ask: some servers give data to everybody else.
ACCEPT = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
# A greeting in HTML of a service for programs has none of these.
OF_PAGES = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|link|style|form|input|button|select|"
    r"textarea|a\s[^>]*href|nav|main|table|ul|img|canvas|svg|iframe)\b",
    re.IGNORECASE,
)
# What shows an interface to programmers loads one of these.
OF_DOCUMENTATION = re.compile(
    r"swagger-ui|\bredoc\b|<rapi-doc|rapidoc|@scalar/|<elements-api|@stoplight/elements|graphiql|"
    r"apollo-server-landing|graphql-playground",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Front:
    """The pages that people begin at, or what is wrong with them."""

    pages: tuple[str, ...] = ()
    wrong: str = ""


@dataclass(frozen=True)
class Arrival:
    """What somebody gets in the end who opens a path; `away`: it leads to that other host."""

    path: str
    answer: Answer
    away: str = ""

    @property
    def told(self) -> str:
        """What came of it, to be put after the request."""
        if self.away:
            return f"leads to {self.away}"
        kind = self.answer.media_type or "without a type"
        if self.answer.media_type in HTML and OF_DOCUMENTATION.search(self.answer.body):
            kind = "the documentation of an interface"
        elif self.answer.media_type in HTML and not self.is_page and self.answer.status < 300:
            kind = "a greeting, no document"
        return f"answers {self.answer.status} ({kind})"

    @property
    def is_html(self) -> bool:
        """Whether it is HTML, and not what documents an interface for programmers."""
        answer = self.answer
        return (
            not self.away
            and 200 <= answer.status < 300
            and answer.media_type in HTML
            and not OF_DOCUMENTATION.search(answer.body)
        )

    @property
    def is_page(self) -> bool:
        """Whether it is a document that people are meant to look at."""
        return self.is_html and OF_PAGES.search(self.answer.body) is not None


async def front_of(running: Running, delivery: Delivery, holds: Holds | None = None) -> Front:
    """The pages that are promised, else the one at `/` if there is one.

    `holds` says whether the image has a text. Raises NothingToAsk where nobody promises a page and
    there is none, and CannotTell.
    """
    if delivery.pages:
        return await front_promised(running, delivery.pages)
    try:
        return await front_asked(running)
    except NothingToAsk as error:
        if not delivery.page_file:
            raise
        for place in delivery.page_places:
            with suppress(NoAnswer):
                if (await opened(running, place)).is_page:
                    return Front(pages=(place,))
        if delivery.page_words and holds and await holds(delivery.page_words) is False:
            return Front(
                wrong=f"{error} The project has one, {delivery.page_file}, which is in no file of "
                "the image, and nothing else of the project delivers it."
            )
        raise CannotTell(
            f"{error} The project has one, {delivery.page_file}: where, and by whom, it is "
            "delivered is not known here."
        ) from error


async def front_promised(running: Running, promised: Sequence[str]) -> Front:
    """As `front_of`, of pages at these paths."""
    for path in promised:
        try:
            arrival = await opened(running, path)
        except NoAnswer as error:
            return Front(wrong=f"`GET {path}`, where people begin, gives {error}.")
        if arrival.away or arrival.answer.status == 401:
            raise CannotTell(
                f"`GET {path}`, where people begin, {arrival.told}: what is behind that cannot be "
                "reached from here."
            )
        if not arrival.is_html:
            return Front(
                wrong=f"`GET {path}`, where people begin, {arrival.told}, which is no page."
            )
    return Front(pages=tuple(promised))


async def front_asked(running: Running) -> Front:
    """As `front_of`, where nobody promises a page."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SETTLED_SECONDS
    while True:
        try:
            arrival = await opened(running, ROOT)
        except NoAnswer as error:
            raise NothingToAsk(f"{NO_PAGE}: `GET /` gives {error}.") from error
        if arrival.is_page:
            return Front(pages=(ROOT,))
        if arrival.answer.status < 500 or not await is_a_route(running):
            raise NothingToAsk(f"{NO_PAGE}: `GET /` {arrival.told}.")
        # What it needs for its page may not be there yet.
        if loop.time() > deadline:
            return Front(wrong=f"`GET /`, where people begin, {arrival.told}.")
        await asyncio.sleep(POLL_SECONDS)


async def is_a_route(running: Running) -> bool:
    """Whether `/` is more than any path that does not exist, which is not answered like it."""
    try:
        answer = await call(running, f"/{secrets.token_hex(6)}", headers=ACCEPT)
    except NoAnswer:
        return False
    return answer.status < 500


async def opened(running: Running, path: str) -> Arrival:
    """Open a path as a browser does, which follows where it leads. Raises NoAnswer."""
    for _ in range(MOST_REDIRECTS):
        answer = await call(running, path, headers=ACCEPT)
        if not (300 <= answer.status < 400 and answer.location):
            return Arrival(path, answer)
        parts = urlsplit(urljoin(f"{HOST}{path}", answer.location))
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            return Arrival(path, answer, away=f"{parts.scheme}://{parts.netloc}")
        path = f"{parts.path or ROOT}{'?' if parts.query else ''}{parts.query}"
    raise NoAnswer(f"more than {MOST_REDIRECTS} redirects")
