import { describe, expect, it } from 'vitest';
import { readerOf } from '../../src/meanings.js';

const none = { begun: false, text: '', ended: false };

function meaning(path: string, value: object | string) {
  return readerOf(path)?.(typeof value === 'string' ? value : JSON.stringify(value));
}

function chat(delta: object, finish_reason: string | null = null) {
  return meaning('/chat/completions', { choices: [{ index: 0, delta, finish_reason }] });
}

describe('a chat completion', () => {
  it('has not begun with its role, nor with nothing said', () => {
    expect(chat({ role: 'assistant', content: '' })).toEqual(none);
    expect(chat({ role: 'assistant', content: null, tool_calls: [] })).toEqual(none);
  });

  it('begins with words, thoughts or a call of a tool', () => {
    expect(chat({ content: 'Hi' })).toEqual({ ...none, begun: true, text: 'Hi' });
    expect(chat({ reasoning_content: 'Hm' })).toEqual({ ...none, begun: true });
    expect(chat({ tool_calls: [{ index: 0 }] })).toEqual({ ...none, begun: true });
  });

  it('is complete with its reason, or with the end of the stream', () => {
    expect(chat({}, 'stop')).toEqual({ ...none, begun: true, ended: true });
    expect(meaning('/chat/completions', '[DONE]')).toEqual({ ...none, ended: true });
  });

  it.each([
    [{ type: 'server_error', code: null }, 'server_error'],
    [{ type: 'overloaded_error', code: null }, 'rate_limited'],
    [{ message: 'x', code: 503 }, 'server_error'],
    [{ message: 'x', code: 429 }, 'rate_limited'],
    [{ type: 'invalid_request_error', code: 'context_length_exceeded' }, undefined],
    [{ type: 'insufficient_quota', code: 'insufficient_quota' }, undefined],
    [{ message: 'x', code: 400 }, undefined],
  ])('with the error %j is the failure %s', (error, kind) => {
    expect(meaning('/chat/completions', { error })?.error?.kind).toBe(kind);
  });
});

describe('a response', () => {
  it('has not begun before its first content', () => {
    expect(meaning('/responses', { type: 'response.created', response: {} })).toEqual(none);
    expect(meaning('/responses', { type: 'response.output_item.added' })).toEqual(none);
  });

  it('begins with words and is complete when it says so', () => {
    const delta = { type: 'response.output_text.delta', delta: 'Hi' };
    expect(meaning('/responses', delta)).toEqual({ ...none, begun: true, text: 'Hi' });
    const completed = { type: 'response.completed', response: { error: null } };
    expect(meaning('/responses', completed)).toEqual({ ...none, begun: true, ended: true });
  });

  it('that failed is a failure where another endpoint may do better, and else an answer', () => {
    const failed = (code: string) =>
      meaning('/responses', { type: 'response.failed', response: { error: { code } } });
    expect(failed('server_error')?.error?.kind).toBe('server_error');
    expect(failed('invalid_prompt')).toEqual({ ...none, begun: true, ended: true });
  });

  it('may be an error event', () => {
    const error = { type: 'error', code: 'rate_limit_exceeded', message: 'later' };
    expect(meaning('/responses', error)?.error).toEqual({ kind: 'rate_limited', message: 'later' });
  });
});

it('what is no JSON says nothing, and other forms are not read', () => {
  expect(meaning('/chat/completions', '{"choices": [')).toEqual(none);
  expect(meaning('/completions', { choices: [{ text: 'Hi' }] })).toMatchObject({ text: 'Hi' });
  expect(readerOf('/images/generations')).toBeUndefined();
});
