import type OpenAI from 'openai';
import { createClient, type Fallback, type Options } from '../../src/index.js';

/** A client, and the fallbacks that it told of as `from: kind > next`. */
export function clientOf(options: Options): { client: OpenAI; told: string[] } {
  const told: string[] = [];
  const onFallback = ({ failure, next }: Fallback) => {
    told.push(`${failure.endpoint}: ${failure.kind} > ${next}`);
  };
  return { client: createClient({ onFallback, ...options }), told };
}

/** What is asked in every test. */
export function question(model: string) {
  return { model, messages: [{ role: 'user' as const, content: 'Hello' }] };
}

/** The answer in one piece, and who gave it. */
export async function whole(client: OpenAI, model: string, headers: Record<string, string> = {}) {
  const asked = client.chat.completions.create(question(model), { headers });
  const { data, response } = await asked.withResponse();
  return { text: data.choices[0]?.message.content, response };
}

/** The words of a streamed answer, each as it comes. */
export async function* words(client: OpenAI, model: string, signal?: AbortSignal) {
  const asked = { ...question(model), stream: true } as const;
  const stream = await client.chat.completions.create(asked, signal ? { signal } : {});
  for await (const chunk of stream) {
    yield chunk.choices[0]?.delta.content ?? '';
  }
}

/** All words of a streamed answer. */
export async function streamed(client: OpenAI, model: string): Promise<string> {
  let text = '';
  for await (const word of words(client, model)) {
    text += word;
  }
  return text;
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expectedRejection(),
    (error: unknown) => error,
  );
}

function expectedRejection(): never {
  throw new Error('it was not rejected');
}
