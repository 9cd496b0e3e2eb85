/** What a line means. */
export type Line =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'use'; readonly model: string }
  | { readonly kind: 'models' | 'quit' | 'nothing' | 'unknown' };

/** What can be typed besides words. */
export const help = '/use MODEL, /models, /quit';

/** Reads a line as it was typed. */
export function lineOf(typed: string): Line {
  const text = typed.trim();
  if (!text.startsWith('/')) {
    return text ? { kind: 'words', text } : { kind: 'nothing' };
  }
  const [command, model, ...more] = text.split(/\s+/);
  if (command === '/use' && model && !more.length) {
    return { kind: 'use', model };
  }
  if (command === '/models' || command === '/quit') {
    return { kind: command === '/quit' ? 'quit' : 'models' };
  }
  return { kind: 'unknown' };
}
