import { z } from 'zod';

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  DATABASE_PATH: z.string().default('starter-name.db'),
});

/** What may differ from one deployment to the next. Throws with the names of what is malformed. */
export function settings(variables: NodeJS.ProcessEnv) {
  const { HOST, PORT, DATABASE_PATH } = environment.parse(variables);
  return { host: HOST, port: PORT, databasePath: DATABASE_PATH };
}
