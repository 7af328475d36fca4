import { isYours, needOf, rowStatus, type Status } from './status';
import type { ProcessViewModel } from './viewModel';

/** Icon and colour of a row; its text says the same, so colour is never the only sign. */
export const STATUS_ICONS: Readonly<Record<Status, readonly [icon: string, color: string | undefined]>> = {
  running: ['debug-start', 'execServer.runningIcon'],
  stopping: ['loading~spin', 'execServer.warningIcon'],
  ok: ['pass', 'execServer.passedIcon'],
  failed: ['error', 'execServer.failedIcon'],
  killed: ['debug-stop', 'execServer.killedIcon'],
  lost: ['debug-disconnect', 'execServer.warningIcon'],
  refused: ['circle-slash', undefined],
  unstarted: ['warning', 'execServer.failedIcon'],
};

/** Icon and colour of a row that needs a human. */
const NEED_ICONS = {
  input: ['bell-dot', 'execServer.warningIcon'],
  secret: ['key', 'execServer.warningIcon'],
} as const;

/** The icon and colour of a row whose keyboard a person has. */
const TAKEN_ICON = ['account', 'execServer.runningIcon'] as const;

export function rowIcon(model: ProcessViewModel): readonly [icon: string, color: string | undefined] {
  const need = needOf(model);
  const status = rowStatus(model);
  if (status !== 'running') return STATUS_ICONS[status];
  if (isYours(model)) return TAKEN_ICON;
  return need ? NEED_ICONS[need] : STATUS_ICONS[status];
}
