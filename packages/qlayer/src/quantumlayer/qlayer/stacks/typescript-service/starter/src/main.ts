import { serve } from '@hono/node-server';
import { createApplication } from './application.js';
import { openDatabase } from './database.js';
import { settings } from './settings.js';

const { databasePath, host, port } = settings(process.env);
const database = await openDatabase(databasePath);
const server = serve({ fetch: createApplication(database).fetch, hostname: host, port });

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => database.close()));
}
