/** What `inherit: "core"` keeps, compared in upper case. */
export const CORE_NAMES: ReadonlySet<string> = new Set([
  'PATH',
  'SHELL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOGNAME',
  'USER',
]);

/** What `core` keeps besides on Windows: without them most programs there do not even start. */
export const WINDOWS_CORE_NAMES: ReadonlySet<string> = new Set([
  'PATHEXT',
  'COMSPEC',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'USERNAME',
  'USERDOMAIN',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'PROGRAMDATA',
  'COMMONPROGRAMFILES',
  'COMMONPROGRAMFILES(X86)',
  'COMMONPROGRAMW6432',
  'LOCALAPPDATA',
  'APPDATA',
  'ALLUSERSPROFILE',
  'PUBLIC',
  'POWERSHELL',
  'PWSH',
]);

/** Inherited names that are dropped unless a policy sets `ignoreDefaultExcludes`. */
export const SECRET_PATTERNS: readonly string[] = ['*KEY*', '*SECRET*', '*TOKEN*'];

/** Names, in upper case, that never reach a child: credentials of the agent's own machinery. */
export const NEVER_PASSED_ON: ReadonlySet<string> = new Set([
  'CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN',
  'NODE_REPL_AUTH_TOKEN',
  'OPENAI_FEDERATION_RULE_ID',
  'OPENAI_IDENTITY_TOKEN_FILE',
  'OPENAI_WORKLOAD_IDENTITY_CONTEXT',
  'CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE',
]);
