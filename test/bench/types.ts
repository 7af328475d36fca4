import type { BenchServer } from './servers.js';
import type { Options } from './options.js';

/** What one scenario measured on one server: samples by row. */
export type Samples = Record<string, number[]>;

/** One line of the table. */
export interface Row {
  /** The key of its samples. */
  readonly key: string;
  readonly title: string;
  readonly unit: 'ms' | 'MiB/s' | 'MiB' | '';
  /** Which ratio is printed: reference ÷ ours for times, ours ÷ reference for rates, none for amounts. */
  readonly kind: 'time' | 'rate' | 'amount';
  /** What is made of the samples; the median if absent. */
  readonly of?: 'p99';
}

/** Something to measure; its rows are filled by each call. */
export interface Scenario {
  readonly name: string;
  readonly rows: readonly Row[];
  /** One round only, because it takes long and repeats itself enough. */
  readonly once?: boolean;
  /** The reference has nothing like it: a table of its own. */
  readonly oursAlone?: boolean;
  /** One round on one server, which is nobody else's at that time. */
  measure(server: BenchServer, options: Options): Promise<Samples>;
}
