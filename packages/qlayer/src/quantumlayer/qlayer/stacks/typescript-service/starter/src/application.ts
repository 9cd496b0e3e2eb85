import { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@libsql/client';
import { health } from './health.js';
import { notes } from './notes/routes.js';

/** The application: its parts, put together. */
export function createApplication(database: Client) {
  const application = new OpenAPIHono()
    .route('/', health(database))
    .route('/notes', notes(database))
    .doc('/openapi.json', {
      openapi: '3.0.3',
      info: { title: 'starter-name', version: '1.0.0' },
    });
  application.notFound((context) => context.json({ detail: 'There is no such path.' }, 404));
  return application;
}
