// What a person finds on a page by its words, whatever it is made of.
const same = (text, words) => (text || "").trim().toLowerCase().includes(words.trim().toLowerCase());
const visible = (one) => one.getClientRects().length > 0;
const namesOf = (one) => [
  one.getAttribute("aria-label"),
  one.getAttribute("placeholder"),
  one.getAttribute("name"),
  one.id,
  ...[...(one.labels || [])].map((label) => label.innerText),
  ...(one.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)?.innerText),
];
const hands = {
  fill(field, text) {
    const found = [...document.querySelectorAll("input, textarea, select")]
      .filter((one) => visible(one) && namesOf(one).some((name) => same(name, field)))[0];
    if (!found) return false;
    found.focus();
    if (found.type === "checkbox" || found.type === "radio") {
      if (found.checked !== (text !== "false")) found.click();
      return true;
    }
    const value = found.tagName === "SELECT"
      ? [...found.options].find((option) => same(option.text, text) || option.value === text)?.value
      : text;
    if (value === undefined) return false;
    const kind = { INPUT: HTMLInputElement, TEXTAREA: HTMLTextAreaElement, SELECT: HTMLSelectElement };
    Object.getOwnPropertyDescriptor(kind[found.tagName].prototype, "value").set.call(found, value);
    for (const event of ["input", "change"]) {
      found.dispatchEvent(new Event(event, { bubbles: true }));
    }
    return true;
  },
  press(words) {
    const [, said, place] = words.match(/^(.*?)(?:#(\d+))?$/);
    const all = [...document.querySelectorAll(
      "button, a, summary, label, [role=button], [role=tab], [role=switch], [role=checkbox],"
      + " input[type=submit], input[type=button], input[type=checkbox], input[type=radio]",
    )].filter((one) => visible(one) && [one.innerText, one.value, one.title, ...namesOf(one)]
      .some((name) => same(name, said)));
    const exact = all.filter((one) => (one.innerText || "").trim().toLowerCase() === said.toLowerCase());
    const found = (exact.length ? exact : all)[place ? Number(place) - 1 : 0];
    if (!found || found.disabled) return false;
    found.click();
    return true;
  },
  shows(words) {
    return same(document.body.innerText.replace(/\s+/g, " "), words);
  },
};
