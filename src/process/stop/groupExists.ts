import { processCalls } from '../native/processCalls';
import { errorCode } from '../../values';

/** Whether anything has that process group, be it dead and not yet collected; one system call. */
export function groupExists(group: number): boolean {
  const calls = processCalls();
  if (calls) return calls.groupExists(group);
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
