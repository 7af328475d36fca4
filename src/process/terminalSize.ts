import type { TerminalSize } from './types';

const LARGEST = 65_535;

/**
 * Refuses a size that no terminal has.
 *
 * @throws RangeError unless both numbers are whole and between 1 and 65535
 */
export function checkSize({ rows, cols }: TerminalSize): void {
  for (const [name, value] of [
    ['rows', rows],
    ['cols', cols],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > LARGEST) {
      throw new RangeError(`terminal ${name} must be a whole number from 1 to ${LARGEST}, not ${value}`);
    }
  }
}
