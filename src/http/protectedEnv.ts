/** Credentials of the executor itself. No client may have them sent anywhere; the reference's list. */
const PROTECTED = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_CLIENT_SECRET',
  'AZURE_FEDERATED_TOKEN_FILE',
  'CODEX_ACCESS_TOKEN',
  'CODEX_API_KEY',
  'CODEX_CONNECTORS_TOKEN',
  'CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'OPENAI_API_KEY',
  'OPENAI_FEDERATION_RULE_ID',
  'OPENAI_IDENTITY_TOKEN_FILE',
  'OPENAI_WORKLOAD_IDENTITY_CONTEXT',
]);

/** Whether a variable is one of those, in any case of its letters. */
export function isProtected(name: string): boolean {
  return PROTECTED.has(name.toUpperCase());
}
