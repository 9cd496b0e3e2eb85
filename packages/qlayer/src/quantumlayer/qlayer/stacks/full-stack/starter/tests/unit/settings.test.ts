import { expect, it } from 'vitest';
import { settings } from '../../server/settings.js';

it('takes what the environment does not set from the defaults', () => {
  expect(settings({ PORT: '8080' })).toEqual({
    host: '127.0.0.1',
    port: 8080,
    databasePath: 'starter-name.db',
  });
});

it.each(['0', '65536', 'http'])('refuses the port %s', (port) => {
  expect(() => settings({ PORT: port })).toThrow('PORT');
});
