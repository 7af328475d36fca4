import { Lane } from './lane';

/** The one of this process, as its pool is one: all of four threads, of which half are left to others. */
export const lane = new Lane({ pool: 2, patienceMs: 20, threads: 16, perDisk: 4, silentMs: 10_000 });

/** Whether a disk has been asked for something and has not answered yet: an ordinary exit would wait until it does. */
export function isWaitingForDisk(): boolean {
  return lane.isBusy;
}
