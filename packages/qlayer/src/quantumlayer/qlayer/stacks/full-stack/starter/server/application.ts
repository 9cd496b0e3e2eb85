import { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@libsql/client';
import { health } from './health.js';
import { notes } from './notes/routes.js';

/** What the page asks: health, the contract, and all parts below `/api`. */
export function createApplication(database: Client) {
  const application = new OpenAPIHono()
    .route('/', health(database))
    .route('/api/notes', notes(database))
    .doc('/openapi.json', {
      openapi: '3.0.3',
      info: { title: 'starter-name', version: '1.0.0' },
    });
  application.all('/api/*', (context) => context.json({ detail: 'There is no such path.' }, 404));
  return application;
}
