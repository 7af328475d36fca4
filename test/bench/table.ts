import { ENDLESS, median, quantile } from './facts.js';
import type { Side } from './servers.js';
import type { Row, Samples, Scenario } from './types.js';

/** A scenario's samples on one server; a text where it could not be measured. */
export type Result = Samples | string;
export type Results = Partial<Record<Side, Result>>;

/** The ratios stand behind the values that they are about. */
const HEAD =
  '| | ours, command line | | ours, in the editor | | `codex exec-server` |\n| --- | ---: | ---: | ---: | ---: | ---: |';

/** For what the reference has not. */
const HEAD_OF_OURS = '| | command line | in the editor |\n| --- | ---: | ---: |';

/** A table of Markdown, of scenarios that are all beside the reference, or all not. */
export function tableOf(measured: readonly (readonly [Scenario, Results])[]): string {
  const isOurs = measured.some(([{ oursAlone }]) => oursAlone);
  const lines = measured.flatMap(([{ rows }, results]) =>
    rows.map((row) => (isOurs ? lineOfOurs : line)(row, results)),
  );
  return [isOurs ? HEAD_OF_OURS : HEAD, ...lines].join('\n');
}

function lineOfOurs(row: Row, { ours, editor }: Results): string {
  const cells = [ours, editor].map((result) => cell(value(row, result), row.unit));
  return `| ${[row.title, ...cells].join(' | ')} |`;
}

function line(row: Row, results: Results): string {
  const reference = value(row, results.reference);
  const ours = (result: Result | undefined): string[] => {
    const own = value(row, result);
    const ratio = row.kind === 'time' ? reference / own : own / reference;
    return [cell(own, row.unit), row.kind === 'amount' || Number.isNaN(ratio) ? '' : times(ratio)];
  };
  return `| ${[row.title, ...ours(results.ours), ...ours(results.editor), cell(reference, row.unit)].join(' | ')} |`;
}

/** What could not be measured, and why. */
export function failures(name: string, results: Results): string[] {
  return Object.entries(results).flatMap(([side, result]) =>
    typeof result === 'string' ? [`${name}, ${side}: ${result}`] : [],
  );
}

function value(row: Row, result: Result | undefined): number {
  const samples = typeof result === 'object' ? (result[row.key] ?? []) : [];
  return row.of === 'p99' ? quantile(samples, 0.99) : median(samples);
}

function cell(number: number, unit: string): string {
  if (number === ENDLESS) return 'no answer';
  return Number.isNaN(number) ? '–' : `${digits(number)} ${unit}`.trim();
}

const times = (ratio: number): string => (Number.isFinite(ratio) ? `× ${digits(ratio)}` : '× ∞');

/** Three digits, without an exponent. */
function digits(number: number): string {
  const size = Math.abs(number);
  return number.toFixed(size === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}
