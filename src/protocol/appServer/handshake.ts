import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { maybe } from '../schemas';

const capabilities = v.looseObject({
  experimentalApi: v.optional(v.boolean(), false),
  optOutNotificationMethods: maybe(v.array(v.string())),
});

/** See docs/protocol/app-server.md#initialize. */
export const initialize = method(
  'initialize',
  v.looseObject({
    clientInfo: v.looseObject({ name: v.string(), version: v.string(), title: maybe(v.string()) }),
    capabilities: maybe(capabilities),
  }),
  {
    page: 'app-server',
    summary:
      'Makes this an app-server’s connection. The methods need `experimentalApi: true`; `initialized` may follow.',
    result: v.strictObject({
      userAgent: v.string(),
      /** Absolute native path. */
      codexHome: v.string(),
      platformFamily: v.picklist(['unix', 'windows']),
      platformOs: v.string(),
    }),
    errors: { invalidRequest: 'A second time; the server is about to stop.' },
  },
);

export type InitializeResult = ResultOf<typeof initialize>;
