// The hands of a test: clicks and keystrokes in the browser that shows the workbench.
// They are there in the npm-built editor only; a desktop run has none, and tests that need them skip themselves.
import { STEP_MS } from '../../../scripts/host/patience.mjs';

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
  if (error !== undefined)
    throw new Error(`${action}(${args.map((arg) => JSON.stringify(arg)).join(', ')}): ${error}`);
  return value as T;
}

export const driver = {
  /** By its label in the palette, e.g. "Exec Server: Kill All". */
  runCommand: (label: string): Promise<null> => call('runCommand', label),
  /** A view container, by its title in the activity bar. */
  openView: (title: string): Promise<null> => call('openView', title),
  /** Accessible name in the activity bar, badge included. */
  viewBadge: (title: string): Promise<string> => call('viewBadge', title),
  /** All that the side bar says, or one view in it, welcome text included. */
  viewText: (view?: string): Promise<string> => call('viewText', ...(view === undefined ? [] : [view])),
  /** The rows that are drawn now; without a view those of all views, of which one may be behind the others. */
  treeRows: (view?: string): Promise<TreeRow[]> => call('treeRows', ...(view === undefined ? [] : [view])),
  clickRow: (text: string): Promise<null> => call('clickRow', text),
  /** A click as a person makes it, with the button down for a moment. */
  pressRow: (text: string, key?: string): Promise<null> =>
    call('pressRow', text, ...(key === undefined ? [] : [key])),
  /** Presses the rows with this text until each shows what is below it; `comes` waits for one that is not there yet. */
  unfoldRow: (text: string, comes: boolean): Promise<null> => call('unfoldRow', text, comes),
  doubleClickRow: (text: string): Promise<null> => call('doubleClickRow', text),
  /** The text of each row that looks selected. */
  selectedRows: (): Promise<string[]> => call('selectedRows'),
  /** What the mouse over a row brings up. */
  rowTooltip: (text: string): Promise<string> => call('rowTooltip', text),
  /** What `rowTooltip` has brought up, empty if it is gone. */
  shownTooltip: (): Promise<string> => call('shownTooltip'),
  /** The colour of a row's label, and the one for what is out of reach. */
  rowColors: (text: string): Promise<{ label: string; disabled: string }> => call('rowColors', text),
  inlineActions: (rowText: string): Promise<string[]> => call('inlineActions', rowText),
  clickInline: (rowText: string, actionTitle: string): Promise<null> =>
    call('clickInline', rowText, actionTitle),
  statusBarText: (): Promise<string[]> => call('statusBarText'),
  clickStatusBar: (text: string): Promise<null> => call('clickStatusBar', text),
  /** Chooses a row of the list that is open. */
  quickPick: (label: string): Promise<null> => call('clickQuickPick', label),
  quickPickRows: (): Promise<string[]> => call('quickPickRows'),
  /** Unfolds a view of the side bar; rows of one view are "View > text" wherever a row is named. */
  openPane: (title: string): Promise<null> => call('openPane', title),
  /** Types into the box that asks, and Enter. */
  answer: (text: string): Promise<null> => call('fillQuickInput', text),
  /** Title, question and complaint of the box that asks; empty if none does. */
  question: (): Promise<string> => call('quickInputText'),
  /** A button in the title of a view of the side bar. */
  clickViewAction: (title: string, label: string): Promise<null> => call('clickViewAction', title, label),
  /** In an editor, by its label. */
  clickButton: (label: string): Promise<null> => call('clickButton', label),
  /** All that a modal dialog says. */
  dialogText: (): Promise<string> => call('dialogText'),
  clickDialog: (label: string): Promise<null> => call('clickDialog', label),
  /** All that the bell keeps. */
  notifications: (): Promise<string[]> => call('notifications'),
  /** What is more than text: links, pictures, icons, emphasis. */
  liveInNotifications: (): Promise<string[]> => call('liveInNotifications'),
  liveInQuickPick: (): Promise<string[]> => call('liveInQuickPick'),
  liveInQuestion: (): Promise<string[]> => call('liveInQuestion'),
  liveInRows: (): Promise<string[]> => call('liveInRows'),
  liveInTooltip: (): Promise<string[]> => call('liveInTooltip'),
  /** What the mouse over the tab of a terminal brings up, when there are several. */
  tabTooltip: (text: string): Promise<string> => call('tabTooltip', text),
  /** A button of what the bell keeps, once that is open. */
  clickNotification: (label: string): Promise<null> => call('clickNotification', label),
  /** The buffer of the terminal that is shown. */
  terminalText: (): Promise<string> => call('terminalText'),
  terminalTabs: (): Promise<string[]> => call('terminalTabs'),
  typeInTerminal: (text: string, options?: { enter?: boolean }): Promise<null> =>
    call('typeInTerminal', text, options ?? {}),
  /** E.g. "Control+c". */
  pressKey: (key: string): Promise<null> => call('pressKey', key),
  activeElement: (): Promise<Focus> => call('activeElement'),
  /** Writes a picture into the run's artifacts and returns its path. */
  screenshot: (name: string): Promise<string> => call('screenshot', name),
};

/** Whether a browser shows the workbench. */
export const hasDriver = (): boolean => Boolean(process.env.TEST_DRIVER_URL);

/** First line of a test (or beforeEach) that clicks or types: `needsDriver(this)`. */
export function needsDriver(context: Mocha.Context): void {
  if (!hasDriver()) skip(context, 'needs the browser that the npm-built editor runs in');
}

/** Skips with a reason that the report shows. */
export function skip(context: Mocha.Context, reason: string): never {
  const test = context.currentTest ?? context.test;
  if (test) skipReasons.set(test, reason);
  return context.skip();
}

export const skipReasons = new WeakMap<Mocha.Runnable, string>();

/** Looks again until `look` gives something, and says what it saw last if it never does. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
  timeoutMs = STEP_MS,
): Promise<T> {
  let last: unknown;
  for (
    const end = Date.now() + timeoutMs;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 50))
  ) {
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
