// In the page's own world: tells of what changes nothing that can be seen.
(() => {
  const told = () => document.dispatchEvent(new Event('ql-acted'));
  const wrap = (holder, name) => {
    const own = holder?.[name];
    if (typeof own !== 'function') return;
    holder[name] = function (...words) {
      told();
      return own.apply(this, words);
    };
  };
  // What comes by itself, and not at once.
  for (const name of ['setInterval', 'setTimeout']) {
    const own = globalThis[name];
    globalThis[name] = function (action, delay, ...words) {
      if (delay >= 50 && delay <= 2000) document.dispatchEvent(new Event('ql-timed'));
      return own.call(this, action, delay, ...words);
    };
  }
  wrap(globalThis, 'print');
  wrap(globalThis.Clipboard?.prototype, 'writeText');
  wrap(globalThis.Clipboard?.prototype, 'write');
  wrap(globalThis.Storage?.prototype, 'setItem');
  wrap(globalThis.Storage?.prototype, 'removeItem');
  wrap(globalThis.Navigator?.prototype, 'share');
})();
