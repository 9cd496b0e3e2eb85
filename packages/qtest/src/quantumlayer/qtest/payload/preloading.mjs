// What the project's own command loads before its tests: loaders of languages, set-ups.
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

export async function preload(wanted) {
  const here = pathToFileURL(`${process.cwd()}/`);
  const require = createRequire(new URL('package.json', here));
  for (const { kind, name } of wanted) {
    const place = /^\.{0,2}\//.test(name) ? new URL(name, here).href : name;
    if (kind === 'require') require(name.startsWith('.') ? new URL(name, here).pathname : name);
    else if (kind === 'loader') register(place, here);
    else await import(place.startsWith('file:') ? place : importable(require, place));
  }
}

function importable(require, name) {
  try {
    return pathToFileURL(require.resolve(name)).href;
  } catch {
    return name; // of Node itself, or exported to imports only
  }
}
