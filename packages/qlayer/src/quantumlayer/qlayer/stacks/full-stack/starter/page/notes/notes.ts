export const LONGEST_TEXT = 1000;

/** What is wrong with the text of a note, in a sentence; nothing where it is sound. */
export function problemOf(text: string): string | undefined {
  if (text.trim() === '') {
    return 'A note has a text.';
  }
  return text.trim().length > LONGEST_TEXT
    ? `A note has at most ${LONGEST_TEXT} characters.`
    : undefined;
}
