"""Whether an application that has been started has a page for people, asked of itself."""

from pathlib import Path
from typing import Any

import pytest

from quantumlayer.qtest.delivered import CannotTell, Delivery
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.front import Front, front_of
from tests.packages.qtest.delivered.small_server import Here, Reply, served

HTML, JSON = "text/html", "application/json"
MISSING = Reply(404, JSON, '{"detail": "not found"}')
PAGE = Reply(200, HTML, "<!doctype html><title>Notes</title><div id=root></div>")
DOCUMENTATION = '<!doctype html><script src="https://cdn.example/swagger-ui-bundle.js"></script>'


async def front(
    answers: dict[str, Reply],
    folder: Path,
    *,
    otherwise: Reply = MISSING,
    held: bool | None = True,
    **promised: object,
) -> Front:
    """What is found out of an application that answers like this, whose image holds its page."""

    async def holds(_words: str) -> bool | None:
        return held

    delivery = Delivery(folder=folder).model_copy(update=promised)
    socket = folder / "socket"
    async with served(lambda _method, path, _body, _who: answers.get(path, otherwise), socket):
        return await front_of(Here(socket), delivery, holds)


@pytest.mark.parametrize(
    "answers",
    [
        {"/": PAGE},
        {"/": Reply(200, HTML, "<form method=post><input name=text></form>")},
        {"/": Reply(200, "application/xhtml+xml", "<html/>")},
        {"/": Reply(302, HTML, "", "/login"), "/login": PAGE},
        {"/": Reply(307, "", "", "app/?from=top"), "/app/": PAGE},
        {"/": Reply(308, "", "", "http://container/home"), "/home": PAGE},
    ],
)
async def test_html_at_the_top_is_a_page_that_people_begin_at(
    answers: dict[str, Reply], tmp_path: Path
) -> None:
    assert await front(answers, tmp_path) == Front(pages=("/",))


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "`GET /` answers 404 (application/json)"),
        ({"/": Reply(200, JSON, '{"name": "<html>"}')}, "answers 200 (application/json)"),
        ({"/": Reply(404, HTML, "<!DOCTYPE html><pre>Cannot GET /</pre>")}, "answers 404"),
        ({"/": Reply(200, HTML, "<p>Hello, World!</p>")}, "a greeting, no document"),
        ({"/": Reply(200, HTML, DOCUMENTATION)}, "the documentation of an interface"),
        ({"/": Reply(307, "", "", "/docs"), "/docs": Reply(200, HTML, DOCUMENTATION)}, "200"),
        ({"/": Reply(302, "", "", "https://docs.example/api")}, "leads to https://docs.example"),
        ({"/": Reply(302, "", "", "/")}, "more than 5 redirects"),
        ({"/": Reply(401, JSON, "{}")}, "answers 401"),
    ],
)
async def test_a_service_for_programs_has_none(
    answers: dict[str, Reply], told: str, tmp_path: Path
) -> None:
    with pytest.raises(NothingToAsk) as found:
        await front(answers, tmp_path)
    assert told in str(found.value)


async def test_a_page_that_fails_is_told_from_a_service_that_fails_at_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quantumlayer.qtest.delivered.front.SETTLED_SECONDS", 0.3)
    failing = Reply(500, HTML, "<h1>Internal Server Error</h1>")

    found = await front({"/": failing}, tmp_path)

    assert found.wrong == "`GET /`, where people begin, answers 500 (text/html)."
    with pytest.raises(NothingToAsk):
        await front({"/": failing}, tmp_path, otherwise=failing)


async def test_a_page_that_is_promised_has_to_be_there(tmp_path: Path) -> None:
    assert await front({"/": PAGE}, tmp_path, pages=("/",)) == Front(pages=("/",))
    # A page may be empty: that is for a browser to see.
    assert (await front({"/": Reply(200, HTML, "")}, tmp_path, pages=("/",))).wrong == ""
    for answers in ({}, {"/": Reply(200, JSON, "{}")}, {"/": Reply(200, HTML, DOCUMENTATION)}):
        found = await front(answers, tmp_path, pages=("/",))
        assert found.wrong.endswith("which is no page."), answers


@pytest.mark.parametrize(
    "answer", [Reply(401, HTML, ""), Reply(302, "", "", "https://sign-in.example/")]
)
async def test_what_is_behind_a_door_is_not_known(answer: Reply, tmp_path: Path) -> None:
    with pytest.raises(CannotTell):
        await front({"/": answer}, tmp_path, pages=("/",))


async def test_a_page_of_the_projects_own_is_looked_for_and_not_passed_over(
    tmp_path: Path,
) -> None:
    own: dict[str, Any] = {
        "page_file": "public/admin/index.html",
        "page_places": ("/admin/", "/admin/index.html"),
    }
    assert await front({"/": PAGE}, tmp_path, **own) == Front(("/",))
    assert await front({"/admin/index.html": PAGE}, tmp_path, **own) == Front(
        ("/admin/index.html",)
    )
    with pytest.raises(CannotTell) as told:
        await front({}, tmp_path, **own)
    assert "The project has one, public/admin/index.html" in str(told.value)


@pytest.mark.parametrize(
    ("held", "words"), [(True, "<title>A</title>"), (None, "<title>A</title>"), (False, "")]
)
async def test_a_page_of_the_project_that_may_be_delivered_somewhere_is_not_known(
    held: bool | None, words: str, tmp_path: Path
) -> None:
    with pytest.raises(CannotTell, match=r"web/index\.html"):
        await front({}, tmp_path, held=held, page_file="web/index.html", page_words=words)


async def test_a_page_that_is_in_no_file_of_the_image_is_missing(tmp_path: Path) -> None:
    page = "<title>A</title>"
    found = await front({}, tmp_path, held=False, page_file="web/index.html", page_words=page)
    assert "web/index.html, which is in no file of the image" in found.wrong
