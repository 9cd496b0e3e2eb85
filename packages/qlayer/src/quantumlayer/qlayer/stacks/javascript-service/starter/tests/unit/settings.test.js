import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settings } from '../../src/settings.js';

test('what the environment does not set is taken from the defaults', () => {
  assert.deepEqual(settings({ PORT: '8080' }), {
    host: '127.0.0.1',
    port: 8080,
    databasePath: 'starter-name.db',
  });
});

for (const port of ['0', '65536', 'http']) {
  test(`the port ${port} is refused`, () => {
    assert.throws(() => settings({ PORT: port }), /PORT/);
  });
}
