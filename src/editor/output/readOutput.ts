import type { ManagedProcess, ReadResult } from '../../environment';

/** What is read at once. */
const PAGE_BYTES = 1024 * 1024;

/** The part of a process that its output is read by. */
export type OutputSource = Pick<ManagedProcess, 'read' | 'subscribeWake' | 'totalBytes'>;

/** Everything after the cursor that was there when it began, in pages of bounded size. */
export async function* pagesOf(source: OutputSource, afterSeq = 0): AsyncGenerator<ReadResult, void, void> {
  const { nextSeq: end } = await source.read({ afterSeq: Number.MAX_SAFE_INTEGER });
  for (let cursor = afterSeq; cursor < end - 1;) {
    const page = await source.read({ afterSeq: cursor, maxBytes: PAGE_BYTES });
    yield page;
    cursor = Math.max(cursor + 1, page.nextSeq - 1);
  }
}
