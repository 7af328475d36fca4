/** A command that an agent has started itself, as `shellProgram` announces it. */
export interface Announcement {
  readonly pid: number;
  /** In clock ticks since boot; undefined where the system has no /proc. */
  readonly start: number | undefined;
  readonly cwd: string;
  /** The agent's own name for itself; empty when it has none. */
  readonly agent: string;
  /** The agent's own name for its conversation, else its pid. */
  readonly session: string;
  readonly argv: readonly string[];
}

/** What follows the name in /proc/PID/stat: the 20th is the start. */
const START = 19;
const FIXED = 8;

/** Undefined for what is not an announcement, or not whole yet. */
export function parseAnnouncement(bytes: Buffer): Announcement | undefined {
  const fields = bytes.toString().split('\0');
  const [version, pid, stat = '', cwd = '', agent = '', session, parent = '', count] = fields;
  const words = Number(count);
  if (version !== '1' || !Number.isSafeInteger(words) || fields[FIXED + words] !== 'end') return undefined;
  const argv = fields.slice(FIXED, FIXED + words);
  const start = stat.split(' ')[START];
  if (!/^[1-9]\d*$/.test(pid ?? '') || !cwd.startsWith('/') || argv.length === 0) return undefined;
  return {
    pid: Number(pid),
    start: start === undefined ? undefined : Number(start),
    cwd,
    agent,
    session: session || parent,
    argv,
  };
}
