import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { run } from '../../src/command.js';

async function ran(words: string[], input = '') {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const status = await run(words, { stdin: Readable.from([input]), stdout, stderr });
  stdout.end();
  stderr.end();
  return { status, stdout: await text(stdout), stderr: await text(stderr) };
}

it('lists the most frequent words first', async () => {
  expect(await ran(['count', '-', '--most', '1'], 'tea milk tea\n')).toEqual({
    status: 0,
    stdout: '2\ttea\n',
    stderr: '',
  });
});

it('says in a sentence what cannot be read', async () => {
  expect(await ran(['count', 'no-such-file'])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: no-such-file cannot be read.\n',
  });
});

it('has a status of its own for wrong usage', async () => {
  expect((await ran(['count', '-', '--most', '0'])).status).toBe(2);
  expect((await ran(['no-such-command'])).status).toBe(2);
  expect((await ran(['--help'])).status).toBe(0);
  expect((await ran(['--version'])).stdout).toBe('1.0.0\n');
});
