import type { Client } from '@libsql/client';
import { type NewNote, type Note, note } from './schema.js';

/** Keep a note. */
export async function add(database: Client, { text }: NewNote): Promise<Note> {
  const { rows } = await database.execute({
    sql: 'INSERT INTO notes (text) VALUES (?) RETURNING id, text',
    args: [text],
  });
  return note.parse({ ...rows[0] });
}

/** All notes in the order in which they were written, at most a thousand. */
export async function list(database: Client): Promise<Note[]> {
  const { rows } = await database.execute('SELECT id, text FROM notes ORDER BY id LIMIT 1000');
  return rows.map((row) => note.parse({ ...row }));
}

/** A note, if it is there. */
export async function find(database: Client, id: number): Promise<Note | undefined> {
  const { rows } = await database.execute({
    sql: 'SELECT id, text FROM notes WHERE id = ?',
    args: [id],
  });
  return rows[0] && note.parse({ ...rows[0] });
}
