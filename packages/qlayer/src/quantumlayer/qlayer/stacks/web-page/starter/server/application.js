import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Serves what Vite has built: files, health, and the page for every path that may be a route of it.
 * @param {string} folder of the built page
 */
export function createApplication(folder) {
  const application = new Hono();
  application.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    }),
  );
  application.get('/healthz', (context) => context.json({ status: 'ok' }));
  application.use('/assets/*', async (context, next) => {
    await next();
    if (context.res.ok) {
      context.header('Cache-Control', 'public, max-age=31536000, immutable');
    }
  });
  application.get('*', serveStatic({ root: folder }));
  // A missing file is missing: only what has no ending can be a route of the page.
  application.get('/:route{[^.]*}', serveStatic({ root: folder, path: 'index.html' }));
  return application;
}
