/** Whether the examples of the pages are what the declarations take and give. */
import * as v from 'valibot';
import { CATALOGS } from '../../src/protocol/catalog';
import { ErrorCode, RpcError } from '../../src/protocol/errors';
import type { Method } from '../../src/protocol/method';
import type { Page } from './pages';

/** Examples stand in blocks of this kind, one message after the other; the second word is for its dialect alone. */
const BLOCK = /^```jsonl( app-server)?\n(.*?)^```$/gms;
/** Of what cannot be read as a request. */
const NO_ID = -1;
const CLIENT_NOTIFICATIONS = ['initialized'];

const [EXEC, V0, APP] = CATALOGS;
const dialectsOf = (isApp: boolean) => (isApp ? [APP] : [EXEC, V0, APP]).flatMap((one) => one ?? []);

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A sentence for everything that is wrong with the examples, and for every message without one on its page. */
export function exampleFaults(pages: readonly Page[]): string[] {
  const shown = new Set<unknown>();
  const faults = pages.flatMap(({ path, text }) =>
    [...text.matchAll(BLOCK)].flatMap(([, app, block = '']) =>
      conversationFaults(block, app !== undefined, shown).map((fault) => `${path}: ${fault}`),
    ),
  );
  const lacking = CATALOGS.flatMap(({ title, methods, notifications }) =>
    [
      ...methods.flatMap((method) => [
        { name: method.name, part: method.params },
        { name: `the result of ${method.name}`, part: method.about.result },
      ]),
      ...notifications.map(({ name, params }) => ({ name, part: params })),
    ]
      .filter(({ part }) => !shown.has(part))
      .map(({ name }) => `no example of ${name} (${title})`),
  );
  return [...faults, ...lacking];
}

/** @param shown gets the schemas that had an example */
function conversationFaults(block: string, isApp: boolean, shown: Set<unknown>): string[] {
  const asked = new Map<string | number, Message>();
  const unanswered = new Set<Message>();
  const faults = messagesOf(block).flatMap((message) => {
    const { id, method } = message;
    const request = asked.get(id ?? NO_ID);
    const fault =
      method === undefined
        ? answerFault(request, message, isApp, shown)
        : id === undefined
          ? notificationFault(method, message.params, isApp, shown)
          : undefined;
    if (request && method === undefined) unanswered.delete(request);
    if (id !== undefined && method !== undefined) {
      asked.set(id, message);
      unanswered.add(message);
    }
    return fault === undefined ? [] : [`${JSON.stringify(message)}: ${fault}`];
  });
  return [...faults, ...[...unanswered].map((request) => `${JSON.stringify(request)}: has no answer`)];
}

/** A document may take several lines. */
function messagesOf(block: string): Message[] {
  const messages: Message[] = [];
  let text = '';
  for (const line of block.split('\n')) {
    text += line;
    try {
      messages.push(JSON.parse(text) as Message);
      text = '';
    } catch {
      // It goes on in the next line.
    }
  }
  if (text.trim() !== '') throw new Error(`an example is no JSON: ${text}`);
  return messages;
}

function answerFault(
  request: Message | undefined,
  { id, result, error }: Message,
  isApp: boolean,
  shown: Set<unknown>,
): string | undefined {
  if (id === NO_ID)
    return error?.code === ErrorCode.invalidRequest ? undefined : 'not what -1 is answered with';
  if (request?.method === undefined) return 'answers no request above it';
  const method = declaredMethod(request.method, request.params, isApp);
  if (!method) return unknownMethodFault(error, isApp);
  const refusal = refusalOf(method, request.params);
  if (refusal !== undefined) return error ? refusalFault(refusal, error, isApp) : refusal;
  shown.add(method.params);
  if (error) return errorFault(method, error.code);
  shown.add(method.about.result);
  return shapeFault(method.about.result, result);
}

function unknownMethodFault(error: Message['error'], isApp: boolean): string | undefined {
  const code = isApp ? ErrorCode.invalidRequest : ErrorCode.methodNotFound;
  return error?.code === code ? undefined : 'nobody declares this method';
}

/** `initialize` and names that two dialects share are told apart by their params, as the server does. */
function declaredMethod(name: string, params: unknown, isApp: boolean): Method<unknown> | undefined {
  const all = dialectsOf(isApp).flatMap(({ methods }) => methods.filter((method) => method.name === name));
  return all.find((method) => refusalOf(method, params) === undefined) ?? all[0];
}

function refusalOf(method: Method<unknown>, params: unknown): string | undefined {
  try {
    method.decode(params);
    return undefined;
  } catch (error) {
    if (error instanceof RpcError) return error.message;
    throw error;
  }
}

function refusalFault(
  refusal: string,
  { code, message }: NonNullable<Message['error']>,
  isApp: boolean,
): string | undefined {
  const expected = isApp ? `Invalid request: ${refusal}` : refusal;
  const expectedCode = isApp ? ErrorCode.invalidRequest : ErrorCode.invalidParams;
  return code === expectedCode && message === expected
    ? undefined
    : `should be ${String(expectedCode)} ${expected}`;
}

function errorFault(method: Method<unknown>, code: number): string | undefined {
  const declared = Object.keys(method.about.errors ?? {}).map(
    (kind) => ErrorCode[kind as keyof typeof ErrorCode],
  );
  const known: number[] = [...declared, ErrorCode.invalidRequest, ErrorCode.invalidParams];
  return known.includes(code) ? undefined : 'this code is not declared';
}

function notificationFault(
  name: string,
  params: unknown,
  isApp: boolean,
  shown: Set<unknown>,
): string | undefined {
  if (CLIENT_NOTIFICATIONS.includes(name)) return undefined;
  const all = dialectsOf(isApp).flatMap(({ notifications }) =>
    notifications.filter((one) => one.name === name),
  );
  if (all.length === 0) return 'nobody declares this notification';
  const fits = all.find((one) => shapeFault(one.params, params) === undefined);
  if (fits) shown.add(fits.params);
  return fits ? undefined : shapeFault(all[0]?.params, params);
}

function shapeFault(schema: v.GenericSchema | undefined, value: unknown): string | undefined {
  if (!schema) return 'nobody declares it';
  const { issues } = v.safeParse(schema, value);
  return issues?.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`).join('; ');
}
