/** Cases that hold for root and for an ordinary user, each with a server of that user. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { both, ours, type Case } from './cases.js';
import { NOBODY, Workspace } from './sandboxPayload.js';
import { command, kind, shared, type Way } from './target.js';

type User = 'root' | 'an ordinary user';
const USERS: readonly User[] = ['root', 'an ordinary user'];
const BECOME = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** What a case has: a workspace of its own on a server of the user, and where that user is at home. */
export interface AsUser {
  readonly t: Case;
  readonly w: Workspace;
  readonly user: User;
  readonly home: string;
}

type Body = (as: AsUser) => Promise<void>;

/** A statement that holds on the reference and on ours, for both users. */
export function bothUsers(title: string, body: Body): void {
  for (const user of USERS) both(titleFor(title, user), async (t) => body(await asUser(t, user)));
}

/** A statement about ours alone, for both users; `why` says what the reference does. */
export function oursUsers(title: string, body: Body, why: string): void {
  for (const user of USERS) ours(titleFor(title, user), async (t) => body(await asUser(t, user)), why);
}

const titleFor = (title: string, user: User): string => `${title}, as ${user}`;

async function asUser(t: Case, user: User): Promise<AsUser> {
  if (process.platform !== 'linux') t.skip('for Linux');
  if (user === 'root') return { t, user, home: homedir(), w: await Workspace.make(t, await t.session()) };
  t.needsLocal();
  if (process.getuid?.() !== 0) t.skip('needs root to become another user');
  const ordinary = await (found ??= findOrdinary());
  if (typeof ordinary === 'string') t.skip(ordinary);
  const session = await t.session(await shared([], t.product, ordinary));
  return { t, user, home: ordinary.home, w: await Workspace.make(t, session, NOBODY) };
}

let found: Promise<(Way & { readonly home: string }) | string> | undefined;

/** How a server is started by that user, or why it is not. */
async function findOrdinary(): Promise<(Way & { readonly home: string }) | string> {
  // Not in the temporary folder, where the reference makes no helpers, and without them it has no sandbox.
  const folder = mkdtempSync('/var/tmp/wire-user-');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o711);
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, NOBODY, NOBODY);
  const names = ['HOME', 'CODEX_HOME', 'XDG_RUNTIME_DIR', 'XDG_STATE_HOME'];
  const wrap = [...BECOME, 'env', ...names.map((name) => `${name}=${home}`)];
  const [program = '', ...first] = await command('exec-server');
  const there = kind === 'reference' ? readable(program, folder) : program;
  const asked = kind === 'reference' ? [there] : [there, ...first];
  try {
    execFileSync(wrap[0] ?? '', [...wrap.slice(1), ...asked, '--version'], { stdio: 'pipe' });
    return { wrap, program: there, home };
  } catch (error) {
    const { message } = error as Error;
    return `another user cannot run it: ${message.trim().split('\n').at(-1) ?? ''}`;
  }
}

/** The program, and what lies beside it, where others than root may go. */
function readable(program: string, folder: string): string {
  const near = dirname(program);
  const [from, to] = [dirname(near), join(folder, 'codex')];
  if (!existsSync(join(from, 'codex-resources'))) return program;
  try {
    execFileSync('cp', ['-rl', from, to], { stdio: 'pipe' });
  } catch {
    // On another disk.
    cpSync(from, to, { recursive: true });
  }
  return join(to, program.slice(from.length));
}
