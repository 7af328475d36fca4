/** Judges what a client presented as its bearer token: a refusal's text, or undefined if it may come in. Never rejects. */
export type BearerCheck = (token: string) => string | undefined | Promise<string | undefined>;

/** What a listener asks of its clients (docs/protocol/gate.md#token, docs/protocol/ws-auth.md#modes). */
export type Access =
  /** Nothing. */
  | { readonly type: 'none' }
  /** Our own way: the token as the path, or as a bearer token on `/`. */
  | { readonly type: 'token'; readonly token: string }
  /** The reference's way: a bearer token, nowhere but in the header. */
  | { readonly type: 'bearer'; readonly check: BearerCheck };
