import { Connection, type Reply } from './connection.js';

/** People who ask one after the other on a kept connection. */
export class Asker {
  private constructor(
    private readonly url: string,
    private connection: Connection,
    private readonly tokens: Record<string, string>,
  ) {}

  static async open(url: string, tokens: Record<string, string>): Promise<Asker> {
    return new Asker(url, await Connection.open(url), tokens);
  }

  /** @returns the body @throws Error where it is refused */
  async get(person: string, path: string): Promise<string> {
    return bodyOf(await (await this.#connected()).get(path, this.#headers(person)), path);
  }

  async post(person: string, path: string, body: object, headers = ''): Promise<string> {
    const text = JSON.stringify(body);
    return bodyOf(await (await this.#connected()).post(path, this.#headers(person) + headers, text), path);
  }

  close(): void {
    this.connection.close();
  }

  /** A server hangs up on who says nothing for a minute, as while another ledger is made. */
  async #connected(): Promise<Connection> {
    if (this.connection.closed) this.connection = await Connection.open(this.url);
    return this.connection;
  }

  #headers(person: string): string {
    return `Authorization: Bearer ${this.tokens[person] ?? ''}\r\n`;
  }
}

function bodyOf({ status, body }: Reply, path: string): string {
  if (status >= 300) throw new Error(`${path} was refused: ${status} ${body}`);
  return body;
}
