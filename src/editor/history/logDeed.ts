import type { Deed, Ended } from '../../record';
import type { Log } from '../show/log';
import { formatDuration } from '../text/amounts';
import { processLabel } from '../text/commandLabel';
import { clientLabel } from '../tree/clientName';

const CONNECTIONS: ReadonlySet<Deed['kind']> = new Set(['connected', 'disconnected', 'left']);

/** A line of the log for what starts, ends, is refused, comes and goes; whom the server turns away it tells itself. */
export function logDeed(log: Log, deed: Deed): void {
  if (!('agent' in deed)) return;
  const agent = clientLabel(deed.agent.name);
  if (deed.kind === 'ran') log.info(`${deed.row} of ${agent} started: ${processLabel(deed)}`);
  else if (deed.kind === 'ended') log.info(`${deed.row} of ${agent} ended: ${endWords(deed)}`);
  else if (deed.kind === 'refused')
    log.warn(`A start of ${agent} came to nothing: ${processLabel(deed)}: ${deed.reason}`);
  else if (CONNECTIONS.has(deed.kind)) log.info(`${agent} ${deed.kind}`);
}

function endWords(deed: Ended): string {
  const { state, exitCode, by, ms, denied, problem } = deed;
  const parts = [
    state === 'lost' ? 'lost' : `exit ${exitCode ?? '?'}`,
    by === undefined ? '' : `stopped by ${by}`,
    denied ? 'denied by its sandbox' : '',
    problem ?? '',
    formatDuration(ms),
  ];
  return parts.filter(Boolean).join(', ');
}
