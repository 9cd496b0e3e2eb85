import { note } from './schema.js';

/**
 * @typedef {import('../database.js').Database} Database
 * @typedef {import('./schema.js').NewNote} NewNote
 * @typedef {import('./schema.js').Note} Note
 */

/**
 * Keep a note.
 * @param {Database} database
 * @param {NewNote} newNote
 * @returns {Promise<Note>}
 */
export async function add(database, { text }) {
  const { rows } = await database.execute({
    sql: 'INSERT INTO notes (text) VALUES (?) RETURNING id, text',
    args: [text],
  });
  return note.parse({ ...rows[0] });
}

/**
 * A note, if it is there.
 * @param {Database} database
 * @param {number} id
 * @returns {Promise<Note | undefined>}
 */
export async function find(database, id) {
  const { rows } = await database.execute({
    sql: 'SELECT id, text FROM notes WHERE id = ?',
    args: [id],
  });
  return rows[0] && note.parse({ ...rows[0] });
}
