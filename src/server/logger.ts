/** Where the server tells what it does. Never given the token or the content of frames. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
