import { answeredBy, BrokenAnswer, type OpenAI } from '@quantumlayer/sdk';

/** Who gave an answer. */
export interface Source {
  readonly model: string;
  readonly endpoint: string;
}

/** Everything that was said, whichever model said it. */
export class Conversation {
  readonly #said: OpenAI.ChatCompletionMessageParam[] = [];

  /** @param model Who answers; it may change between two turns. */
  constructor(
    readonly client: OpenAI,
    public model: string,
  ) {}

  /**
   * Asks, gives the words of the answer to `write` as they come, and says who answered.
   *
   * Where nobody answers, the question is taken back. Where an answer breaks off, or `signal` ends
   * it, what came stands, so that the next turn can go on from it; BrokenAnswer is thrown then.
   */
  async ask(
    question: string,
    write: (words: string) => void,
    signal: AbortSignal,
  ): Promise<Source> {
    const { model } = this;
    const messages = [...this.#said, { role: 'user' as const, content: question }];
    const asking = this.client.chat.completions.create(
      { model, messages, stream: true },
      { signal },
    );
    const { data, response } = await asking.withResponse();
    this.#said.push({ role: 'user', content: question });
    let answer = '';
    try {
      for await (const { choices } of data) {
        const words = choices[0]?.delta.content ?? '';
        answer += words;
        write(words);
      }
    } catch (error) {
      answer = error instanceof BrokenAnswer ? error.received : answer;
      throw error;
    } finally {
      this.#said.push({ role: 'assistant', content: answer });
    }
    return { model, endpoint: answeredBy(response).endpoint ?? 'nobody' };
  }
}
