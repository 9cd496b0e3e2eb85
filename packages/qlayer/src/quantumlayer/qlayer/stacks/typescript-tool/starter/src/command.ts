import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { countWords } from './counting.js';

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Something that the user can change: it is told without a trace. */
class Failure extends Error {}

/** Run the command with its arguments; the exit status. */
export async function run(words: readonly string[], streams: Streams): Promise<number> {
  try {
    await program(streams).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof Failure) {
      streams.stderr.write(`error: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

function program({ stdin, stdout, stderr }: Streams): Command {
  const main = new Command('starter-name')
    .description('Tell about texts.')
    .version('1.0.0')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
  main
    .command('count')
    .description('list the most frequent words of a text with how often each stands there')
    .argument('<file>', 'a file in UTF-8, or - for standard input')
    .option('--most <number>', 'how many words to list', positive, 10)
    .action(async (file: string, { most }: { most: number }) => {
      const counted = await countWords(file === '-' ? stdin : await opened(file));
      for (const [word, times] of counted.slice(0, most)) {
        stdout.write(`${times}\t${word}\n`);
      }
    });
  return main;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError('It has to be a whole number from 1 on.');
  }
  return number;
}

async function opened(path: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch {
    throw new Failure(`${path} cannot be read.`);
  }
}
