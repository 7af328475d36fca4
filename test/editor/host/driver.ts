// The hands of a test: clicks and keystrokes in the browser that shows the workbench.
// They are there in the npm-built editor only; a desktop run has none, and tests that need them skip themselves.

export interface TreeRow {
  text: string;
  label: string;
  level: number;
  expanded: string | null;
}

export interface Focus {
  tag: string;
  label: string;
  part: string;
  terminal: boolean;
}

async function call<T>(action: string, ...args: unknown[]): Promise<T> {
  const url = process.env.TEST_DRIVER_URL;
  if (!url) throw new Error('there is no browser to act in: call needsDriver(this) first');
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ action, args }) });
  const { value, error } = (await response.json()) as { value?: T; error?: string };
  if (error !== undefined) throw new Error(`${action}(${args.map((arg) => JSON.stringify(arg)).join(', ')}): ${error}`);
  return value as T;
}

export const driver = {
  /** By its label in the palette, e.g. "Exec Server: Kill All". */
  runCommand: (label: string) => call<null>('runCommand', label),
  /** A view container, by its title in the activity bar. */
  openView: (title: string) => call<null>('openView', title),
  /** Accessible name in the activity bar, badge included. */
  viewBadge: (title: string) => call<string>('viewBadge', title),
  /** All that the side bar says, welcome text included. */
  viewText: () => call<string>('viewText'),
  treeRows: () => call<TreeRow[]>('treeRows'),
  clickRow: (text: string) => call<null>('clickRow', text),
  inlineActions: (rowText: string) => call<string[]>('inlineActions', rowText),
  clickInline: (rowText: string, actionTitle: string) => call<null>('clickInline', rowText, actionTitle),
  statusBarText: () => call<string[]>('statusBarText'),
  clickStatusBar: (text: string) => call<null>('clickStatusBar', text),
  /** Chooses a row of the list that is open. */
  quickPick: (label: string) => call<null>('clickQuickPick', label),
  quickPickRows: () => call<string[]>('quickPickRows'),
  clickDialog: (label: string) => call<null>('clickDialog', label),
  notifications: () => call<string[]>('notifications'),
  /** The buffer of the terminal that is shown. */
  terminalText: () => call<string>('terminalText'),
  terminalTabs: () => call<string[]>('terminalTabs'),
  typeInTerminal: (text: string, options?: { enter?: boolean }) => call<null>('typeInTerminal', text, options ?? {}),
  /** E.g. "Control+c". */
  pressKey: (key: string) => call<null>('pressKey', key),
  activeElement: () => call<Focus>('activeElement'),
  /** Writes a picture into the run's artifacts and returns its path. */
  screenshot: (name: string) => call<string>('screenshot', name),
};

/** First line of a test (or beforeEach) that clicks or types: `needsDriver(this)`. */
export function needsDriver(context: Mocha.Context): void {
  if (!process.env.TEST_DRIVER_URL) skip(context, 'needs the browser that the npm-built editor runs in');
}

/** Skips with a reason that the report shows. */
export function skip(context: Mocha.Context, reason: string): never {
  const test = context.currentTest ?? context.test;
  if (test) skipReasons.set(test, reason);
  return context.skip();
}

export const skipReasons = new WeakMap<Mocha.Runnable, string>();

/** Looks again until `look` gives something, and says what it saw last if it never does. */
export async function eventually<T>(look: () => Promise<T | undefined | false> | T | undefined | false, what: string, timeoutMs = 10_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + timeoutMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      const found = await look();
      if (found) return found;
      last = found;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}${last instanceof Error ? ` (${last.message})` : ''}`);
}
