import type { SecretStorage } from 'vscode';

/** The tokens of environments, in the editor's own store of secrets; never in settings, logs or the clipboard. */
export class Tokens {
  constructor(private readonly secrets: SecretStorage) {}

  get(id: string): Promise<string | undefined> {
    return Promise.resolve(this.secrets.get(keyOf(id)));
  }

  /** Without a token, or with an empty one, what was stored is forgotten. */
  async set(id: string, token: string | undefined): Promise<void> {
    await (token ? this.secrets.store(keyOf(id), token) : this.secrets.delete(keyOf(id)));
  }
}

function keyOf(id: string): string {
  return `execServer.environment.token:${id}`;
}
