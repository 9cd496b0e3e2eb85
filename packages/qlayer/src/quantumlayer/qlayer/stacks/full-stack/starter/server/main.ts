import { serve } from '@hono/node-server';
import { createApplication } from './application.js';
import { openDatabase } from './database.js';
import { page } from './page.js';
import { settings } from './settings.js';

const { databasePath, host, port } = settings(process.env);
const database = await openDatabase(databasePath);
const application = createApplication(database).route('/', page('dist/page'));
const server = serve({ fetch: application.fetch, hostname: host, port });

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => database.close()));
}
