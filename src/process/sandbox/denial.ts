import { resolve } from 'node:path/posix';
import { Effort, SandboxRefusal } from '../../sandbox';
import type { OutputLog } from '../output/outputLog';
import type { SpawnSpec } from '../types';
import type { Confinement } from './confinement';

/** 128 + SIGSYS: the filter of system calls has ended it. */
const BAD_CALL = 159;
/** What is read of the end of each stream. */
const EVIDENCE_BYTES = 64 * 1024;
/** Words of a line that may be paths. */
const MAX_WORDS = 64;
/** Words that are looked up, for each costs a call of the system. */
const MAX_LOOKS = 256;

const NO_NETWORK =
  /network is unreachable|could not resolve host|temporary failure in name resolution|name or service not known|\bENETUNREACH\b|\bEAI_AGAIN\b|\b(socket|connect|bind)\b.*operation not permitted/i;

type Rules = Pick<Confinement, 'policy' | 'realPath'>;

/**
 * Whether a command has failed and what it wrote says that its sandbox was why: the system's text for what is read-only
 * beside a path that the policy does not let it write, for what is forbidden beside one that it hides, or for a network that
 * is not there. The words alone prove nothing, for they are said of other things as well.
 */
export function wasDenied(
  rules: Rules,
  exitCode: number,
  { cwd, tty }: Pick<SpawnSpec, 'cwd' | 'tty'>,
  log: Pick<OutputLog, 'snapshot'>,
): boolean {
  if (exitCode === 0) return false;
  if (exitCode === BAD_CALL) return true;
  const streams = tty ? (['pty'] as const) : (['stdout', 'stderr'] as const);
  const evidence = new Evidence(rules, cwd);
  try {
    return streams.some((stream) => {
      const end = log.snapshot(stream).bytes.subarray(-EVIDENCE_BYTES).toString();
      return end.split('\n').some((line) => evidence.isIn(line));
    });
  } catch (error) {
    // What takes too long to prove is not proved.
    if (error instanceof SandboxRefusal) return false;
    throw error;
  }
}

class Evidence {
  private readonly looked = new Map<string, readonly string[]>();
  /** Of all words together: both they and the patterns are the words of others. */
  private readonly effort = new Effort();

  constructor(
    private readonly rules: Rules,
    private readonly cwd: string,
  ) {}

  isIn(line: string): boolean {
    const { policy } = this.rules;
    if (!policy.network && NO_NETWORK.test(line)) return true;
    const isReadOnly = /read-only file system|\bEROFS\b/i.test(line);
    const isForbidden = /permission denied|\bEACCES\b/i.test(line);
    if (!isReadOnly && !isForbidden) return false;
    const words = line.split(/[\s'"`‘’“”()[\]{}<>|;,=]+/, MAX_WORDS).map((word) => word.replace(/:+$/, ''));
    return words.filter(Boolean).some((word) =>
      this.pathsOf(word).some((path) => {
        const access = policy.accessOf(path, this.effort);
        return isReadOnly ? access !== 'write' : access === 'deny';
      }),
    );
  }

  /** As it is written, and where it leads over links. */
  private pathsOf(word: string): readonly string[] {
    const known = this.looked.get(word);
    if (known) return known;
    const written = resolve(this.cwd, word);
    if (this.looked.size >= MAX_LOOKS) return [written];
    const real = this.rules.realPath(word.startsWith('/') ? word : `${this.cwd}/${word}`);
    const paths = real === undefined || real === written ? [written] : [written, real];
    this.looked.set(word, paths);
    return paths;
  }
}
