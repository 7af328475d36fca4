import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import type { Readable } from 'node:stream';
import { dial, discoveryFolder, liveRecords, type WindowRecord } from '../../agents/discovery';
import { LISTENING, type KeepOptions } from '../settings';
import { KeptLink } from './keptLink';

/** How long another window's server may take until it listens, in ms. */
const APPEAR_MS = 10_000;

/** How a kept server is started. */
export interface StartKept {
  readonly options: KeepOptions;
  /** The command line's bundle. */
  readonly program: string;
  readonly version: string;
}

/** The server that is kept for a workspace, if one is there. */
export function findKept(
  workspace: string,
  windows: string = discoveryFolder().windows,
): WindowRecord | undefined {
  return liveRecords(windows).find(({ kept }) => kept?.workspace === workspace);
}

/** Finds the server that is kept for a workspace, or starts it. Rejects with a sentence. */
export async function findOrStartKept(start: StartKept): Promise<WindowRecord> {
  const { workspace } = start.options;
  const found = findKept(workspace) ?? (await startKept(start));
  const { version = '' } = found.kept ?? {};
  if (version === start.version) return found;
  throw new Error(
    `Version ${version} of Exec Server keeps commands of this workspace running, and this is version ${start.version}. ` +
      '"Exec Server: End Everything" ends them; then start the server.',
  );
}

/** Ends the server that is kept for a workspace, of whichever version, and all that it runs; nothing if there is none. */
export async function endKept(workspace: string): Promise<void> {
  const found = findKept(workspace);
  if (!found) return;
  const socket = await dial(found, 'person');
  const over = once(socket, 'close');
  const link = new KeptLink(socket, { message: () => undefined, closed: () => undefined });
  await link.ask({ verb: 'endEverything' }).catch(() => undefined);
  await over;
}

/** In a process of its own, that neither a signal to this one nor its end meets. Resolves when it listens. */
async function startKept({ options, program }: StartKept): Promise<WindowRecord> {
  const child = spawn(process.execPath, [program, 'keep'], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    // The editor's own program is only a Node here.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  child.stdin.on('error', () => undefined);
  // Not in its arguments: a proxy's password may be among them.
  child.stdin.end(JSON.stringify(options));
  const said = await Promise.race([saidBy(child.stdout), failed]);
  child.stdout.destroy();
  child.unref();
  const found = said === '' ? await appearing(options.workspace) : undefined;
  if (found) return found;
  throw new Error(said || 'The server that keeps commands running ended as soon as it was started.');
}

/** Another window may have been quicker, and its server not be ready yet. */
function appearing(workspace: string): Promise<WindowRecord | undefined> {
  const { windows } = discoveryFolder();
  return new Promise((resolve) => {
    let watcher: FSWatcher | undefined;
    const done = (found: WindowRecord | undefined): void => {
      watcher?.close();
      clearTimeout(timer);
      resolve(found);
    };
    const look = (): void => {
      const found = findKept(workspace);
      if (found) done(found);
    };
    const timer = setTimeout(() => done(findKept(workspace)), APPEAR_MS);
    try {
      watcher = watch(windows, look).on('error', () => undefined);
    } catch {
      // Out of watches: it is looked for once more at the end.
    }
    look();
  });
}

/** What it says until it listens; nothing if it does. */
async function saidBy(stdout: Readable): Promise<string> {
  let said = '';
  for await (const chunk of stdout) {
    said += String(chunk);
    if (said === `${LISTENING}\n`) return '';
  }
  return said.trim();
}
