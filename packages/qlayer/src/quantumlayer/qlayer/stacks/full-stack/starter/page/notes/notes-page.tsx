import { type FormEvent, useEffect, useState } from 'react';
import type { Api, Schemas } from '../api/client';
import { Button } from '../components/button';
import { Page } from '../components/page';
import { TextField } from '../components/text-field';
import { problemOf } from './notes';

type Note = Schemas['Note'];

const UNREACHABLE = 'The service cannot be reached. Try again later.';

/** All notes, and a form for one more: the example of a page. */
export function NotesPage({ api }: { api: Api }) {
  const [notes, setNotes] = useState<readonly Note[]>();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();

  // What the service keeps is outside of React; a page that is left wants no answer any more.
  useEffect(() => {
    const left = new AbortController();
    api.GET('/api/notes', { signal: left.signal }).then(
      ({ data }) => (data ? setNotes(data) : setProblem(UNREACHABLE)),
      () => left.signal.aborted || setProblem(UNREACHABLE),
    );
    return () => left.abort();
  }, [api]);

  async function add(event: FormEvent) {
    event.preventDefault();
    const found = problemOf(text);
    if (found !== undefined) {
      setProblem(found);
      return;
    }
    try {
      const { data, error } = await api.POST('/api/notes', { body: { text } });
      setProblem(error?.detail);
      if (data) {
        setNotes((known = []) => [...known, data]);
        setText('');
      }
    } catch {
      setProblem(UNREACHABLE);
    }
  }

  return (
    <Page title="Notes">
      <form onSubmit={add} noValidate className="flex flex-wrap items-start gap-3">
        <TextField
          label="New note"
          value={text}
          problem={problem}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" className="mt-7">
          Add
        </Button>
      </form>
      <Notes notes={notes} />
    </Page>
  );
}

function Notes({ notes }: { notes: readonly Note[] | undefined }) {
  if (notes === undefined) {
    return <p role="status">Loading …</p>;
  }
  if (notes.length === 0) {
    return <p className="text-muted">There are no notes yet.</p>;
  }
  return (
    <ul aria-label="Notes" className="flex list-disc flex-col gap-2 pl-5 wrap-anywhere">
      {notes.map((note) => (
        <li key={note.id}>{note.text}</li>
      ))}
    </ul>
  );
}
