import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Client, createClient } from '@libsql/client';
import { migrations } from './migrations.js';

/** The database in a file, or in memory under `:memory:`, with its schema brought up to date. */
export async function openDatabase(path: string): Promise<Client> {
  if (path !== ':memory:') {
    await mkdir(dirname(path), { recursive: true });
  }
  const database = createClient({ url: path === ':memory:' ? path : `file:${path}` });
  await database.execute('PRAGMA journal_mode = WAL');
  await migrate(database);
  return database;
}

/** Run each migration that has not run yet, all of them or none. */
export async function migrate(database: Client): Promise<void> {
  const transaction = await database.transaction('write');
  try {
    const version = await transaction.execute('PRAGMA user_version');
    for (const statement of migrations.slice(Number(version.rows[0]?.user_version))) {
      await transaction.execute(statement);
    }
    await transaction.execute(`PRAGMA user_version = ${migrations.length}`);
    await transaction.commit();
  } finally {
    transaction.close();
  }
}
