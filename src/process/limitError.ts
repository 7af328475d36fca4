/** A bound of the table was met; the message names it and the way out. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  constructor(
    /** The bound's name in the limits. */
    readonly limit: string,
    message: string,
  ) {
    super(message);
  }
}
