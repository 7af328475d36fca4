import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { maybe } from '../schemas';
import { environment } from './environment';

/** See docs/protocol/sessions.md#initialize. */
export const initialize = method(
  'initialize',
  v.looseObject({ clientName: v.string(), resumeSessionId: maybe(v.string()) }),
  {
    page: 'sessions',
    summary:
      'Opens a session, or one that has lost its connection less than 80 s ago. `initialized` must follow.',
    result: v.strictObject({
      /** Random UUID, the same again after a resume. */
      sessionId: v.string(),
      environmentInfo: environment,
      /** For clients of the early server, which share this handshake. docs/protocol/dialects.md#choice. */
      protocolVersion: v.string(),
    }),
    errors: {
      invalidRequest: 'No session of this id; a second time; the server is about to stop.',
      sessionAttached: 'The session has a connection.',
    },
  },
);

export type InitializeResult = ResultOf<typeof initialize>;

/** The only notification that clients send; its params are ignored. docs/protocol/sessions.md#initialized. */
export const INITIALIZED = 'initialized';
