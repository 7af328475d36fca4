/** A reader of stdout or stderr that has gone away does not end this program. */
export function outliveReaders(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}
