import { type FailureKind, kindOfError } from './failures.js';
import { isObject, type JsonObject, objectOf } from './json.js';

/** What one event of a streamed answer says. */
export interface Meaning {
  /** Whether the answer has begun with it: before that, nothing would be lost by asking another. */
  readonly begun: boolean;
  /** Words of the answer. */
  readonly text: string;
  /** Whether the answer is complete with it. */
  readonly ended: boolean;
  readonly error?: StreamedError;
}

/** An error that came as an event; without a `kind` it is the caller's own. */
export interface StreamedError {
  readonly kind: FailureKind | undefined;
  readonly message: string;
}

/** Reads the data of an event. */
export type Reader = (data: string) => Meaning;

const nothing: Meaning = { begun: false, text: '', ended: false };

// Events of the Responses API that come before any content.
const preludes = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
]);

/** How the answers of a path are read; undefined for forms whose beginning and end are not known. */
export function readerOf(path: string): Reader | undefined {
  const place = path.replace(/\?.*$/, '');
  return place === '/responses'
    ? reading(ofResponses)
    : /^\/(chat\/)?completions$/.test(place)
      ? reading(ofCompletions)
      : undefined;
}

function reading(meaning: (value: JsonObject) => Meaning): Reader {
  return (data) => {
    if (data.startsWith('[DONE]')) {
      return { ...nothing, ended: true };
    }
    const value = objectOf(data);
    return value ? meaning(value) : nothing;
  };
}

function ofCompletions(value: JsonObject): Meaning {
  const error = errorOf(value.error);
  if (error) {
    return { ...nothing, error };
  }
  const choices = Array.isArray(value.choices) ? value.choices.filter(isObject) : [];
  const ended = choices.some((choice) => Boolean(choice.finish_reason));
  const text = choices.map(({ delta, text: plain }) =>
    isObject(delta) ? words(delta.content) : words(plain),
  );
  return { begun: ended || choices.some(hasContent), text: text.join(''), ended };
}

function hasContent({ delta, text }: JsonObject): boolean {
  const parts = isObject(delta) ? Object.entries(delta) : [['text', text]];
  return parts.some(([name, value]) => name !== 'role' && !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && !value.length);
}

function ofResponses(value: JsonObject): Meaning {
  const type = words(value.type);
  const error = type === 'error' ? errorOf(value) : failureOf(value.response);
  if (error) {
    return { ...nothing, error };
  }
  return {
    begun: type.startsWith('response.') && !preludes.has(type),
    text: type === 'response.output_text.delta' ? words(value.delta) : '',
    ended: /^response\.(completed|incomplete|failed)$/.test(type),
  };
}

/** Why a response failed, where another endpoint may do better. */
function failureOf(response: unknown): StreamedError | undefined {
  const error = isObject(response) ? errorOf(response.error) : undefined;
  return error?.kind && error;
}

/** An error as OpenAI's protocol writes it; undefined where the value is none. */
export function errorOf(value: unknown): StreamedError | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  const code = typeof value.code === 'number' ? value.code : words(value.code);
  return {
    kind: kindOfError(words(value.type), code),
    message: words(value.message) || 'an error without words',
  };
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
