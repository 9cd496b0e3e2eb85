import { OpenAPIHono, z } from '@hono/zod-openapi';

/** What is answered where something is wrong: a sentence. */
export const problem = z.object({ detail: z.string() }).openapi('Problem');

/** How a route declares an answer in JSON. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** A router that answers malformed requests with what is wrong in them. */
export function router() {
  return new OpenAPIHono({
    defaultHook: (result, context) =>
      result.success ? undefined : context.json({ detail: z.prettifyError(result.error) }, 422),
  });
}
