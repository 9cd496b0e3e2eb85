// A test process's own line to the process that judges: opened before any code of the project runs.
import { writeSync } from 'node:fs';
import { Module, createRequire } from 'node:module';

export function writeAll(descriptor, content) {
  for (let written = 0; written < content.length; ) {
    try {
      written += writeSync(descriptor, content, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

// The answer says things with the secret that the other end gave to this process alone.
export async function openLine(address) {
  const { connect } = createRequire(import.meta.url)('node:net');
  const line = connect(address);
  const secret = await new Promise((resolve, reject) => {
    line.once('data', resolve);
    line.once('error', reject);
  });
  line.unref();
  const descriptor = line._handle.fd;
  return (said) => writeAll(descriptor, Buffer.from(`${secret} ${JSON.stringify(said)}\n`));
}

// What is locked can be used and copied, but no longer replaced.
export function locked(owner, names = Object.keys(owner)) {
  for (const name of names) {
    const property = Object.getOwnPropertyDescriptor(owner, name);
    if (property && 'value' in property && property.configurable) {
      Object.defineProperty(owner, name, { ...property, writable: false, configurable: false });
    }
  }
}

// The same for a prototype: objects may still have something of their own under its names.
export function lockedPrototype(owner) {
  for (const [name, { value, enumerable, configurable }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
    if (typeof value !== 'function' || !configurable || name === 'constructor') continue;
    Object.defineProperty(owner, name, {
      configurable: false,
      enumerable,
      get: () => value,
      set(next) {
        if (this === owner) return;
        Object.defineProperty(this, name, { value: next, writable: true, configurable: true, enumerable: true });
      },
    });
  }
}

// What whoever requires or imports a module is given instead of it. An `import` takes what a module
// exported when it was loaded, so the one that stands in never was.
export function standIn(require, place, exports) {
  const module = new Module(place);
  Object.assign(module, { filename: place, loaded: true, exports });
  require.cache[place] = module;
}

// Whether a listener is called by Node itself, and not by code that emits events in its name.
export function calledByNode() {
  return String(new Error().stack).split('\n').slice(1)
    .every((frame) => /\bnode:|\/opt\/quantumlayer\//.test(frame));
}

export function lockAssertions() {
  const assert = createRequire(import.meta.url)('node:assert');
  for (const each of [assert, assert.strict]) locked(each);
  locked(assert.AssertionError, ['prototype', Symbol.hasInstance]);
}
