import createClient from 'openapi-fetch';
import type { components, paths } from './contract';

export type Schemas = components['schemas'];
export type Api = ReturnType<typeof createApi>;

/** The typed client of what stands in the contract; `npm run contract` makes its types. */
export function createApi(baseUrl: string, fetch?: (request: Request) => Promise<Response>) {
  return createClient<paths>(fetch ? { baseUrl, fetch } : { baseUrl });
}
