import { hasOpenStreams, needOf, rowStatus, survivorsOf } from './status';
import type { ProcessViewModel } from './viewModel';

/**
 * The grammar that `when` clauses in package.json match against:
 *
 *     process.(running|stopping|ok|failed|killed|lost|refused|unstarted).(tty|pipe)[.far[.numbered][.signalled][.reached]][.stdin[.asks][.taken]|.open|.sandbox][.away][.survivors]
 *     client.(connected|disconnected)[.leaving][.droppable][.away][.busy]
 *     finished
 *     machine
 *     folder
 *     member[.far[.signalled]]
 *
 * `far`: it runs elsewhere. `numbered`: and its number there is known. `signalled`: and takes signals from here.
 * `reached`: and its ports are reached from here. `stdin`: it can be typed into. `asks`: a human is needed for that. `taken`: a person has the keyboard, or an agent's
 * input is held. `sandbox`: it was refused for want of one. `open`: see `hasOpenStreams`. `busy`: something of this
 * client runs. `survivors`: something outlived its kill. `leaving`: that will be ended unless its client comes back.
 * `away`: its environment is not connected. `droppable`: it can be disconnected.
 */
export function processContext(model: ProcessViewModel, away = false): string {
  const parts = ['process', rowStatus(model), model.tty ? 'tty' : 'pipe'];
  if (model.far) parts.push('far');
  if (model.far && model.numbered) parts.push('numbered');
  if (model.far && model.signalled) parts.push('signalled');
  if (model.far && model.reached) parts.push('reached');
  if (model.state === 'running' && model.stdinOpen) parts.push('stdin');
  if (needOf(model)) parts.push('asks');
  if (model.keyboard.taken || model.keyboard.heldBytes !== null) parts.push('taken');
  if (hasOpenStreams(model)) parts.push('open');
  if (model.noStart?.why === 'sandbox') parts.push('sandbox');
  if (away) parts.push('away');
  if (survivorsOf(model)) parts.push('survivors');
  return parts.join('.');
}

export function clientContext(
  connected: boolean,
  busy: boolean,
  away = false,
  leaving = false,
  droppable = false,
): string {
  const parts = ['client', connected ? 'connected' : 'disconnected'];
  if (leaving) parts.push('leaving');
  if (droppable) parts.push('droppable');
  if (away) parts.push('away');
  if (busy) parts.push('busy');
  return parts.join('.');
}
