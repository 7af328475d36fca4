import { invalidParams } from '../../../protocol';

/**
 * Refuses a size without room for a character.
 *
 * @throws RpcError -32602 for zeros; the decoder takes care of the rest
 */
export function checkSize({ rows, cols }: { readonly rows: number; readonly cols: number }): void {
  if (rows === 0 || cols === 0) throw invalidParams('process size rows and cols must be greater than 0');
}
