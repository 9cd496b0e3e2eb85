import { createRoute, z } from '@hono/zod-openapi';
import type { Client } from '@libsql/client';
import { json, problem, router } from '../answers.js';
import { add, find, list } from './repository.js';
import { newNote, note } from './schema.js';

const listing = createRoute({
  method: 'get',
  path: '/',
  responses: { 200: json('All notes.', z.array(note)) },
});

const adding = createRoute({
  method: 'post',
  path: '/',
  request: { body: { required: true, content: { 'application/json': { schema: newNote } } } },
  responses: { 201: json('The note is kept.', note), 422: json('The note is malformed.', problem) },
});

const showing = createRoute({
  method: 'get',
  path: '/{id}',
  request: { params: z.object({ id: z.coerce.number().int() }) },
  responses: {
    200: json('The note.', note),
    404: json('There is no such note.', problem),
    422: json('The id is malformed.', problem),
  },
});

/** Notes over HTTP. */
export function notes(database: Client) {
  return router()
    .openapi(listing, async (context) => context.json(await list(database), 200))
    .openapi(adding, async (context) =>
      context.json(await add(database, context.req.valid('json')), 201),
    )
    .openapi(showing, async (context) => {
      const { id } = context.req.valid('param');
      const found = await find(database, id);
      return found
        ? context.json(found, 200)
        : context.json({ detail: `There is no note ${id}.` }, 404);
    });
}
