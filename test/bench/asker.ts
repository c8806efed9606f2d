import { Connection, type Reply } from './connection.js';

/** People who ask one after the other on a kept connection. */
export class Asker {
  private constructor(
    private readonly connection: Connection,
    private readonly tokens: Record<string, string>,
  ) {}

  static async open(url: string, tokens: Record<string, string>): Promise<Asker> {
    return new Asker(await Connection.open(url), tokens);
  }

  /** @returns the body @throws Error where it is refused */
  async get(person: string, path: string): Promise<string> {
    return bodyOf(await this.connection.get(path, this.#headers(person)), path);
  }

  async post(person: string, path: string, body: object, headers = ''): Promise<string> {
    const text = JSON.stringify(body);
    return bodyOf(await this.connection.post(path, this.#headers(person) + headers, text), path);
  }

  close(): void {
    this.connection.close();
  }

  #headers(person: string): string {
    return `Authorization: Bearer ${this.tokens[person] ?? ''}\r\n`;
  }
}

function bodyOf({ status, body }: Reply, path: string): string {
  if (status >= 300) throw new Error(`${path} was refused: ${status} ${body}`);
  return body;
}
