import { serve } from '@hono/node-server';
import { createApplication } from './application.js';

const server = serve({
  fetch: createApplication('dist').fetch,
  hostname: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close());
}
