import { writeFile } from 'node:fs/promises';
import { createClient } from '@libsql/client';
import { createApplication } from './application.js';

// `node contract.js PATH` writes the contract, from which the page's client gets its types.
const application = createApplication(createClient({ url: ':memory:' }));
const answer = await application.request('/openapi.json');
await writeFile(process.argv[2] ?? 'openapi.json', await answer.text());
