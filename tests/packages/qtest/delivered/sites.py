"""Small pages that are sound, their twins that are broken in one way each, and a server for them.

A row has the page, and what is changed in the sound one: texts that stand in it once, and what they
become.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.packages.qtest.delivered.small_server import Reply, served

BOARD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Board</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<div id="root"></div>
<script type="module" src="/board.js"></script>
</body>
</html>
"""
STYLE = """:root { color-scheme: light dark; }
body { margin: 1rem; font-family: sans-serif; background: #fff; color: #111; }
main { max-width: 40rem; }
table { width: 100%; }
.hidden { display: none; }
@media (prefers-color-scheme: dark) {
  body { background: #111; color: #eee; }
}
"""
SCRIPT = """
document.getElementById('root').innerHTML = `
<main>
  <h1>Board</h1>
  <nav><a href="/about">About</a> <a href="#list">Cards</a></nav>
  <form id="add">
    <label>Title <input name="title" required maxlength="40"></label>
    <label>Column <select name="column"><option>Open</option><option>Done</option></select></label>
    <label><input type="checkbox" name="urgent"> Urgent</label>
    <button>Add card</button>
  </form>
  <p role="tablist">
    <button id="all" role="tab" aria-selected="true">All</button>
    <button id="urgent" role="tab" aria-selected="false">Urgent</button>
  </p>
  <button id="help" type="button">Help</button>
  <button id="copy" type="button">Copy link</button>
  <button id="clear" type="button">Clear</button>
  <ul id="list"></ul>
  <dialog id="text"><p>Cards have a title.</p><button>Close</button></dialog>
</main>`;
const cards = [];
const list = document.getElementById('list');
const show = () => {
  list.replaceChildren(...cards.map((card) => {
    const item = document.createElement('li');
    item.textContent = card.title;
    return item;
  }));
};
const on = (id, action) => document.getElementById(id).addEventListener('click', action);
document.getElementById('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const card = Object.fromEntries(new FormData(event.target));
  const answer = await fetch('/api/cards', { method: 'POST', body: JSON.stringify(card) });
  if (answer.ok) cards.push(card);
  show();
});
const choose = (name) => {
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', String(tab.id === name));
  }
};
on('all', () => choose('all'));
on('urgent', () => choose('urgent'));
on('help', () => document.getElementById('text').showModal());
document.querySelector('dialog button').addEventListener('click', () => {
  document.getElementById('text').close();
});
on('copy', () => navigator.clipboard.writeText(location.href).catch(() => {}));
on('clear', () => { cards.length = 0; show(); });
await fetch('/api/cards');
"""
ABOUT = BOARD.replace('<div id="root"></div>', "<main><h1>About</h1><p>Cards.</p></main>").replace(
    '<script type="module" src="/board.js"></script>', '<p><a href="/">Board</a></p>'
)

SOUND = {"/": BOARD, "/style.css": STYLE, "/board.js": SCRIPT, "/about": ABOUT,
         "/api/cards": "[]"}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """One way in which a site is broken, and words that have to be said of it."""

    file: str
    before: str
    after: str
    told: str


BROKEN: Mapping[str, Broken] = {
    "blank page": Broken("/board.js", "document.getElementById('root').innerHTML = `",
                         "const page = `", "nothing can be seen on it"),
    "component that renders nothing": Broken(
        "/", '<div id="root"></div>', '<h1>Board</h1><div id="root"></div>'
        "<script>document.getElementById = () => document.createElement('div');</script>",
        'its root <div id="root"> is empty'),
    "console error": Broken("/board.js", "await fetch('/api/cards');",
                            "console.error('cards are out of order');",
                            "console error: cards are out of order"),
    "uncaught exception": Broken("/board.js", "await fetch('/api/cards');",
                                 "JSON.parse(undefined).cards;", "uncaught exception: SyntaxError"),
    "unhandled rejection": Broken("/board.js", "await fetch('/api/cards');",
                                  "Promise.reject(new Error('nobody waits'));", "nobody waits"),
    "missing script": Broken("/", "/board.js", "/assets/board.js", "/assets/board.js` answers 404"),
    "missing style": Broken("/", "/style.css", "/main.css", "/main.css` answers 404"),
    "missing picture": Broken("/about", "<p>Cards.", '<p><img src="/logo.png" alt="Logo">Cards.',
                              "/logo.png` answers 404"),
    "script that is a page": Broken("/", "/board.js", "/fallback/board.js", "MIME type"),
    "failed request": Broken("/board.js", "await fetch('/api/cards');",
                             "await fetch('/api/broken');", "/api/broken` answers 500"),
    "failed request of a form": Broken("/board.js", "fetch('/api/cards', {",
                                       "fetch('/api/broken', {",
                                       'failed request: using <button> "Add card"'),
    "exception of a button": Broken("/board.js", ".showModal()", ".showModel()",
                                    'exception: using <button> "Help": TypeError'),
    "dead button": Broken("/board.js",
                          "on('help', () => document.getElementById('text').showModal());",
                          "on('help', () => {});", '<button> "Help" does nothing'),
    "dead form": Broken("/board.js", "  const card = Object", "  return;\n  const card = Object",
                        '<button> "Add card" does nothing'),
    "dead link": Broken("/about", '<a href="/">Board</a>',
                        '<a href="/">Board</a> <a href="#">More</a>',
                        '<a> "More" does nothing'),
    "field that takes nothing": Broken(
        "/board.js", "await fetch('/api/cards');",
        "document.querySelector('[name=title]').oninput = (event) => { event.target.value = ''; };",
        '<input> "Title" does nothing'),
    "link that leads nowhere": Broken("/about", "<p>Cards.", '<p><a href="/terms">Terms</a> Cards.',
                                      "`/terms` (a link on `/about`): load: it answers 404"),
    "fragment that leads nowhere": Broken("/board.js", 'href="#list"', 'href="#cards"',
                                          '<a> "Cards" does nothing'),
    "wide page": Broken("/style.css", "table { width: 100%; }",
                        "main { width: 50rem; max-width: none; }",
                         "has to be scrolled sideways, because of <h1> Board"),
    "no viewport": Broken("/", 'name="viewport"', 'name="theme"', "980 px wide"),
    "always bright": Broken("/style.css", "body { background: #111; color: #eee; }", "",
                            "with the dark scheme it stays bright"),
    "unreadable in the dark": Broken("/style.css", "background: #111; color: #eee;",
                                     "background: #111; color: #333;", "(color-contrast, serious)"),
    "field without a name": Broken("/board.js", '<label>Title <input name="title"',
                                   '<label></label> Title <input name="title"',
                                   "(label, critical)"),
    "button without a name": Broken("/board.js", ">Help</button>", "></button>",
                                    "(button-name, critical)"),
    "no language": Broken("/about", ' lang="en"', "", "(html-has-lang, serious)"),
}  # fmt: skip

HOSTILE: Mapping[str, tuple[str, str]] = {
    "never ends": ("while (true) {}", "it is not loaded after"),
    "never ends when used": (
        """document.body.innerHTML = '<main><h1>Trap</h1><button>Go</button></main>';
        document.querySelector('button').onclick = () => { while (true) {} };""",
        "makes the page stop answering",
    ),
    "dialogs without end": ("for (;;) alert('again');", "dialogs: "),
    "takes all memory": (
        "const all = []; for (;;) all.push(new Array(1e6).fill({}).map(() => [1]));", "load: "),
    "reloads itself": ("location.reload();", "it is not loaded after"),
    "never loads": ("document.write('<img src=\"/slow\" alt=\"\">');", "it is not loaded after"),
}  # fmt: skip
"""Scripts of pages that want to hold whoever looks at them, and what is said of them."""

KINDS = {"bin": "application/octet-stream", "css": "text/css", "js": "text/javascript",
         "svg": "image/svg+xml"}  # fmt: skip
LIVELY = BOARD.replace(
    '<div id="root"></div>',
    """<main><h1>Clock</h1><p id="clock">0</p>
<button onclick="this.nextElementSibling.textContent += '!'">Add</button><span>a</span>
<button onclick="fetch('/api/cards')">Refresh</button>
<button id="idle">Idle</button></main>""",
).replace(
    '<script type="module" src="/board.js">',
    """<script>
setInterval(() => { document.getElementById('clock').textContent = Date.now(); }, 900);
fetch('/api/cards');""",
)
"""A page that changes by itself, where two buttons do something and one does not."""
THEMED = BOARD.replace(
    '<div id="root"></div>',
    """<main><h1>Colours</h1><p><a href="/next">Next</a></p>
<button>Light</button></main>""",
).replace(
    '<script type="module" src="/board.js">',
    """<script>
if (localStorage.theme) document.documentElement.style.colorScheme = localStorage.theme;
document.querySelector('button').onclick = () => {
  localStorage.theme = localStorage.theme === 'light' ? 'dark' : 'light';
  document.documentElement.style.colorScheme = localStorage.theme;
};""",
)
"""A page whose colours are chosen by a button, for all pages."""
LEADING = """<!doctype html><html lang="en"><head><title>Away</title></head><body>
<script>addEventListener('load', () => setTimeout(() => location.replace('/home'), 60));</script>
<p>Just a moment.</p></body></html>"""
"""A page that leads to another as soon as it has been loaded."""
HARMLESS = """<!doctype html><html lang="en"><head><title>Windows</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/style.css"></head><body><main><h1>Windows</h1>
<button onclick="window.open('/about')">Open</button>
<button onclick="print()">Print</button>
<a href="/file.bin" download>Download</a>
<button onclick="confirm('Really?')">Ask</button>
<label>File <input type="file"></label>
<details><summary>More</summary><p>Text.</p></details>
<label>Day <input type="date"></label> <label>Much <input type="range"></label>
<script>navigator.serviceWorker.register('/worker.js'); onbeforeunload = () => 'stay';</script>
</main></body></html>"""


def site(kind: str = "") -> dict[str, str]:
    """The sound site, or its twin that is broken in a way."""
    files = dict(SOUND)
    if kind:
        change = BROKEN[kind]
        assert files[change.file].count(change.before) == 1, change.before
        files[change.file] = files[change.file].replace(change.before, change.after)
    return files


def together(kinds: Sequence[str]) -> dict[str, str]:
    """Several of these sites in one, each below its number."""
    files = {}
    for number, kind in enumerate(kinds):
        for path, text in site(kind).items():
            moved = text.replace('"/', f'"/{number}/').replace("'/", f"'/{number}/")
            files[f"/{number}{path}"] = moved
    return files


def trap(kind: str) -> dict[str, str]:
    """A site of one page that wants to hold whoever looks at it."""
    return {"/": BOARD.replace(' type="module"', ""), "/style.css": STYLE,
            "/board.js": HOSTILE[kind][0]}  # fmt: skip


@asynccontextmanager
async def open_site(files: Mapping[str, str], socket: Path) -> AsyncIterator[None]:
    """Serve a site at a Unix socket, as a started application is reached."""

    def reply(_method: str, path: str, _body: bytes, _who: str) -> Reply:
        if path.endswith("/api/broken"):
            return Reply(500, "application/json", "{}")
        if "/fallback/" in path:
            return Reply(200, "text/html", BOARD)
        if path == "/slow":
            return Reply(0, "", "")
        if path not in files:
            return Reply(404, "text/html", "<!doctype html><title>404</title>Not found")
        kind = KINDS.get(path.rpartition(".")[2], "text/html")
        return Reply(200, "application/json" if "/api/" in path else kind, files[path])

    async with served(reply, socket):
        yield
