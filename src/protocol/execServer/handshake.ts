import * as v from 'valibot';
import { method } from '../method';
import { maybe } from '../schemas';
import type { EnvironmentInfo } from './environment';

/** PROTOCOL chapter 3.1. */
export const initialize = method(
  'initialize',
  v.looseObject({ clientName: v.string(), resumeSessionId: maybe(v.string()) }),
);

export interface InitializeResult {
  /** Random UUID, the same again after a resume. */
  readonly sessionId: string;
  readonly environmentInfo: EnvironmentInfo;
  /** For clients of the early server, which share this handshake. PROTOCOL chapter 16. */
  readonly protocolVersion: string;
}

/** The only notification that clients send; its params are ignored. PROTOCOL chapter 3.2. */
export const INITIALIZED = 'initialized';
