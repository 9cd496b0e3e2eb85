"""Pages that a browser loads, uses, and holds against what people need of them."""

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import (
    CannotTell,
    Climb,
    Delivery,
    Outcome,
    Rung,
    climb,
    emulating_starter,
)
from quantumlayer.qtest.delivered.browsers import PROGRAMS, installed_browser
from quantumlayer.qtest.delivered.model import Finding
from quantumlayer.qtest.delivered.pages import Bounds, looked_at
from tests.packages.qtest.delivered import sites, variants
from tests.packages.qtest.delivered.small_server import Here

pytestmark = pytest.mark.slow
EVERYTHING = os.environ.get("QL_DELIVERED") == "all"
SAMPLE = ["", "component that renders nothing", "console error", "missing script", "dead button",
          "failed request of a form", "wide page", "field without a name"]  # fmt: skip
SHORT = Bounds(seconds=60, page_seconds=15, load_seconds=4)
LONGEST_SECONDS = 60.0


async def look(
    files: Mapping[str, str], folder: Path, cache: Path, pages: Sequence[str] = ("/",),
    bounds: Bounds | None = None, *, dark: bool = True,
) -> Finding:  # fmt: skip
    """Look at the pages of a site that is served."""
    delivery = Delivery(folder=folder, pages=tuple(pages), dark=dark)
    socket = folder / "socket"
    async with sites.open_site(files, socket):
        return await looked_at(Here(socket), delivery, cache, bounds)


def of_page(finding: Finding, prefix: str) -> str:
    """What the evidence says of the pages below a prefix."""
    blocks = finding.evidence.replace("\n  ", "\r  ").split("\n")
    return "\n".join(block for block in blocks if block.startswith(prefix)).replace("\r", "\n")


async def test_each_site_is_told_from_its_sound_twin(tmp_path: Path, cache: Path) -> None:
    # given
    pages = [f"/{number}/" for number in range(len(SAMPLE))]
    # when
    finding = await look(sites.together(SAMPLE), tmp_path, cache, pages)
    # then
    assert finding.reason
    assert "\n  " not in of_page(finding, "/0/"), "the sound one"
    for number, kind in enumerate(SAMPLE[1:], 1):
        assert sites.BROKEN[kind].told in of_page(finding, f"/{number}/"), finding.evidence
    assert {(one.page, one.width, one.scheme) for one in finding.pictures} >= {
        ("/0/", 1280, "light"), ("/0/", 360, "light"), ("/0/", 1280, "dark"),
    }  # fmt: skip
    assert all(one.png.startswith(b"\x89PNG") for one in finding.pictures)


async def test_windows_downloads_and_dialogs_hold_nobody(tmp_path: Path, cache: Path) -> None:
    # given
    files = {**sites.SOUND, "/": sites.HARMLESS, "/worker.js": "", "/file.bin": "x"}
    # when
    finding = await look(files, tmp_path, cache)
    # then
    assert (finding.reason, finding.evidence.split(",")[0]) == ("", "/: 7 controls used"), finding


@pytest.mark.skipif(not EVERYTHING, reason="a sample of these has run")
@pytest.mark.parametrize("kind", ["", *sites.BROKEN])
async def test_a_site_is_refused_for_what_is_broken(kind: str, tmp_path: Path, cache: Path) -> None:
    # when
    finding = await look(sites.site(kind), tmp_path, cache)
    # then
    told = sites.BROKEN[kind].told if kind else ""
    assert bool(finding.reason) == bool(kind), finding
    assert told in f"{finding.reason}\n{finding.evidence}"


@pytest.mark.parametrize(
    "kind", sites.HOSTILE if EVERYTHING else ["dialogs without end", "never loads"]
)
async def test_a_page_cannot_hold_who_looks_at_it(kind: str, tmp_path: Path, cache: Path) -> None:
    # given
    begun = time.monotonic()
    # when
    finding = await look(sites.trap(kind), tmp_path, cache, bounds=SHORT)
    # then
    assert sites.HOSTILE[kind][1] in finding.evidence, finding
    assert time.monotonic() - begun < LONGEST_SECONDS


async def test_what_changes_by_itself_is_no_effect(tmp_path: Path, cache: Path) -> None:
    # when
    finding = await look({**sites.SOUND, "/": sites.LIVELY}, tmp_path, cache)
    # then
    assert finding.reason == '`/`: dead control: <button> "Idle" does nothing', finding.evidence


async def test_a_scheme_that_was_chosen_elsewhere_is_no_fault(tmp_path: Path, cache: Path) -> None:
    # given
    style = ":root { color-scheme: light dark; } button { padding: 1rem; }"
    files = {"/": sites.THEMED, "/next": sites.THEMED, "/style.css": style}
    # when
    finding = await look(files, tmp_path, cache)
    # then
    assert finding.reason == ""
    assert finding.evidence.count("1 controls used") == 2


@pytest.mark.skipif(not EVERYTHING, reason="a long family")
async def test_effects_of_less_usual_kinds_are_told_from_none(tmp_path: Path, cache: Path) -> None:
    # given
    bodies = {**variants.SOUND, **{kind: body for kind, (body, _) in variants.BROKEN.items()}}
    paths = {kind: f"/{number}-variant" for number, kind in enumerate(bodies)}
    files = {paths[kind]: variants.page(body) for kind, body in bodies.items()}
    files |= {"/": variants.page(""), "/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>'}
    # when
    finding = await look(files, tmp_path, cache, [*paths.values()], Bounds(most=40), dark=False)
    # then
    told = {kind: of_page(finding, paths[kind] + ":") for kind in paths}
    assert {kind: told[kind] for kind in variants.SOUND if "\n" in told[kind]} == {}
    for kind, (_, words) in variants.BROKEN.items():
        assert words in told[kind], (kind, told[kind])


async def test_what_only_loads_again_or_falls_back_is_told_from_what_works(
    tmp_path: Path, cache: Path
) -> None:
    # given
    sound, *broken = "board that is empty at first", *(
        "form whose handler is gone", "board that drops what is dragged"
    )  # fmt: skip
    bodies = [variants.SOUND[sound], *(variants.BROKEN[kind][0] for kind in broken)]
    files = {f"/{number}": variants.page(body) for number, body in enumerate(bodies)}
    # when
    finding = await look(files, tmp_path, cache, [*files], dark=False)
    # then
    assert "\n" not in of_page(finding, "/0:")
    for number, kind in enumerate(broken, 1):
        assert variants.BROKEN[kind][1] in of_page(finding, f"/{number}:")


async def test_a_page_may_lead_to_another(tmp_path: Path, cache: Path) -> None:
    # given
    home = sites.BOARD.replace("/board.js", "/home.js")
    files = {**sites.SOUND, "/": sites.LEADING, "/home": home, "/home.js": sites.SCRIPT}
    # when
    finding = await look(files, tmp_path, cache)
    # then
    used = int(finding.evidence.removeprefix("/: ").split(" ")[0])
    assert (finding.reason, used > 8) == ("", True), (
        finding.evidence
    )  # a dialog may be gone by then


SAYS_DARK = {
    "meta": '<meta name="color-scheme" content="light dark">',
    "scheme": "<style>:root { color-scheme: dark light }</style>",
    "rule": "<style>@media (prefers-color-scheme: dark) { body { margin: 0 } }</style>",
    "nested": "<style>@media screen { @media (prefers-color-scheme: dark) { :root { --a: 1 } } }"
    "</style>",
    "sheet": '<link rel="stylesheet" href="/dark.css" media="(prefers-color-scheme: dark)">',
    "layer": "<style>@layer base { @media (prefers-color-scheme: dark) { html { --a: 1 } } }"
    "</style>",
}
SAYS_NOTHING = {
    "nothing": "",
    "light": '<meta name="color-scheme" content="only light">',
    "part": "<style>@media (prefers-color-scheme: dark) { code { color: #fff } }</style>",
    "light rule": "<style>@media (prefers-color-scheme: light) { body { margin: 0 } }</style>",
}
# A rule in a group stands for one in none, and for other groups; any page says what says nothing.
SAMPLED_HEADS = ("meta", "scheme", "nested", "sheet", "light", "part", "light rule")


async def test_a_page_that_says_it_can_be_dark_is_looked_at_in_the_dark(
    tmp_path: Path, cache: Path
) -> None:
    # given
    every = {**SAYS_DARK, **SAYS_NOTHING}
    heads = {kind: every[kind] for kind in (tuple(every) if EVERYTHING else SAMPLED_HEADS)}
    paths = {kind: f"/{number}-page" for number, kind in enumerate(heads)}
    body = "<style>body { background: #fff; color: #111 }</style></head>"
    files = {paths[kind]: variants.page("<p>Words</p>").replace("</head>", f"{head}{body}")
             for kind, head in heads.items()}  # fmt: skip
    files["/dark.css"] = "body { margin: 0 }"
    # when
    finding = await look(files, tmp_path, cache, [*paths.values()], dark=False)
    # then
    seen = {one.page for one in finding.pictures if one.scheme == "dark"}
    assert {kind for kind, path in paths.items() if path in seen} == {*SAYS_DARK} & {*heads}
    told = {kind for kind in heads if "it stays bright" in of_page(finding, paths[kind] + ":")}
    assert told == {*SAYS_DARK} & {*heads}


async def test_who_asks_for_a_dark_mode_may_get_a_switch(tmp_path: Path, cache: Path) -> None:
    # given
    style = "<style>.dark { background: #111; color: #eee }</style>"
    button = '<main><h1>Words</h1><button onclick="%s">Dark mode</button><p></p></main>'
    bodies = {
        "/switch": style + button % "document.body.classList.toggle('dark')",
        "/word": style + button % "document.querySelector('p').textContent += 'dark'",
    }
    files = {path: variants.page(body) for path, body in bodies.items()}
    # when
    finding = await look(files, tmp_path, cache, [*bodies], dark=True)
    # then
    assert "\n" not in of_page(finding, "/switch:"), finding.evidence
    assert "with the dark scheme it stays bright" in of_page(finding, "/word:")


async def test_what_is_wanted_from_others_cannot_be_told(tmp_path: Path, cache: Path) -> None:
    # given
    files = {**sites.SOUND, "/": sites.ABOUT.replace("/style.css", "https://cdn.example/style.css")}
    # when
    with pytest.raises(CannotTell) as told:
        await look(files, tmp_path, cache)
    # then
    assert "`/` wants `https://cdn.example/style.css`" in str(told.value)


async def test_without_a_browser_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.setattr("quantumlayer.qtest.delivered.browsers.PROGRAMS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    # when
    with pytest.raises(CannotTell) as told:
        await asyncio.to_thread(installed_browser)
    # then
    assert "No Chromium is installed here" in str(told.value)
    assert PROGRAMS


DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /app
COPY service.py ./
COPY site site
USER 10001:10001
EXPOSE 8000
CMD ["python", "service.py"]
"""
SERVICE = """\
import functools
import signal
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class Handler(SimpleHTTPRequestHandler):
    def do_POST(self):
        self.path = "/api/card.json"
        self.do_GET()


handler = functools.partial(Handler, directory="site")
ThreadingHTTPServer(("0.0.0.0", 8000), handler).serve_forever()
"""
DESCRIPTION = {
    "openapi": "3.1.0",
    "paths": {"/api/cards.json": {"get": {"responses": {"200": {
        "content": {"application/json": {"schema": {"type": "array"}}},
    }}}}},
}  # fmt: skip


async def test_pages_and_routes_are_rungs_of_the_climb(tmp_path: Path, cache: Path) -> None:
    # given
    sources = sites.site("dead button").items()
    files = {path.replace("/api/cards", "/api/cards.json"):
             text.replace("api/cards", "api/cards.json") for path, text in sources}  # fmt: skip
    files |= {"/openapi.json": json.dumps(DESCRIPTION), "/api/card.json": "{}"}
    files["/index.html"] = files.pop("/")
    files["/about.html"] = files.pop("/about")
    files["/board.js"] = files["/board.js"].replace('"/about"', '"/about.html"')
    for path, text in files.items():
        place = tmp_path / "site" / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "service.py").write_text(SERVICE)
    delivery = Delivery(folder=tmp_path, pages=("/",), contract="/openapi.json", grace_seconds=5)
    # when
    climbed = await climb(delivery, emulating_starter(cache))
    # then
    found = {one.rung: one for one in climbed.rungs}
    assert found[Rung.ROUTES].outcome is Outcome.HELD, found[Rung.ROUTES]
    assert found[Rung.PAGES].outcome is Outcome.BROKEN
    assert found[Rung.PAGES].reason == '`/`: dead control: <button> "Help" does nothing'
    again = Climb.model_validate_json(climbed.model_dump_json())
    assert again == climbed
    assert [one.width for one in found[Rung.PAGES].pictures][:2] == [1280, 360]
