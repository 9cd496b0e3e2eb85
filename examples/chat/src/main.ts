import { createInterface } from 'node:readline';
import { createClient } from '@quantumlayer/sdk';
import { help, lineOf } from './commands.js';
import { Conversation } from './conversation.js';
import { settingsOf } from './settings.js';

const { gateways, key, model } = settingsOf(process.env);
const say = (text: string) => process.stdout.write(text);
const client = createClient({
  gateways: gateways.map((baseURL) => ({ baseURL, apiKey: key })),
  onFallback: ({ failure, next }) =>
    say(`[${failure.endpoint}: ${failure.message}; asking ${next}]\n`),
});
const conversation = new Conversation(client, model);
const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'you> ' });

let answering: AbortController | undefined;
// Ctrl-C ends the answer that is coming, or else the chat.
lines.on('SIGINT', () => (answering ? answering.abort() : lines.close()));

async function answer(question: string): Promise<void> {
  answering = new AbortController();
  try {
    const source = await conversation.ask(question, say, answering.signal);
    say(`\n[${source.model}, by ${source.endpoint}]\n`);
  } finally {
    answering = undefined;
  }
}

async function models(): Promise<void> {
  const { data } = await client.models.list();
  say(`${data.map(({ id }) => id).join(', ')}\n`);
}

/** Does what a line says; true when the chat is over. */
async function done(typed: string): Promise<boolean> {
  const line = lineOf(typed);
  switch (line.kind) {
    case 'quit':
      return true;
    case 'use':
      conversation.model = line.model;
      return false;
    case 'models':
      await models();
      return false;
    case 'words':
      await answer(line.text);
      return false;
    case 'unknown':
      say(`There is ${help}; everything else is said to the model.\n`);
      return false;
    case 'nothing':
      return false;
  }
}

say(`${model} answers; ${help}.\n`);
lines.prompt();
for await (const typed of lines) {
  try {
    if (await done(typed)) {
      break;
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause ? `: ${error.cause}` : '';
    say(`\n[${error instanceof Error ? error.message : error}${cause}]\n`);
  }
  lines.prompt();
}
lines.close();
