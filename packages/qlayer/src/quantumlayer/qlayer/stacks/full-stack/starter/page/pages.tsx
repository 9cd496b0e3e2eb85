import { Link, Route, Routes } from 'react-router';
import type { Api } from './api/client';
import { Page } from './components/page';
import { NotesPage } from './notes/notes-page';

/** Every route; a page for what is none of them. */
export function Pages({ api }: { api: Api }) {
  return (
    <Routes>
      <Route path="/" element={<NotesPage api={api} />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}

function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <Link className="text-accent underline" to="/">
        Go to the start
      </Link>
    </Page>
  );
}
