import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * Words in lower case and how often each stands in a text: most frequent first, then A to Z.
 */
export async function countWords(text: Readable): Promise<[word: string, times: number][]> {
  const counted = new Map<string, number>();
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    for (const [word] of line.toLowerCase().matchAll(/[\p{L}\p{N}_]+/gu)) {
      counted.set(word, (counted.get(word) ?? 0) + 1);
    }
  }
  return [...counted].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
