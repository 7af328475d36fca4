export { HttpError } from './httpError';
export { HttpStream, type BodyDelta } from './httpStream';
export { HttpStreams, type DeltaListener, type StreamedResponse } from './httpStreams';
export { BodyRoom } from './body/bodyRoom';
export { BodyStore } from './body/bodyStore';
export { Holding, type MemoryBudget } from './body/memoryBudget';
export { lookUpHere, LookUpProcess, type LookUp } from './network/lookUp';
export { Network, type NetworkOptions } from './network/network';
export type { ProxySettings } from './network/proxyChoice';
export { MAX_BUFFERED_BYTES, request } from './request';
export type {
  Variables as Environment,
  HttpHeader,
  HttpHost,
  HttpRequestHeader,
  HttpRequestParams,
  HttpResponse,
  RedirectPolicy,
} from './types';
