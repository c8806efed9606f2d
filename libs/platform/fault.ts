/**
 * The program cannot go on and a person must do something: the message is one clear sentence for them, without
 * secrets. Whoever starts a process prints it and exits with 1.
 */
export class StartFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFault';
  }
}

/** The code of a system's or a database's error, such as ENOENT or 23505; empty where it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const GONE = /^(?:ECONN|EPIPE|CONNECT|08|57P|53)/;

/** Whether an error says that the database cannot be reached, or went away. */
export function databaseGone(error: unknown): boolean {
  const code = codeOf(error);
  const noSocket = code === 'ENOENT' && (error as { syscall?: string }).syscall === 'connect';
  return noSocket || GONE.test(code);
}
