import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Client } from '@libsql/client';
import { json } from './answers.js';

const status = z.object({ status: z.string() });

const live = createRoute({
  method: 'get',
  path: '/healthz',
  responses: { 200: json('The process answers.', status) },
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  responses: {
    200: json('The database answers, too.', status),
    503: json('The database does not answer.', status),
  },
});

/** Whether the process lives, and whether it can serve. */
export function health(database: Client) {
  return new OpenAPIHono()
    .openapi(live, (context) => context.json({ status: 'ok' }, 200))
    .openapi(ready, async (context) => {
      try {
        await database.execute('SELECT count(*) FROM sqlite_schema');
        return context.json({ status: 'ready' }, 200);
      } catch {
        return context.json({ status: 'unavailable' }, 503);
      }
    });
}
