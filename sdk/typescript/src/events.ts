/** One server-sent event. */
export interface ServerEvent {
  /** Its `data`; empty for a comment. */
  readonly data: string;
  /** As it came, with the blank line that ends it. */
  readonly raw: string;
}

const boundary = /\r\n\r\n|\n\n|\r\r/g;

/** The events of a body, each when it is complete (WHATWG HTML, section 9.2). */
export async function* serverEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerEvent, void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let waiting = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // What was searched already has no end of an event, save its last signs.
      boundary.lastIndex = Math.max(0, waiting.length - 3);
      waiting += decoder.decode(value, { stream: !done });
      let begin = 0;
      for (const found of waiting.matchAll(boundary)) {
        const end = found.index + found[0].length;
        yield eventOf(waiting.slice(begin, end));
        begin = end;
      }
      waiting = waiting.slice(begin);
      if (done) {
        break;
      }
    }
    if (waiting.trim()) {
      yield eventOf(`${waiting}\n\n`);
    }
  } finally {
    // Nothing is left to cancel where the body has ended, and nobody asks for its error again.
    reader.cancel().catch(() => undefined);
  }
}

function eventOf(raw: string): ServerEvent {
  const data = [...raw.matchAll(/^data:(?: ?)(.*)$/gm)].map(([, value = '']) => value);
  return { raw, data: data.join('\n').trimEnd() };
}
