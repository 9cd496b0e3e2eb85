import { z } from '@hono/zod-openapi';

export const LONGEST_TEXT = 1000;

export const newNote = z
  .strictObject({ text: z.string().trim().min(1).max(LONGEST_TEXT) })
  .openapi('NewNote');
export const note = newNote.extend({ id: z.int() }).openapi('Note');

export type NewNote = z.infer<typeof newNote>;
export type Note = z.infer<typeof note>;
