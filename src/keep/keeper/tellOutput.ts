import type { ManagedProcess } from '../../environment';
import type { Channel } from '../channel';
import type { Asked, Told } from '../messages';
import { rowEnd } from './rowFacts';

/** So much is sent at once, in bytes, before it is looked whether the window takes it. */
const PAGE_BYTES = 256 * 1024;
/** News wakes the wait; it is asked again after this, in ms. */
const WAIT_MS = 600_000;

/**
 * Sends all output of a process that is kept, from its beginning, and then each piece as it comes, until its end. A
 * window that is slow holds nobody up: what is not kept until it asks is counted. Resolves when all is told, or `signal`
 * is aborted.
 */
export async function tellOutput(
  row: ManagedProcess,
  channel: Channel<Told, Asked>,
  signal: AbortSignal,
): Promise<void> {
  const { id: key } = row;
  let afterSeq = 0;
  let toldExit = false;
  while (!signal.aborted) {
    const page = await row.read({ afterSeq, maxBytes: PAGE_BYTES, waitMs: WAIT_MS, signal });
    const [first] = page.chunks;
    if (page.droppedBytes > 0)
      channel.send({
        type: 'dropped',
        key,
        seq: (first?.seq ?? page.nextSeq) - 1,
        bytes: page.droppedBytes,
      });
    for (const { stream, chunk } of page.chunks) channel.send({ type: 'output', key, stream }, chunk);
    afterSeq = page.nextSeq - 1;
    const sent = page.chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    const isAll = page.chunks.length === 0 || sent < PAGE_BYTES;
    if (page.exited && isAll && !toldExit) {
      toldExit = true;
      channel.send({ type: 'exited', key, end: rowEnd(row) });
    }
    if (page.closed && page.chunks.length === 0) {
      channel.send({ type: 'closed', key });
      return;
    }
    await channel.drained();
  }
}
