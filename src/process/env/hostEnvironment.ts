/**
 * Families of names that the editor sets for its own processes. A child that sees them misbehaves:
 * with ELECTRON_RUN_AS_NODE another Electron program starts as plain Node, with VSCODE_* a nested `code`
 * talks to the wrong window, with SNAP* and GDK_PIXBUF_* of a snap-packed editor programs load its
 * libraries. The first four families are those the editor itself removes for its terminals.
 */
const EDITOR_PREFIXES = ['ELECTRON_', 'VSCODE_', 'SNAP_', 'GDK_PIXBUF_', 'GIO_LAUNCHED_DESKTOP_FILE'];

/** Single names that the editor or its runtime sets. */
const EDITOR_NAMES: ReadonlySet<string> = new Set([
  'SNAP',
  // Chromium's: the desktop file of the editor, and what the desktop was called before it said otherwise.
  'CHROME_DESKTOP',
  'ORIGINAL_XDG_CURRENT_DESKTOP',
  // Electron's, on macOS: turns an allocator off.
  'MALLOCNANOZONE',
  // The extension host's: its entry point and logging in older versions, and a switch for telemetry.
  'AMD_ENTRYPOINT',
  'PIPE_LOGGING',
  'VERBOSE_LOGGING',
  'APPLICATION_INSIGHTS_NO_DIAGNOSTIC_CHANNEL',
  'APPLICATIONINSIGHTS_CONFIGURATION_CONTENT',
]);

/** Helpers inside the editor's git extension: without its VSCODE_GIT_* variables they only fail. */
const ASKPASS_NAMES: ReadonlySet<string> = new Set(['GIT_ASKPASS', 'SSH_ASKPASS']);

/**
 * What a child may inherit from this process: everything but the variables that belong to the editor we
 * run in, or to the editor whose terminal started us.
 *
 * @param env the process's own environment
 */
export function hostEnvironment(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const inEditorTerminal = env['TERM_PROGRAM'] === 'vscode';
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || isEditors(name, value)) continue;
    // Our children do not run in that terminal.
    if (inEditorTerminal && (name === 'TERM_PROGRAM' || name === 'TERM_PROGRAM_VERSION')) continue;
    result[name] = value;
  }
  return result;
}

function isEditors(name: string, value: string): boolean {
  const upper = name.toUpperCase();
  if (EDITOR_NAMES.has(upper) || EDITOR_PREFIXES.some((prefix) => upper.startsWith(prefix))) return true;
  return ASKPASS_NAMES.has(upper) && /[\\/]extensions[\\/]git[\\/]/.test(value);
}
