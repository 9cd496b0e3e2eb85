"""Bodies of pages whose one control has an effect of a less usual kind, or only seems to."""

COMPONENT = """<x-counter></x-counter><script>
customElements.define('x-counter', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: 'open' }).innerHTML = '<button>Go</button><p>0</p>';
    const [button, text] = this.shadowRoot.children;
    button.onclick = () => { text.textContent += 1; };
  }
});</script>"""
MENU = """<style>.items { display: none } nav:focus-within .items { display: block }</style>
<nav><button>Menu</button><div class="items">Items</div></nav>"""
FILTER = """<button onclick="show('y')">All</button><button onclick="show('x')">Done</button>
<p>y</p>
<script>function show(text) {
  const shown = document.querySelector('p');
  if (shown.textContent !== text) shown.textContent = text;
}</script>"""
BANNER = """<div style="position: fixed; inset: 0; background: #fff">
<button onclick="this.parentElement.remove()">Accept</button></div>
<button onclick="this.textContent = 'done'">Go</button>"""
EXPORT = """<button onclick="const link = document.createElement('a');
link.href = window.URL.createObjectURL(new Blob(['x'])); link.download = 'x.txt'; link.click()">Save
</button>"""
LATE = """<button onclick="setTimeout(() => { this.nextElementSibling.textContent = 'x' }, 900)">
Later</button><p>y</p>"""
SEARCH = """<form action="/"><label>Words <input name="q"></label><button>Search</button></form>"""
CHOICE = """<label>Sort <select onchange="this.value = 'a'"><option>a</option><option>b</option>
</select></label>"""
CANVAS = """<canvas width="100" height="100"></canvas><button
onclick="document.querySelector('canvas').getContext('2d').fillRect(0, 0, 50, 50)">Draw</button>"""

FORM = """<form><label>Title <input name="title"></label> <button>Add</button></form><p></p>"""
ADDING = (
    FORM
    + """<script>document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  document.querySelector('form + p').textContent += new FormData(event.target).get('title');
};</script>"""
)
RELOADING = (
    FORM
    + """<script>
document.querySelector('form + p').textContent = localStorage.titles || '';
document.querySelector('form').onsubmit = (event) => {
  localStorage.titles = `${localStorage.titles || ''} ${new FormData(event.target).get('title')}`;
};</script>"""
)
ASKING = (
    FORM
    + """<script>
document.querySelector('form + p').textContent = new URLSearchParams(location.search).get('title');
</script>"""
)
BOARD = (
    FORM
    + """<div style="display: flex">
<section class="column" style="width: 9rem; height: 9rem"><h2>Open</h2></section>
<section class="column" style="width: 9rem; height: 9rem"><h2>Done</h2></section></div>
<script>
const card = (title) => {
  const item = document.createElement('p');
  item.textContent = title;
  item.draggable = true;
  item.id = 'card';
  item.ondragstart = (event) => event.dataTransfer.setData('text/plain', item.id);
  return item;
};
document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  document.querySelector('section').append(card(new FormData(event.target).get('title')));
};
for (const column of document.querySelectorAll('section')) {
  column.ondragover = (event) => event.preventDefault();
  column.ondrop = (event) => {
    column.append(document.getElementById(event.dataTransfer.getData('text/plain')));
  };
}</script>"""
)
SORTED = """<div><p class="row" aria-roledescription="sortable">A</p>
<p class="row" aria-roledescription="sortable">B</p></div><script>
let held = null;
for (const row of document.querySelectorAll('.row')) row.onpointerdown = () => { held = row; };
document.onpointerup = ({ clientX, clientY }) => {
  const row = document.elementFromPoint(clientX, clientY)?.closest('.row');
  if (held && row && row !== held) row.after(held);
  held = null;
};</script>"""

SOUND = {
    "form by script": ADDING,
    "form that loads its page again": RELOADING,
    "form that its page reads again": ASKING,
    "board that is empty at first": BOARD,
    "rows that a script sorts": SORTED,
    "disclosure": "<details><summary>More</summary><p>Text</p></details>",
    "popover": '<button popovertarget="p">Menu</button><div id="p" popover>Text</div>',
    "component": COMPONENT,
    "canvas": CANVAS,
    "menu by style": MENU,
    "banner": BANNER,
    "scrolling": '<button onclick="window.scrollTo(0, 900)">Down</button>'
                 '<div style="height: 3000px"></div>',
    "filter that is set": FILTER,
    "late": LATE,
    "wide within": '<div style="overflow-x: auto"><p style="width: 900px">Text</p></div>',
    "disabled": "<button disabled>Save</button>",
    "search": SEARCH,
    "export": EXPORT,
    "stream": '<p>Live</p><script>new EventSource("/slow")</script>',
}  # fmt: skip
BROKEN = {
    "form whose handler is gone": (FORM, '<button> "Add" does nothing'),
    "form whose handler is gone, and leads nowhere": (FORM.replace("<form>", '<form action="#">'),
                                                      '<button> "Add" does nothing'),
    "board that drops what is dragged": (BOARD.replace("column.append(document", "void (document"),
                                         'dragging <p> "Sample": it does nothing'),
    "board that takes nothing": (BOARD.replace("column.ondragover", "column.ondragenter"),
                                 'dragging <p> "Sample": nothing on the page takes it'),
    "rows that stay": (SORTED.replace("row.after(held)", "void held"),
                       'dragging <p> "A": it does nothing'),
    "component without a handler": (COMPONENT.replace("button.onclick", "button.ondblclick"),
                                    '<button> "Go" does nothing'),
    "role without a handler": ('<div role="button" tabindex="0">Save</div>',
                               '<div> "Save" does nothing'),
    "choice that is undone": (CHOICE, "<select>"),
    "form that leads nowhere": (SEARCH.replace('"/"', '"/nowhere"'), "which answers 404"),
    "unbroken line": (f"<pre>{'x' * 200}</pre>", "has to be scrolled sideways"),
    "missing module": ('<script type="module">import "/nope.js"</script>', "/nope.js` answers 404"),
    "picture without words": ('<img src="/dot.svg" width="9" height="9">', "(image-alt, critical)"),
    "error when pressed": ("<button onclick=\"console.error('bad')\">Go</button>", "bad"),
}  # fmt: skip


def page(body: str) -> str:
    """A whole page around a body."""
    return (
        '<!doctype html><html lang="en"><head><title>Variant</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>Variant</h1>{body}</main></body></html>"
    )
