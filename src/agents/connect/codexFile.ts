const MARK = '# Written by Exec Server (Connect Agents); Disconnect Agent removes this file.';

/** A whole `environments.toml`. `include_local = false`: else a missing window makes Codex run commands elsewhere without a word. */
export function environmentsToml(program: string): string {
  return [
    MARK,
    'default = "editor"',
    'include_local = false',
    '',
    '[[environments]]',
    'id = "editor"',
    // A string of JSON is one of TOML.
    `program = ${JSON.stringify(program)}`,
    'args = ["connect"]',
    '',
  ].join('\n');
}

/** Whether an earlier Connect has written it. */
export function isOurToml(text: string): boolean {
  return text.startsWith(MARK);
}
