import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Reply {
  status: number;
  etag: string;
  body: string;
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** One kept connection, one request at a time: no more HTTP than what both servers need, so that load costs little. */
export class Connection {
  #received = '';
  #waiting: Waiting | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#take(text);
    });
    socket.on('close', () => {
      this.#waiting?.reject(new Error('the server hung up'));
    });
    socket.on('error', () => undefined);
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket, host);
  }

  post(path: string, headers: string, body: string): Promise<Reply> {
    const length = Buffer.byteLength(body);
    return this.#send(
      `POST ${path} HTTP/1.1\r\nHost: ${this.host}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${length}\r\n${headers}\r\n${body}`,
    );
  }

  get(path: string, headers: string): Promise<Reply> {
    return this.#send(`GET ${path} HTTP/1.1\r\nHost: ${this.host}\r\n${headers}\r\n`);
  }

  /** Whether either side has hung up. */
  get closed(): boolean {
    return this.socket.destroyed;
  }

  close(): void {
    this.#waiting = undefined;
    this.socket.destroy();
  }

  #send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  #take(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const headers = this.#received.slice(0, head);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? '0');
    const end = head + 4 + length;
    if (this.#received.length < end) return;
    const reply = {
      status: Number(headers.slice(9, 12)),
      etag: /\r\netag: ([^\r]*)/i.exec(headers)?.[1] ?? '',
      body: this.#received.slice(head + 4, end),
    };
    this.#received = this.#received.slice(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(reply);
  }
}
