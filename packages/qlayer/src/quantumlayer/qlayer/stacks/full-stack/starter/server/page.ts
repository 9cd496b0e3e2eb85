import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** What Vite has built: its files, and the page for every path that may be a route of it. */
export function page(folder: string) {
  const files = new Hono();
  files.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    }),
  );
  files.use('/assets/*', async (context, next) => {
    await next();
    if (context.res.ok) {
      context.header('Cache-Control', 'public, max-age=31536000, immutable');
    }
  });
  files.get('*', serveStatic({ root: folder }));
  // A missing file is missing: only what has no ending can be a route of the page.
  files.get('/:route{[^.]*}', serveStatic({ root: folder, path: 'index.html' }));
  return files;
}
