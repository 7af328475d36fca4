/** The most that a client takes in one message of a server, in bytes (docs/protocol/clients.md#this-client). */
export const MAX_INCOMING_BYTES = 64 * 1024 * 1024;

/** Continuation frames, and pieces as they arrive, of one message of a server: as many as ours takes of a client. */
export const MAX_INCOMING_FRAGMENTS = 65_536;
export const MAX_INCOMING_PIECES = 262_144;

/**
 * The most that a client sends in one message, in UTF-16 units: a server would end the connection for a longer one
 * (docs/protocol/transport.md#websocket), and then for its repetition.
 */
export const MAX_OUTGOING_LENGTH = 60 * 1024 * 1024;

/** The most of stdin that one `process/write` carries, in bytes: far below every bound on messages and frames. */
export const WRITE_PART_BYTES = 1024 * 1024;

/** The most that one `process/read` asks for, in bytes: little enough to get through between two cuts of a bad line. */
export const READ_PAGE_BYTES = 1024 * 1024;
