import { z } from '@hono/zod-openapi';

export const newNote = z
  .strictObject({ text: z.string().trim().min(1).max(1000) })
  .openapi('NewNote');
export const note = newNote.extend({ id: z.int() }).openapi('Note');

/** @typedef {z.infer<typeof newNote>} NewNote */
/** @typedef {z.infer<typeof note>} Note */
