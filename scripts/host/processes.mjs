// The processes of this machine, and who started whom.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** @typedef {{ pid: number, parent: number, start: string, name: string }} Row a process; pid and start together are unique */

/** Linux is read from /proc, as small images have no `ps`. @returns {Row[]} without zombies */
export function processes() {
  if (process.platform !== 'linux') return fromPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => fromProc(Number(name)));
}

/** @param {number} pid @returns {Row[]} */
function fromProc(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the fixed fields begin after the last one: state, ppid, …, start time.
    const close = text.lastIndexOf(')');
    const fields = text.slice(close + 2).split(' ');
    const name = text.slice(text.indexOf('(') + 1, close);
    return fields[0] === 'Z' ? [] : [{ pid, parent: Number(fields[1]), start: fields[19] ?? '', name }];
  } catch {
    return []; // ended meanwhile
  }
}

/** @returns {Row[]} */
function fromPs() {
  // The C locale makes lstart five words, always.
  const env = { ...process.env, LC_ALL: 'C' };
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,comm='], { encoding: 'utf8', env });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, state, ...rest] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        start: rest.slice(0, 5).join(' '),
        name: rest.slice(5).join(' '),
      },
    ];
  });
}

/** @param {Row[]} rows @returns {Row[]} those that still run: a pid alone could have been given to a stranger */
export function alive(rows) {
  const now = new Map(processes().map((row) => [row.pid, row.start]));
  return rows.filter((row) => now.get(row.pid) === row.start);
}

/** @param {Row[]} roots @returns {Row[]} the roots that still run, and all below them */
export function withDescendants(roots) {
  const all = processes();
  const found = all.filter((row) => roots.some((root) => root.pid === row.pid && root.start === row.start));
  for (const parent of found)
    found.push(...all.filter((row) => row.parent === parent.pid && !found.includes(row)));
  return found;
}
