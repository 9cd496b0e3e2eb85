import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { Pages } from '../../src/pages';

afterEach(cleanup);

function open(path: string) {
  render(
    <MemoryRouter initialEntries={[path]}>
      <Pages />
    </MemoryRouter>,
  );
  return userEvent.setup();
}

it('shows a note that is added, and makes room for the next', async () => {
  const user = open('/');

  await user.type(screen.getByLabelText('New note'), ' milk {Enter}');

  expect(screen.getByRole('list', { name: 'Notes' }).textContent).toBe('milk');
  expect(screen.getByLabelText<HTMLInputElement>('New note').value).toBe('');
});

it('says what is wrong with a note and keeps nothing', async () => {
  const user = open('/');

  await user.click(screen.getByRole('button', { name: 'Add' }));

  expect(screen.getByRole('alert').textContent).toBe('A note has a text.');
  expect(screen.queryByRole('list')).toBeNull();
});

it('leads back from a page that is not there', () => {
  open('/elsewhere');

  expect(screen.getByRole('heading', { name: 'There is no such page' })).toBeTruthy();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/');
});
