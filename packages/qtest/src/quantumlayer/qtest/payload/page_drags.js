// What can be dragged on a page, and what takes it. Lives beside `eyes`, in its world.
(() => {
  const DRAGGED = '[draggable=true], [aria-roledescription=draggable], [aria-roledescription=sortable], '
    + '[data-rfd-draggable-id], [data-rbd-draggable-id]';
  const MOST = 300;
  let taker = null;
  let dragged = null;
  let takers = [];

  const shown = (element) => element.checkVisibility({ visibilityProperty: true })
    && element.getClientRects().length > 0;
  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + Math.min(box.height / 2, 60) };
  };
  const all = () => [...document.querySelectorAll(DRAGGED)].filter(shown).slice(0, MOST);

  // Whoever takes what is dragged over it says so by keeping the browser from refusing it.
  addEventListener('dragover', (event) => {
    const element = event.composedPath()[0];
    setTimeout(() => { if (event.defaultPrevented) taker = element; });
  }, true);

  // The first that can be dragged, brought into sight.
  function drags() {
    [dragged] = all();
    takers = [];
    if (!dragged) return null;
    dragged.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const name = (dragged.innerText || '').replace(/\s+/g, ' ').trim().slice(0, 60);
    return { ...middle(dragged), tag: dragged.localName, name };
  }

  // Elements of the kind of what is dragged, and of what holds it: cards and columns.
  function peers() {
    const found = [];
    for (let at = dragged; at && at !== document.body; at = at.parentElement) {
      for (const other of at.parentElement?.children ?? []) {
        if (other !== at && other.localName === at.localName && other.className === at.className
          && shown(other)) found.push(other);
      }
    }
    return found;
  }

  const inSight = ({ x, y }) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;

  function spots() {
    const near = peers().map(middle);
    const inner = peers().map((each) => {
      const box = each.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.bottom - Math.min(8, box.height / 3) };
    });
    const across = [];
    for (let row = 0.5; row < 8; row += 1) {
      for (let column = 0.5; column < 10; column += 1) {
        across.push({ x: innerWidth * column / 10, y: innerHeight * row / 8 });
      }
    }
    return { near: [...inner, ...near].filter(inSight).slice(0, 24), across };
  }

  // Whether what was last dragged over takes it, for the first time, and is not where it lies.
  function taken() {
    const found = taker;
    taker = null;
    if (!found || takers.includes(found)) return '';
    takers.push(found);
    if (dragged.contains(found)) return '';
    return found.contains(dragged) ? 'own' : 'other';
  }

  // What lies where, and reads how.
  function arrangement() {
    const place = (element) => {
      const path = [];
      for (let at = element; at?.parentElement; at = at.parentElement) {
        path.push([...at.parentElement.children].indexOf(at));
      }
      return path.join('.');
    };
    return JSON.stringify([document.body.innerText, all().map(place)]);
  }

  Object.assign(globalThis.eyes, { drags, spots, taken, arrangement });
})();
