import { CORE_NAMES, NEVER_PASSED_ON, SECRET_PATTERNS, WINDOWS_CORE_NAMES } from './envNames';
import { matchesWildcard } from './wildcard';

/** How a child's environment follows from the executor's own. All members are required on the wire. */
export interface EnvPolicy {
  /** What to start from: everything, the core names only, or nothing. */
  readonly inherit: 'all' | 'core' | 'none';
  /** Keep inherited names that look like keys, secrets or tokens. */
  readonly ignoreDefaultExcludes: boolean;
  /** Wildcard patterns of inherited names to drop. */
  readonly exclude: readonly string[];
  /** Variables to add after the exclusions. */
  readonly set: Readonly<Record<string, string>>;
  /** If not empty: wildcard patterns of the only names to keep, those of `set` included. */
  readonly includeOnly: readonly string[];
}

/** Everything that the executor has in its own environment, secrets included. */
export const WHOLE_ENVIRONMENT: EnvPolicy = {
  inherit: 'all',
  ignoreDefaultExcludes: true,
  exclude: [],
  set: {},
  includeOnly: [],
};

type Environment = Record<string, string>;

/** An environment without the names that never reach a child, whoever asks for them. */
export function enforceExclusions(env: Readonly<Environment>): Environment {
  return keep(env, (name) => !NEVER_PASSED_ON.has(name.toUpperCase()));
}

/**
 * The environment of a child (PROTOCOL 5.2): `policy` applied to `base`, then `overlay` laid over the
 * result unfiltered. On Windows names are the same whatever their case, and PATHEXT is never missing.
 */
export function buildEnvironment(
  base: Readonly<Environment>,
  policy: EnvPolicy,
  overlay: Readonly<Environment>,
  platform: NodeJS.Platform = process.platform,
): Environment {
  const windows = platform === 'win32';
  let env = inherited(base, policy.inherit, windows);
  if (!policy.ignoreDefaultExcludes) env = keep(env, (name) => !matchesAny(SECRET_PATTERNS, name));
  env = keep(env, (name) => !matchesAny(policy.exclude, name));
  env = lay(env, policy.set, windows);
  if (policy.includeOnly.length > 0) env = keep(env, (name) => matchesAny(policy.includeOnly, name));
  env = lay(env, overlay, windows);
  if (windows) env = lay({ PATHEXT: '.COM;.EXE;.BAT;.CMD' }, env, windows);
  return enforceExclusions(env);
}

function inherited(
  base: Readonly<Environment>,
  inherit: EnvPolicy['inherit'],
  windows: boolean,
): Environment {
  if (inherit === 'none') return {};
  if (inherit === 'all') return keep(base, () => true);
  return keep(base, (name) => {
    const upper = name.toUpperCase();
    return CORE_NAMES.has(upper) || (windows && WINDOWS_CORE_NAMES.has(upper));
  });
}

function lay(under: Environment, over: Readonly<Environment>, ignoreCase: boolean): Environment {
  if (!ignoreCase) return { ...under, ...over };
  const replaced = new Set(Object.keys(over).map((name) => name.toUpperCase()));
  return { ...keep(under, (name) => !replaced.has(name.toUpperCase())), ...over };
}

function keep(env: Readonly<Environment>, wanted: (name: string) => boolean): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}

function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, name));
}
