import type { EnvPolicy } from '../../model';
import { CORE_NAMES, NEVER_PASSED_ON, SECRET_PATTERNS, WINDOWS_CORE_NAMES } from './envNames';
import { SpawnError } from '../errors';
import { toCharacters, Wildcard, WorkError } from './wildcard';

/** Everything that the executor has in its own environment, secrets included. */
export const WHOLE_ENVIRONMENT: EnvPolicy = {
  inherit: 'all',
  ignoreDefaultExcludes: true,
  exclude: [],
  set: {},
  includeOnly: [],
};

/** Steps of comparing names with patterns in one start, some 100 ms: enough for all but an attack. */
const MAX_STEPS = 2_000_000;

/** What reading a pattern takes, in such steps, beside one for each character. */
const PATTERN_STEPS = 100;

/** Variables of one start: each is looked at several times, and nobody has so many. */
const MAX_VARIABLES = 8192;

type Variables = Readonly<Record<string, string>>;

/**
 * An environment without the names that never reach a child, whoever asks for them.
 *
 * @throws SpawnError for more variables than a program could be started with
 */
export function enforceExclusions(env: Variables): Record<string, string> {
  checkCount(env);
  return withoutExclusions(Object.keys(env).map((name) => [name, env[name] ?? '']));
}

/**
 * The environment of a child (docs/protocol/child-env.md#policy): `policy` applied to `base`, then `overlay`
 * laid over the result unfiltered. On Windows names are the same whatever their case, and PATHEXT is never
 * missing.
 *
 * @throws SpawnError for too many variables, and for patterns that take too long to compare
 */
export function buildEnvironment(
  base: Variables,
  policy: EnvPolicy,
  overlay: Variables,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  for (const variables of [policy.set, overlay]) checkCount(variables);
  const windows = platform === 'win32';
  const names = new NameFilters();
  const isSecret = names.filter(policy.ignoreDefaultExcludes ? [] : SECRET_PATTERNS);
  const isExcluded = names.filter(policy.exclude);
  const isIncluded = names.filter(policy.includeOnly);
  const env = new Map<string, string>();
  for (const [name, value] of inherited(base, policy.inherit, windows))
    if (!isSecret(name) && !isExcluded(name)) env.set(name, value);
  lay(env, policy.set, windows);
  if (policy.includeOnly.length > 0) for (const name of env.keys()) if (!isIncluded(name)) env.delete(name);
  lay(env, overlay, windows);
  if (windows && ![...env.keys()].some((name) => name.toUpperCase() === 'PATHEXT'))
    env.set('PATHEXT', '.COM;.EXE;.BAT;.CMD');
  return withoutExclusions([...env]);
}

function checkCount(variables: Variables): void {
  const { length } = Object.keys(variables);
  if (length <= MAX_VARIABLES) return;
  throw new SpawnError(`${length} environment variables are more than ${MAX_VARIABLES}: leave some out`);
}

function withoutExclusions(entries: [string, string][]): Record<string, string> {
  return Object.fromEntries(entries.filter(([name]) => !NEVER_PASSED_ON.has(name.toUpperCase())));
}

function inherited(base: Variables, inherit: EnvPolicy['inherit'], windows: boolean): [string, string][] {
  if (inherit === 'none') return [];
  if (inherit === 'all') return Object.entries(base);
  return Object.entries(base).filter(([name]) => {
    const upper = name.toUpperCase();
    return CORE_NAMES.has(upper) || (windows && WINDOWS_CORE_NAMES.has(upper));
  });
}

function lay(under: Map<string, string>, over: Variables, ignoreCase: boolean): void {
  if (ignoreCase) {
    const replaced = new Set(Object.keys(over).map((name) => name.toUpperCase()));
    for (const name of under.keys()) if (replaced.has(name.toUpperCase())) under.delete(name);
  }
  for (const [name, value] of Object.entries(over)) under.set(name, value);
}

/** The patterns of one policy, with one bound for all of their work. */
class NameFilters {
  private readonly work = { left: MAX_STEPS };

  /** Whether one of the patterns matches a name. */
  filter(patterns: readonly string[]): (name: string) => boolean {
    const wildcards = inTime(() => patterns.map((pattern) => this.wildcard(pattern)));
    return (name) => {
      if (wildcards.length === 0) return false;
      const characters = toCharacters(name);
      return inTime(() => wildcards.some((wildcard) => wildcard.matches(characters, this.work)));
    };
  }

  private wildcard(pattern: string): Wildcard {
    this.work.left -= PATTERN_STEPS + pattern.length;
    if (this.work.left < 0) throw new WorkError();
    return new Wildcard(pattern);
  }
}

function inTime<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    throw new SpawnError(
      `envPolicy takes more than ${MAX_STEPS} comparisons of patterns with names: use fewer or shorter ` +
        'patterns or names, or no ? in long ones',
    );
  }
}
