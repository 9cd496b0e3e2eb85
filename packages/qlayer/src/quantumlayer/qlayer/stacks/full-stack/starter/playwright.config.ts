import { defineConfig } from '@playwright/test';

const port = 4173;

export default defineConfig({
  testDir: 'tests/browser',
  forbidOnly: true,
  reporter: 'line',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    // A browser that is installed already; Playwright's own where none is named.
    launchOptions: process.env.CHROMIUM_PATH
      ? { executablePath: process.env.CHROMIUM_PATH, args: ['--no-sandbox'] }
      : {},
  },
  webServer: {
    command: 'npm run build && npm start',
    env: { PORT: String(port), DATABASE_PATH: 'test-results/data.db' },
    url: `http://127.0.0.1:${port}/healthz`,
  },
});
