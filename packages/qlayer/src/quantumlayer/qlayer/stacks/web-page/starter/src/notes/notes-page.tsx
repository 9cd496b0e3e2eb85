import { type FormEvent, useState } from 'react';
import { Button } from '../components/button';
import { Page } from '../components/page';
import { TextField } from '../components/text-field';
import { problemOf } from './notes';

/** Notes of this visit: the example of a page. */
export function NotesPage() {
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();

  function add(event: FormEvent) {
    event.preventDefault();
    const found = problemOf(text);
    setProblem(found);
    if (found === undefined) {
      setNotes([...notes, text.trim()]);
      setText('');
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
      {notes.length === 0 ? (
        <p className="text-muted">There are no notes yet.</p>
      ) : (
        <ul aria-label="Notes" className="flex list-disc flex-col gap-2 pl-5 wrap-anywhere">
          {notes.map((note, index) => (
            // Notes are only added at the end, so a place is as good as a name.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
    </Page>
  );
}
