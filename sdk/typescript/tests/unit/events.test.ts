import { expect, it } from 'vitest';
import { serverEvents } from '../../src/events.js';

const text =
  ': ping\n\nevent: a\ndata: {"é": 1}\n\ndata: one\r\ndata: two\r\n\r\ndata:three\r\rdata: [DONE]';
const expected = ['', '{"é": 1}', 'one\ntwo', 'three', '[DONE]'];

async function heard(pieces: Uint8Array[]) {
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      return piece ? controller.enqueue(piece) : controller.close();
    },
  });
  const events = [];
  for await (const event of serverEvents(body)) {
    events.push(event);
  }
  return events;
}

it.each([1, 2, 3, 7, 1000])(
  'events are whole however their bytes come, %d at once',
  async (size) => {
    const bytes = new TextEncoder().encode(text);
    const count = Math.ceil(bytes.length / size);
    const pieces = Array.from({ length: count }, (_, place) =>
      bytes.slice(place * size, (place + 1) * size),
    );
    const events = await heard(pieces);
    expect(events.map(({ data }) => data)).toEqual(expected);
    expect(events.map(({ raw }) => raw).join('')).toBe(`${text}\n\n`);
  },
);

it('the body is let go when nobody listens any longer', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const _ of serverEvents(body)) {
    break;
  }
  expect(cancelled).toBe(true);
});
