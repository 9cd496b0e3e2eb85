import { expect, it } from 'vitest';
import { createApplication } from '../../server/application.js';
import { openDatabase } from '../../server/database.js';

it('is live and ready while its database answers', async () => {
  const database = await openDatabase(':memory:');
  const application = createApplication(database);

  expect((await application.request('/healthz')).status).toBe(200);
  expect((await application.request('/readyz')).status).toBe(200);

  database.close();

  expect((await application.request('/healthz')).status).toBe(200);
  expect((await application.request('/readyz')).status).toBe(503);
});
