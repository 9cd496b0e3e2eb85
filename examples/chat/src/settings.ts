/** Whom the chat asks. */
export interface Settings {
  /** Base URLs of gateways, in the order in which they are asked. */
  readonly gateways: readonly string[];
  /** The gateways' key for this chat. */
  readonly key: string;
  /** The model that answers at first. */
  readonly model: string;
}

/** What the environment says, and otherwise what fits `gateway.yaml`. */
export function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const { CHAT_GATEWAYS, CHAT_KEY = 'chat', CHAT_MODEL = 'first' } = environment;
  const gateways = CHAT_GATEWAYS ?? 'http://127.0.0.1:8402/v1,http://127.0.0.1:8403/v1';
  return { gateways: gateways.split(','), key: CHAT_KEY, model: CHAT_MODEL };
}
