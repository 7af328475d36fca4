/** What a reader of the table must know of the machine. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';

const GIB = 2 ** 30;
/** Of the minute before the bench: how many others wanted a processor. */
const [loadBefore = NaN] = loadavg();

/** A sentence. */
export function machine(rounds: number): string {
  const all = cpus();
  const memory = `${String(Math.round(totalmem() / GIB))} GiB`;
  return (
    `Medians of ${String(rounds)} rounds with one client; the servers take turns, ours in the editor comes after them. ` +
    `${String(all.length)} × ${all[0]?.model.trim() || 'an unnamed processor'}, ${memory}, ` +
    `${type()} ${release()}, Node ${process.version}; load average before: ${loadBefore.toFixed(1)}.`
  );
}
