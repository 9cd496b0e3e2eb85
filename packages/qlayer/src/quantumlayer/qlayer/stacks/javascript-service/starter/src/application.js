import { OpenAPIHono } from '@hono/zod-openapi';
import { health } from './health.js';
import { notes } from './notes/routes.js';

/**
 * The application: its parts, put together.
 * @param {import('./database.js').Database} database
 */
export function createApplication(database) {
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
