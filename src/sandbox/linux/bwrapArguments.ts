import { dirname } from 'node:path/posix';
import { SandboxRefusal } from '../refusal';
import { pinsOf } from '../policy/pins';
import type { Link } from '../policy/resolvePath';
import type { Policy, PolicyEntry } from '../policy/policy';

export interface BwrapOptions {
  /** Canonical folder where the command starts. */
  readonly cwd: string;
  /** Without one, what is inside is a session and a process group of its own. */
  readonly hasTerminal: boolean;
  /** Number of the descriptor that the program of `seccompProgram` is read from. */
  readonly seccompFd: number;
  /** Those of `placeholdersOf` that could not be made, because their folder may not be written by this user either. */
  readonly unmade?: ReadonlySet<string>;
}

/**
 * Folders that bubblewrap needs to be there, empty, to block names that do not exist yet: made before the start, counted
 * over all running sandboxes, removed if still empty after the last one.
 */
export function placeholdersOf(policy: Policy): readonly string[] {
  return policy.entries.filter(({ kind }) => kind === 'missing').map(({ path }) => path);
}

/**
 * The arguments of bubblewrap 0.5 or newer, up to and with `--`; the command follows.
 *
 * @param policy without patterns: see `expandPatterns`
 * @throws SandboxRefusal if a link would have to be kept from being replaced, or nothing is to be seen of the `cwd`
 */
export function bwrapArguments(policy: Policy, options: BwrapOptions): readonly string[] {
  const { cwd, hasTerminal, seccompFd, unmade } = options;
  if (policy.patterns.length > 0) throw new TypeError('patterns have to be expanded');
  if (policy.accessOf(cwd) === 'deny')
    throw new SandboxRefusal(
      '',
      `the command may not see its own folder \`${cwd}\``,
      'Start it in another one.',
    );
  return [
    '--die-with-parent',
    ...(hasTerminal ? [] : ['--new-session']),
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', ...(policy.network ? [] : ['--unshare-net'])],
    ...new Mounts(policy, unmade ?? new Set()).all(),
    ...['--cap-drop', 'ALL', '--seccomp', `${seccompFd}`, '--chdir', cwd, '--'],
  ];
}

class Mounts {
  /** File systems of our own, read-only once all is in them. */
  private readonly own: string[] = [];
  private readonly bind: '--bind' | '--dev-bind';
  /** For each denied folder those in it on the way to what is open in it again, itself included. */
  private readonly waysIn: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names by which what is visible is known, where they themselves are not. */
  private readonly hiddenLinks: readonly Link[];

  constructor(
    private readonly policy: Policy,
    private readonly unmade: ReadonlySet<string>,
  ) {
    this.bind = policy.base === 'all-write' ? '--dev-bind' : '--bind';
    this.hiddenLinks = policy.links.filter(({ path }) => policy.accessOf(path) === 'deny');
    this.waysIn = waysIn(policy.entries, this.hiddenLinks);
  }

  all(): readonly string[] {
    const { policy } = this;
    const pins = pinsOf(policy).map((path) => ({ path, access: 'write', kind: 'folder' }) as const);
    // A parent is always shorter than what is in it.
    const entries = [...policy.entries, ...pins].sort((one, other) => one.path.length - other.path.length);
    const mounts = entries.filter(({ path }) => !/^\/proc(\/|$)/.test(path)).map((entry) => this.one(entry));
    const before = this.base();
    const after = [
      ...this.hiddenLinks.flatMap(({ path, target }) => ['--symlink', target, path]),
      ...this.own.toReversed().flatMap((path) => ['--remount-ro', path]),
    ];
    return [...before, ...mounts.flat(), ...after];
  }

  private base(): readonly string[] {
    const { base } = this.policy;
    if (base === 'all-write') return ['--dev-bind', '/', '/', '--proc', '/proc'];
    if (base === 'all-read') return ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];
    this.own.push('/');
    return ['--dev', '/dev', '--proc', '/proc'];
  }

  private one({ path, access, kind }: Pick<PolicyEntry, 'path' | 'access' | 'kind'>): readonly string[] {
    if (kind === 'link') throw replaceable(path);
    if (kind === 'missing') {
      if (this.unmade.has(path)) return [];
      return this.empty(path, access === 'deny' ? '0000' : '0555');
    }
    if (access === 'write') return [this.bind, path, path];
    if (access === 'read') return ['--ro-bind', path, path];
    // A device on a mount without devices cannot be opened by anybody.
    if (kind === 'file') return ['--ro-bind', '/dev/null', path];
    // From the outside in.
    const ways = [...(this.waysIn.get(path) ?? [])].sort((one, other) => one.length - other.length);
    return [
      ...this.empty(path, ways.length > 0 ? '0111' : '0000'),
      ...ways.filter((way) => way !== path).flatMap((way) => ['--perms', '0111', '--dir', way]),
    ];
  }

  private empty(path: string, mode: string): readonly string[] {
    this.own.push(path);
    return ['--perms', mode, '--tmpfs', path];
  }
}

/** Each entry and link is walked up from once, to the next entry above it: what is in an open one is that of the disk. */
function waysIn(
  entries: readonly PolicyEntry[],
  links: readonly Link[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const ways = new Map(entries.map(({ path }) => [path, new Set<string>()]));
  for (const { path } of [...entries, ...links]) {
    const between: string[] = [];
    let way = dirname(path);
    for (; way !== '/' && !ways.has(way); way = dirname(way)) between.push(way);
    const above = path === way ? undefined : ways.get(way);
    if (above) for (const folder of [way, ...between]) above.add(folder);
  }
  return ways;
}

function replaceable(path: string): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `\`${path}\` has to stay as it is, but it is a symbolic link in a folder that the command may write, and could be replaced`,
    'Put the real folder or file in the place of the link, or allow writing to exactly this path.',
  );
}
