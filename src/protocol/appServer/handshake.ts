import * as v from 'valibot';
import { method } from '../method';
import { maybe } from '../schemas';

const capabilities = v.looseObject({
  experimentalApi: v.optional(v.boolean(), false),
  optOutNotificationMethods: maybe(v.array(v.string())),
});

/** PROTOCOL chapter 15.1. */
export const initialize = method(
  'initialize',
  v.looseObject({
    clientInfo: v.looseObject({ name: v.string(), version: v.string(), title: maybe(v.string()) }),
    capabilities: maybe(capabilities),
  }),
);

export interface InitializeResult {
  readonly userAgent: string;
  /** Absolute native path. */
  readonly codexHome: string;
  readonly platformFamily: 'unix' | 'windows';
  readonly platformOs: string;
}
