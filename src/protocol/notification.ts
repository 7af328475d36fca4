import type * as v from 'valibot';

/** One notification that the server sends. */
export interface Notification {
  readonly name: string;
  readonly params: v.GenericSchema;
  /** Of the specification. */
  readonly chapter: string;
  readonly summary: string;
}

/** Declares a notification. */
export function notification(
  name: string,
  params: v.GenericSchema,
  about: Pick<Notification, 'chapter' | 'summary'>,
): Notification {
  return { name, params, ...about };
}
