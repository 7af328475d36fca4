import type * as v from 'valibot';

/** One notification that the server sends. */
export interface Notification {
  readonly name: string;
  readonly params: v.GenericSchema;
  /** The page of docs/protocol that describes it, without `.md`. */
  readonly page: string;
  readonly summary: string;
}

/** Declares a notification. */
export function notification(
  name: string,
  params: v.GenericSchema,
  about: Pick<Notification, 'page' | 'summary'>,
): Notification {
  return { name, params, ...about };
}
