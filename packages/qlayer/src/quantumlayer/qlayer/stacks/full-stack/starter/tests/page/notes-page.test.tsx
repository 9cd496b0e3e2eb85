// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { createApi } from '../../page/api/client';
import { Pages } from '../../page/pages';
import { createApplication } from '../../server/application.js';
import { openDatabase } from '../../server/database.js';

afterEach(cleanup);

async function open(path: string) {
  const application = createApplication(await openDatabase(':memory:'));
  const api = createApi('http://localhost', async (request) => application.request(request));
  render(
    <MemoryRouter initialEntries={[path]}>
      <Pages api={api} />
    </MemoryRouter>,
  );
  return userEvent.setup();
}

it('shows a note that the service has kept, and makes room for the next', async () => {
  const user = await open('/');
  await screen.findByText('There are no notes yet.');

  await user.type(screen.getByLabelText('New note'), ' milk {Enter}');

  expect((await screen.findByRole('list', { name: 'Notes' })).textContent).toBe('milk');
  expect(screen.getByLabelText<HTMLInputElement>('New note').value).toBe('');
});

it('says what is wrong with a note without asking', async () => {
  const user = await open('/');

  await user.click(screen.getByRole('button', { name: 'Add' }));

  expect((await screen.findByRole('alert')).textContent).toBe('A note has a text.');
  expect(screen.queryByRole('list')).toBeNull();
});

it('says that the service cannot be reached', async () => {
  const api = createApi('http://localhost', () => Promise.reject(new TypeError('no network')));
  render(
    <MemoryRouter>
      <Pages api={api} />
    </MemoryRouter>,
  );

  expect((await screen.findByRole('alert')).textContent).toContain('cannot be reached');
});

it('leads back from a page that is not there', async () => {
  await open('/elsewhere');

  expect(screen.getByRole('heading', { name: 'There is no such page' })).toBeTruthy();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/');
});
