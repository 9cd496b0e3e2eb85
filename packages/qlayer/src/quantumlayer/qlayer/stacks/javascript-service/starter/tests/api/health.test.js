import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApplication } from '../../src/application.js';
import { openDatabase } from '../../src/database.js';

test('it is live and ready while its database answers', async () => {
  const database = await openDatabase(':memory:');
  const application = createApplication(database);
  const status = async (/** @type {string} */ path) => (await application.request(path)).status;

  assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 200]);

  database.close();

  assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 503]);
});
