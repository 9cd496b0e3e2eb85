// What a person sees and can use of a page. Runs in a world of its own: the page cannot change it.
// Elements are kept in `seen` and told by their number.
(() => {
  const CONTROLS = 'button, input:not([type=hidden]), select, textarea, summary, a[href], a[onclick],'
    + '[role=button], [role=tab], [role=switch], [role=checkbox], [role=radio], [role=menuitem],'
    + '[role=option][onclick]';
  const ROOTS = '#root, #app, #__next, #__nuxt';
  const SEEN = 'img, svg, canvas, video, iframe, input, button, select, textarea, object, embed';
  // What happens without any change of the document.
  const HAPPENINGS = ['invalid', 'toggle', 'play', 'pause', 'fullscreenchange', 'scroll', 'ql-acted'];
  const MOST_ELEMENTS = 4000;
  const seen = [];
  const used = new WeakSet();
  let noisy = new WeakSet();
  let effects = 0;
  let armed = false;
  let timed = false;

  let changedAt = performance.now();

  const observer = new MutationObserver((changes) => {
    changedAt = performance.now();
    for (const { target, type, attributeName, attributeNamespace, oldValue } of changes) {
      // Written anew as it was: nobody sees or hears of that.
      const same =
        (type === 'attributes' && target.getAttributeNS(attributeNamespace, attributeName) === oldValue) ||
        (type === 'characterData' && target.data === oldValue);
      if (same) continue;
      if (!armed) noisy.add(target);
      else if (!noisy.has(target)) effects += 1;
    }
  });

  // From now on, what changes although nobody does anything changes by itself.
  function settled() {
    observer.takeRecords();
    noisy = new WeakSet();
  }

  function* every(root, selector) {
    yield* root.querySelectorAll(selector);
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) {
        observed(element.shadowRoot);
        yield* every(element.shadowRoot, selector);
      }
    }
  }

  const ALL = {
    subtree: true, childList: true, attributes: true, attributeOldValue: true,
    characterData: true, characterDataOldValue: true,
  };
  const roots = new WeakSet();

  function observed(root) {
    if (roots.has(root)) return;
    roots.add(root);
    observer.observe(root, ALL);
  }

  function active() {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found;
  }

  const visible = (element) => element.checkVisibility({ visibilityProperty: true })
    && element.getClientRects().length > 0;
  const squeezed = (text) => (text || '').replace(/\s+/g, ' ').trim().slice(0, 60);
  const labelled = (element) => element.labels?.[0];

  function name(element) {
    return squeezed(element.getAttribute('aria-label')) || squeezed(labelled(element)?.innerText)
      || squeezed(element.innerText) || squeezed(element.placeholder)
      || squeezed(/^(button|submit|reset)$/.test(element.type) ? element.value : '')
      || squeezed(element.title) || squeezed(element.name) || squeezed(element.id);
  }

  function kind(element) {
    const tag = element.localName;
    if (tag === 'a' && element.hasAttribute('href')) {
      const href = element.getAttribute('href').trim();
      if (href === '#' || /^javascript:/i.test(href)) return 'button';
      return href.startsWith('#') ? 'fragment' : 'link';
    }
    if (tag === 'select') return 'choice';
    if (tag === 'textarea') return 'text';
    if (tag !== 'input') return 'button';
    if (/^(checkbox|radio)$/.test(element.type)) return 'toggle';
    if (/^(button|submit|reset|image|file)$/.test(element.type)) return 'button';
    if (/^(range|color|date|time|month|week|datetime-local)$/.test(element.type)) return 'setting';
    return 'text';
  }

  function usable(element) {
    return !element.matches(':disabled, [aria-disabled=true]') && !element.readOnly
      && !element.closest('[inert], [aria-hidden=true]')
      && getComputedStyle(element).pointerEvents !== 'none';
  }

  const chosen = (element) => element.matches('[aria-selected=true], [aria-current]:not([aria-current=false])')
    || (element.matches('[role=radio][aria-checked=true]'));

  function described(element) {
    const words = `${element.localName}|${element.type || ''}|${name(element)}`;
    return { number: seen.push(element) - 1, kind: kind(element), name: name(element),
      tag: element.localName, key: words.replace(/\d+/g, '#'), used: used.has(element),
      chosen: chosen(element) };
  }

  function controls() {
    seen.length = 0;
    const found = [];
    for (const element of every(document, CONTROLS)) {
      const part = element.parentElement?.closest('button, a[href], summary');
      if (part || kind(element) === 'link' || !usable(element)) continue;
      const shown = visible(element) || (labelled(element) && visible(labelled(element)));
      if (shown) found.push(described(element));
      if (found.length >= 300) break;
    }
    return found;
  }

  function links() {
    const found = new Set();
    for (const element of every(document, 'a[href], area[href]')) {
      if (/^https?:$/.test(element.protocol) && visible(element)) found.add(element.href);
    }
    return [...found].slice(0, 500);
  }

  // Where to press: in the middle of what shows, or of its label where it is drawn by that.
  function place(number) {
    const element = seen[number];
    used.add(element);
    for (const target of [element, labelled(element)].filter((each) => each && visible(each))) {
      target.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const box = target.getClientRects()[0];
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      let top = document.elementFromPoint(x, y);
      while (top?.shadowRoot?.elementFromPoint(x, y)) {
        const inner = top.shadowRoot.elementFromPoint(x, y);
        if (inner === top) break;
        top = inner;
      }
      if (top && (target.contains(top) || top.contains(target) && top.closest('label, button, a')
        || top.closest('label')?.control === element)) return { x, y };
    }
    return null;
  }

  const press = (number) => seen[number].click();

  function state() {
    const fields = [...every(document, 'input, select, textarea')].slice(0, 300);
    const elements = [...document.querySelectorAll('*')].slice(0, MOST_ELEMENTS);
    return JSON.stringify([fields.map((each) => [each.value, each.checked]),
      elements.filter((each) => each.checkVisibility({ visibilityProperty: true })).length,
      document.title]);
  }

  let before = '';
  let focused = null;
  let current = null;

  function arm(number) {
    observer.takeRecords();
    effects = 0;
    armed = true;
    before = state();
    current = seen[number];
    focused = active();
  }

  function changed() {
    for (const { target } of observer.takeRecords()) if (!noisy.has(target)) effects += 1;
    const now = active();
    const moved = now !== focused && now !== document.body && now !== current
      && !labelled(current)?.contains(now);
    return effects > 0 || moved || state() !== before;
  }

  // Whether the browser itself would answer it by loading the page again: a form that names no
  // other place, which is also what is left of one whose script does nothing.
  function reloads(number) {
    const { form, type } = seen[number];
    return !!form && /^(submit|image)$/.test(type)
      && /^(get)?$/i.test(form.getAttribute('method') ?? '')
      && ['', '#'].includes((form.getAttribute('action') ?? '').trim())
      && !seen[number].hasAttribute('formaction');
  }

  // What a person reads, and what stands in the fields.
  function contents() {
    const fields = [...every(document, 'input:not([type=hidden]), select, textarea')].slice(0, 300);
    const values = fields.map((each) => [each.name || each.id, each.value, each.checked]);
    return { text: document.body?.innerText ?? '', fields: JSON.stringify(values) };
  }

  const value = (number) => seen[number].type === 'checkbox' || seen[number].type === 'radio'
    ? String(seen[number].checked) : String(seen[number].value);

  // What a person would write there.
  function wanted(number) {
    const element = seen[number];
    const words = { email: 'someone@example.com', url: 'https://example.com/', tel: '+44 20 7946 0000',
      number: String(Math.max(Number(element.min) || 1, 1)), password: 'Sample-Passw0rd-1',
      date: '2026-01-15', time: '10:30', month: '2026-01', week: '2026-W03',
      'datetime-local': '2026-01-15T10:30', color: '#336699', search: 'sample' };
    if (element.type === 'range') {
      const [low, high] = [Number(element.min || 0), Number(element.max || 100)];
      return String(Number(element.value) === high ? low : high);
    }
    const text = words[element.type] ?? 'Sample';
    return element.maxLength > 0 ? text.slice(0, element.maxLength) : text;
  }

  function ready(number) {
    const element = seen[number];
    element.focus();
    element.select?.();
    return !element.form?.querySelector('[type=submit], button:not([type])');
  }

  // As the browser does it: through the element's own setter, with its events.
  function set(number) {
    const element = seen[number];
    const text = wanted(number);
    if (element.localName === 'textarea') return write(HTMLTextAreaElement, element, text);
    return write(HTMLInputElement, element, text);
  }

  function write(type, element, text) {
    Object.getOwnPropertyDescriptor(type.prototype, 'value').set.call(element, text);
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
    return text;
  }

  function choose(number) {
    const element = seen[number];
    const others = [...element.options].filter((each) => !each.disabled && !each.selected);
    if (!others.length) return null;
    return write(HTMLSelectElement, element, (others.find((each) => each.value) || others[0]).value);
  }

  // Write into what is still empty of the form around, so that it can be sent.
  function complete(number) {
    for (const field of seen[number].form?.elements ?? []) {
      if (field.matches('input, textarea') && kind(field) !== 'button' && usable(field)) {
        if (kind(field) === 'toggle') {
          if (field.required && !field.checked) field.click();
        } else if (!field.value) set(seen.push(field) - 1);
      }
    }
  }

  function targeted(number) {
    const id = decodeURIComponent(seen[number].getAttribute('href').slice(1));
    return id === 'top' || /^[!/]/.test(id) || !!document.getElementById(id)
      || document.getElementsByName(id).length > 0;
  }

  // Why nothing can be seen, or nothing.
  function blank() {
    if (!document.body) return 'it has no body';
    const shown = squeezed(document.body.innerText)
      || [...every(document.body, SEEN)].some(visible);
    if (!shown) return 'nothing can be seen on it';
    const root = document.querySelector(ROOTS);
    const empty = root && !root.firstElementChild && !squeezed(root.textContent);
    if (empty && document.scripts.length) return `its root <div id="${root.id}"> is empty`;
    return '';
  }

  // What is wider than a phone, or nothing.
  function wide(width) {
    const page = document.documentElement;
    if (page.clientWidth > width + 1) {
      return `a phone shows it ${page.clientWidth} px wide: no <meta name="viewport"> says that it fits`;
    }
    const across = Math.max(document.scrollingElement.scrollWidth, page.scrollWidth);
    const scrolls = [page, document.body].every((each) => !/hidden|clip/.test(getComputedStyle(each).overflowX));
    if (across <= width + 1 || !scrolls) return '';
    const outer = [...document.body.querySelectorAll('*')].filter((each) => visible(each)
      && each.getBoundingClientRect().right + scrollX > width + 1);
    const first = outer.find((each) => !outer.some((other) => other !== each && each.contains(other)));
    const widest = first ? `, because of <${first.localName}${first.className && typeof first.className === 'string'
      ? ` class="${squeezed(first.className)}"` : ''}> ${squeezed(first.innerText)}` : '';
    return `it is ${across} px wide and has to be scrolled sideways${widest}`;
  }

  const DARK = /prefers-color-scheme\s*:\s*dark/;

  function* rulesIn(list) {
    for (const rule of list) {
      if (rule instanceof CSSImportRule && rule.styleSheet) yield* sheetRules(rule.styleSheet);
      else yield rule;
    }
  }

  // Sheets of other origins cannot be read.
  function* sheetRules(sheet) {
    try {
      yield* rulesIn(sheet.cssRules);
    } catch { /* nothing is known of them */ }
  }

  const ofAll = (rule) => rule.selectorText
    && [document.documentElement, document.body].some((each) => each.matches(rule.selectorText));

  function darkens(rules, inDark) {
    for (const rule of rules) {
      const dark = inDark || (rule instanceof CSSMediaRule && DARK.test(rule.media.mediaText));
      if (dark && ofAll(rule)) return true;
      if (rule.cssRules && darkens(rulesIn(rule.cssRules), dark)) return true;
    }
    return false;
  }

  // Whether the page says that it keeps to the dark scheme: as a whole, not some part of it.
  function darkensAll() {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const named = document.querySelector('meta[name=color-scheme]')?.content || '';
    if (/\bdark\b/.test(scheme === 'normal' ? named : scheme)) return true;
    return [...document.styleSheets, ...document.adoptedStyleSheets].some((sheet) => !sheet.disabled
      && darkens(sheetRules(sheet), DARK.test(sheet.media.mediaText)));
  }

  function forgotten() {
    const kept = { ...localStorage };
    localStorage.clear();
    return kept;
  }

  const painted = () => [document.documentElement, document.body].some((each) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(each);
    return backgroundColor !== 'rgba(0, 0, 0, 0)' || backgroundImage !== 'none';
  });
  const remembered = (kept) => Object.assign(localStorage, kept);

  function follow() {
    observed(document);
    document.addEventListener('ql-timed', () => { timed = true; });
    for (const happening of HAPPENINGS) {
      document.addEventListener(happening, () => { if (armed) effects += 1; }, true);
    }
  }

  follow();
  globalThis.eyes = { settled, still: () => (performance.now() - changedAt) / 1000, darkens: darkensAll, timed: () => timed, painted, forgotten, remembered, controls, links, place, press, arm, changed, value, wanted, ready, set, choose, complete,
    targeted, reloads, contents, blank, wide, canvas: () => !!document.querySelector('canvas') };
})();
