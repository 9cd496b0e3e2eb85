export { OpenAI } from 'openai';
export { type Answered, answeredBy } from './answered.js';
export { createClient, type OpenAIOptions, type Options, purpose } from './client.js';
export { BrokenAnswer, NoEndpointAnswered } from './errors.js';
export type { Failure, FailureKind } from './failures.js';
export type { EndpointOptions, Fallback, FallbackOptions, Limits } from './options.js';
