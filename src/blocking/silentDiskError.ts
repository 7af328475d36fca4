/** A disk does not answer, and as many calls as may wait for it do so already. */
export class SilentDiskError extends Error {
  override readonly name = 'SilentDiskError';
  /** Beside the codes of the system, such as `ENOENT`. */
  readonly code = 'EDISKSILENT';

  /**
   * @param disks where they are mounted, one character for each byte
   * @param calls that wait for them
   * @param silentMs milliseconds for which each of these has waited at least
   */
  constructor(disks: readonly string[], calls: number, silentMs: number) {
    const where = disks.map((disk) => `\`${Buffer.from(disk, 'latin1').toString()}\``).join(', ');
    super(
      `the disk at ${where} does not answer: ${calls} operations have waited for it for more than ` +
        `${silentMs / 1000} s, and no more may; try again when it answers, or unmount it`,
    );
  }
}
