export { HttpError } from './httpError';
export { HttpStream, type BodyDelta } from './httpStream';
export { HttpStreams, type DeltaListener, type StreamedResponse } from './httpStreams';
export { MAX_BUFFERED_BYTES, request } from './request';
export type {
  Environment,
  HttpHeader,
  HttpRequestHeader,
  HttpRequestParams,
  HttpResponse,
  RedirectPolicy,
  RequestOptions,
} from './types';
