import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

/** What is answered where something is wrong: a sentence. */
export const problem = z.object({ detail: z.string() }).openapi('Problem');

/** How a route declares an answer in JSON. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** A router that answers malformed requests with what is wrong in them. */
export function router() {
  const routes = new OpenAPIHono({
    defaultHook: (result, context) =>
      result.success ? undefined : context.json({ detail: z.prettifyError(result.error) }, 422),
  });
  routes.onError(refused);
  return routes;
}

/** A body that cannot be read (400), or is not said to be JSON (415), is malformed like any other. */
function refused(error: Error, context: Context) {
  if (!(error instanceof HTTPException)) throw error;
  const malformed = error.status === 400 || error.status === 415;
  return context.json({ detail: error.message }, malformed ? 422 : error.status);
}
