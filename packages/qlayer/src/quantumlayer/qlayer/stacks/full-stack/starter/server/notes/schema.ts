import { z } from '@hono/zod-openapi';

export const LONGEST_TEXT = 1000;

const text = z.string().trim().min(1).max(LONGEST_TEXT);

// Neither extends the other: a strict schema that is extended is described as one that nothing fits.
export const newNote = z.strictObject({ text }).openapi('NewNote');
export const note = z.strictObject({ text, id: z.int() }).openapi('Note');

export type NewNote = z.infer<typeof newNote>;
export type Note = z.infer<typeof note>;
