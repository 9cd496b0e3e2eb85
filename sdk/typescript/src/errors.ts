import { OpenAIError } from 'openai';
import type { Failure } from './failures.js';

/**
 * No endpoint gave any answer. It is the `cause` of the `APIConnectionError` that OpenAI's client
 * throws then.
 */
export class NoEndpointAnswered extends OpenAIError {
  override readonly name = 'NoEndpointAnswered';

  /** @param failures What happened, in order. */
  constructor(readonly failures: readonly Failure[]) {
    const each = failures.map(({ endpoint, message }) => `${endpoint}: ${message}`);
    super(`no endpoint answered (${each.join('; ')})`);
  }
}

/**
 * A streamed answer broke off after it had begun. Nobody else is asked then: another answer would
 * not go on where this one ended. A gateway goes on by itself, with the next of its providers.
 */
export class BrokenAnswer extends OpenAIError {
  override readonly name = 'BrokenAnswer';

  /**
   * @param endpoint Who was answering.
   * @param received The words of the answer that came.
   * @param reason Why no more came.
   */
  constructor(
    readonly endpoint: string,
    readonly received: string,
    readonly reason: string,
  ) {
    super(`${endpoint} broke off after ${received.length} characters: ${reason}`);
  }
}
