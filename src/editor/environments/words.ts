import { l10n } from 'vscode';
import type { Fault, FaultyEntry, UrlFault } from '../../hub';
import type { EnvironmentWords } from './describe';

/** How environments stand, in the person's language. */
export const ENVIRONMENT_WORDS: EnvironmentWords = {
  state: {
    disconnected: l10n.t('not connected'),
    connecting: l10n.t('connecting'),
    connected: l10n.t('connected'),
    reconnecting: l10n.t('reconnecting'),
    lost: l10n.t('lost'),
  },
  running: (count) =>
    l10n.t({ message: '{0} running', args: [count], comment: ['{0} is a number of commands'] }),
};

/** One sentence that names the environment, what is wrong with its entry, and the way out. */
export function faultSentence({ name, fault }: FaultyEntry): string {
  const text = faultText(fault);
  return name
    ? l10n.t({ message: '{0}: {1}', args: [name, text], comment: ['{0} is a name, {1} a sentence'] })
    : text;
}

/** What is wrong, and what to write instead. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'list':
      return l10n.t('"execServer.environments" must be a list of environments.');
    case 'many':
      return l10n.t('There can be 64 environments; remove some of the others first.');
    case 'object':
      return l10n.t('An environment is an object with "id" and either "url" or "program".');
    case 'id':
      return l10n.t(
        '"id" must be a name of 1 to 64 letters, digits and . _ @ -, and begin with a letter or digit.',
      );
    case 'local':
      return l10n.t('"local" is this machine; choose another "id".');
    case 'duplicate':
      return l10n.t('Another environment has this "id" already; choose another one.');
    case 'neither':
      return l10n.t(
        'Give either "url" (where an exec-server listens) or "program" (which speaks the protocol).',
      );
    case 'both':
      return l10n.t('Give "url" or "program", not both.');
    case 'unknown':
      return l10n.t(
        '"{0}" is not known here; remove it. Tokens are kept elsewhere: use "Change Token".',
        fault.member,
      );
    case 'member':
      return memberText(fault.member);
    case 'url':
      return urlText(fault.url);
  }
}

function memberText(member: string): string {
  if (member === 'args') return l10n.t('"args" must be a list of strings.');
  if (member === 'env') return l10n.t('"env" must be an object of strings.');
  return l10n.t('"{0}" must be a string, and not empty.', member);
}

export function urlText(fault: UrlFault | 'token'): string {
  switch (fault) {
    case 'token':
      return l10n.t(
        'The URL ends with a token, which settings are no place for. Take it out, then use "Change Token".',
      );
    case 'syntax':
      return l10n.t('The URL cannot be read; it looks like ws://127.0.0.1:8765.');
    case 'scheme':
      return l10n.t('The URL must begin with ws:// or wss://.');
    case 'login':
      return l10n.t('Take the name and password out of the URL; a token is asked for separately.');
  }
}
