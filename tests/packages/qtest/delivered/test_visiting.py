"""Whoever tries a started application is told what it answers, shows and says."""

from collections.abc import Mapping
from pathlib import Path

from quantumlayer.qtest.delivered import Asked, Delivery, Told, Visit, emulating_starter, visited
from quantumlayer.qtest.delivered.visiting import glanced
from tests.packages.qtest.conftest import MakeProject
from tests.packages.qtest.delivered import services, sites
from tests.packages.qtest.delivered.small_server import Here

SECRET = (("SESSION_SECRET", "not told to anybody"),)
WORKS = Visit(
    requests=(
        Asked(method="POST", path="/notes", body={"text": "milk"}),
        Asked(path="/notes/1"),
        Asked(path="/elsewhere"),
    )
)


async def see(files: Mapping[str, str], folder: Path, *pages: str) -> list[Told]:
    """What is told of pages of a site that is served."""
    socket = folder / "socket"
    async with sites.open_site(files, socket):
        return await glanced(Here(socket), pages)


async def test_a_page_is_told_by_what_stands_there(tmp_path: Path) -> None:
    (told,) = await see(sites.SOUND, tmp_path, "/")
    assert (told.asked, told.failed) == ("PAGE /", False)
    assert told.answer.startswith("200, titled 'Board'\n")
    assert "Add card" in told.answer


LATE = """document.body.innerHTML = '<h1>Board</h1><p id="state">Loading</p>';
const shown = (text) => { document.querySelector('#state').textContent = text; };
setTimeout(() => {
  shown('Loading cards');
  setTimeout(async () => { shown(`Cards: ${(await fetch('/about')).status}`); }, 700);
}, 700);
"""


async def test_a_page_is_looked_at_when_it_has_come_to_rest(tmp_path: Path) -> None:
    (told,) = await see({**sites.SOUND, "/board.js": LATE}, tmp_path, "/")
    assert "Cards: 200" in told.answer


async def test_a_page_that_never_rests_is_looked_at_all_the_same(tmp_path: Path) -> None:
    restless = "setInterval(() => { document.title += '.'; }, 50);"
    (told,) = await see({**sites.SOUND, "/board.js": restless}, tmp_path, "/")
    assert told.answer.startswith("200, titled 'Board.")


async def test_what_goes_wrong_in_a_page_is_told_with_it(tmp_path: Path) -> None:
    broken = {**sites.SOUND, "/board.js": "console.error('no cards'); missing();"}
    first, second = await see(broken, tmp_path, "/", "/about")
    assert first.failed
    assert "no cards" in first.answer
    assert "missing is not defined" in first.answer
    assert "(nothing is to be seen)" in first.answer
    assert not second.failed


async def test_a_service_is_asked_and_its_log_is_told(
    make_project: MakeProject, cache: Path
) -> None:
    folder = make_project({**services.PYTHON})
    delivery = Delivery(folder=folder, environment=SECRET, start_seconds=15)

    came = await visited(delivery, emulating_starter(cache), WORKS)

    assert came.trouble == ""
    assert [one.answer.partition("\n")[0] for one in came.answers] == [
        "201 application/json",
        "200 application/json",
        "404 application/json",
    ]
    assert '"milk"' in came.answers[1].answer
    assert "POST /notes" in came.log


async def test_what_does_not_start_says_why(make_project: MakeProject, cache: Path) -> None:
    broken = services.PYTHON["service.py"].replace("import json", "import jsom")
    folder = make_project({**services.PYTHON, "service.py": broken})
    delivery = Delivery(folder=folder, environment=SECRET, start_seconds=15)

    came = await visited(delivery, emulating_starter(cache), WORKS)

    assert came.answers == ()
    assert "jsom" in came.trouble + came.log


async def test_what_cannot_be_built_says_so(make_project: MakeProject, cache: Path) -> None:
    dockerfile = services.PYTHON["Dockerfile"].replace("COPY service.py", "COPY servant.py")
    folder = make_project({**services.PYTHON, "Dockerfile": dockerfile})
    delivery = Delivery(folder=folder, environment=SECRET)
    came = await visited(delivery, emulating_starter(cache), WORKS)
    assert "servant.py" in came.trouble
