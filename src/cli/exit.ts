import { isWaitingForDisk } from '../blocking';
import { exitAtOnce } from '../process';

/** An end that a disk which does not answer cannot hold up. To be called after every other handler of the end was set. */
export function exitDespiteDisks(): void {
  process.on('exit', (status) => {
    if (isWaitingForDisk()) exitAtOnce(status);
  });
}
