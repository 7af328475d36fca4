import type { PeerMethod } from './peer';
import { isObject } from '../values';

/** How many requests have no answer yet, by what they are about. */
export class UnderWay {
  private readonly counts = new Map<string, number>();

  /** What a request is about, as a key; undefined where its method or its params name nothing. */
  static keyOf({ about }: Pick<PeerMethod, 'about'>, params: unknown): string | undefined {
    if (about === undefined || !isObject(params)) return undefined;
    const value = params[about];
    return typeof value === 'string' ? `${about} ${value}` : undefined;
  }

  has(key: string | undefined): boolean {
    return key !== undefined && this.counts.has(key);
  }

  add(key: string | undefined): void {
    if (key !== undefined) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  remove(key: string | undefined): void {
    if (key === undefined) return;
    const left = (this.counts.get(key) ?? 0) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }
}
