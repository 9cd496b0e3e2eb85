import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

const problems: string[] = [];

test.beforeEach(async ({ page }) => {
  problems.length = 0;
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('/');
});

test.afterEach(() => expect(problems).toEqual([]));

test('a note that is added is shown', async ({ page }) => {
  await page.getByLabel('New note').fill('milk');
  await page.getByRole('button', { name: 'Add' }).click();

  await expect(page.getByRole('listitem')).toHaveText(['milk']);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`everybody can use it when it is ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByRole('alert')).toBeVisible();

    const { violations } = await new AxeBuilder({ page }).analyze();

    expect(violations).toEqual([]);
  });
}

test('it fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.getByLabel('New note').fill('x'.repeat(200));
  await page.getByRole('button', { name: 'Add' }).click();

  const widest = await page.evaluate(() => document.documentElement.scrollWidth);

  expect(widest).toBeLessThanOrEqual(360);
});
