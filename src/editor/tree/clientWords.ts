import { l10n } from 'vscode';

/** How a client stands, and what becomes of its commands when it is gone. Empty for what is not on the wire. */
export function clientStatus(
  { connected, endsAt }: { readonly connected: boolean | undefined; readonly endsAt: number | null },
  busy: boolean,
  shortId: string,
): string {
  if (connected === undefined) return '';
  return [connected ? l10n.t('connected') : goneText(busy, endsAt), shortId].filter(Boolean).join(' · ');
}

/** Since when a client is there; empty for those of which nobody knows. */
export function sinceText(since: number): string {
  if (since === 0) return '';
  return l10n.t({
    message: 'since {0}',
    args: [new Date(since).toLocaleTimeString()],
    comment: ['{0} is a time of day'],
  });
}

function goneText(busy: boolean, endsAt: number | null): string {
  if (!busy) return l10n.t('disconnected');
  if (endsAt === null) return l10n.t('gone, its commands run on');
  return l10n.t({
    message: 'gone, its commands end at {0}',
    args: [new Date(endsAt).toLocaleTimeString()],
    comment: ['{0} is a time of day'],
  });
}
