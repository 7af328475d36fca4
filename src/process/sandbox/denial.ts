import { resolve } from 'node:path/posix';
import { Effort, SandboxRefusal } from '../../sandbox';
import type { OutputLog } from '../output/outputLog';
import type { SpawnSpec } from '../types';
import type { Confinement } from './confinement';
import { foldersNamed } from './foldersNamed';

/** 128 + SIGSYS: the filter of system calls has ended it. */
const BAD_CALL = 159;
/** What is read of the end of each stream. */
const EVIDENCE_BYTES = 64 * 1024;
/** Words of a line that may be paths. */
const MAX_WORDS = 64;
/** Paths that are looked up, for each costs a call of the system. */
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
  { cwd, argv, tty }: Pick<SpawnSpec, 'cwd' | 'argv' | 'tty'>,
  log: Pick<OutputLog, 'snapshot'>,
): boolean {
  if (exitCode === 0) return false;
  if (exitCode === BAD_CALL) return true;
  const streams = tty ? (['pty'] as const) : (['stdout', 'stderr'] as const);
  const evidence = new Evidence(rules, foldersNamed(cwd, argv));
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
  private looks = 0;
  /** Bounds the matching of all words together: both they and the patterns are the words of others. */
  private readonly effort = new Effort();

  constructor(
    private readonly rules: Rules,
    /** Where a relative path may begin. */
    private readonly folders: readonly string[],
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

  /** The paths that a word may mean from each folder: as it is written, and where it leads over links. */
  private pathsOf(word: string): readonly string[] {
    const known = this.looked.get(word);
    if (known) return known;
    const folders = word.startsWith('/') ? ['/'] : this.folders;
    const written = folders.map((folder) => resolve(folder, word));
    if (this.looks >= MAX_LOOKS) return written;
    this.looks += folders.length;
    // A link before `..` leads elsewhere than what is written.
    const real = folders.map((folder) => this.rules.realPath(`${folder}/${word}`));
    const paths = [...new Set([...written, ...real.filter((path) => path !== undefined)])];
    this.looked.set(word, paths);
    return paths;
  }
}
