import { pinsOf } from '../policy/pins';
import type { Policy, PolicyEntry } from '../policy/policy';

export interface SeatbeltProfile {
  /** Text of the profile, for `-p`. It holds no path of the policy. */
  readonly profile: string;
  /** For `-D`, as `NAME=path`. */
  readonly parameters: readonly string[];
}

/** What each process needs to start, and to use the terminal and the pipes that it has. */
const ALWAYS = `(version 1)
(deny default)
(allow process-exec process-fork)
(allow signal process-info* (target same-sandbox))
(allow sysctl-read)
(allow user-preference-read)
(allow pseudo-tty ipc-posix-sem)
(allow ipc-posix-shm-read-data ipc-posix-shm-write-create ipc-posix-shm-write-unlink)
(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.notification_center") (global-name "com.apple.logd")
  (global-name "com.apple.cfprefsd.daemon") (global-name "com.apple.cfprefsd.agent"))
(allow file-read-metadata file-test-existence (literal "/"))`;

/** After the rules of the policy: they are the process's own, whatever else may be read. */
const DEVICES = `(allow file-read* file-write* file-ioctl (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty")
  (literal "/dev/ptmx") (subpath "/dev/fd") (regex #"^/dev/ttys[0-9]+$"))
(allow file-read* (literal "/dev/random") (literal "/dev/urandom"))`;

const NETWORK = `(allow network* system-socket)
(allow mach-lookup (global-name "com.apple.SystemConfiguration.configd") (global-name "com.apple.networkd")
  (global-name "com.apple.dnssd.service") (global-name "com.apple.SecurityServer")
  (global-name "com.apple.trustd.agent") (global-name "com.apple.trustd"))`;

const RULES = {
  read: ['(allow file-read* ?)', '(deny file-write* ?)'],
  write: ['(allow file-read* file-write* ?)'],
  deny: ['(deny file-read* file-write* ?)'],
} as const;

/**
 * What `/usr/bin/sandbox-exec` needs to enforce a policy. The last rule that fits decides there, so parents come first.
 *
 * @param policy without patterns: see `expandPatterns`
 */
export function seatbeltProfile(policy: Policy): SeatbeltProfile {
  if (policy.patterns.length > 0) throw new TypeError('patterns have to be expanded');
  const parameters: string[] = [];
  const parameter = (path: string) => `(param "P${parameters.push(`P${parameters.length}=${path}`) - 1}")`;
  const one = ({ path, access, kind }: PolicyEntry) => {
    // A link is a name only; what it leads to has a rule of its own.
    const filter = `(${kind === 'link' ? 'literal' : 'subpath'} ${parameter(path)})`;
    return RULES[access].map((rule) => rule.replace('?', filter));
  };
  const lines = [
    ALWAYS,
    ...base(policy),
    ...ways(policy).map(
      (path) => `(allow file-read-metadata file-test-existence (literal ${parameter(path)}))`,
    ),
    ...policy.entries.flatMap(one),
    ...pinsOf(policy).map((path) => `(deny file-write-unlink (literal ${parameter(path)}))`),
    DEVICES,
    ...(policy.network ? [NETWORK] : []),
  ];
  return { profile: `${lines.join('\n')}\n`, parameters };
}

function base({ base }: Policy): readonly string[] {
  if (base === 'all-write') return ['(allow file-read* file-write* file-ioctl)'];
  return base === 'all-read' ? ['(allow file-read*)'] : [];
}

/** Folders and links on the way to what is open: that they are there may be known. */
function ways(policy: Policy): readonly string[] {
  const found = new Set<string>();
  for (const { path } of [...policy.entries.filter(({ access }) => access !== 'deny'), ...policy.links])
    for (let end = path.indexOf('/', 1); end !== -1; end = path.indexOf('/', end + 1))
      found.add(path.slice(0, end));
  for (const { path } of policy.links) found.add(path);
  return [...found].filter((path) => policy.accessOf(path) === 'deny');
}
