import { type ConnectionInjector, Server, ServerCredentials } from '@grpc/grpc-js';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { append } from './esdb-node-append.js';
import { batchAppend } from './esdb-node-batch.js';
import { Cluster, type Member } from './esdb-node-cluster.js';
import { type Faults } from './esdb-node-faults.js';
import { readGossip, supportedMethods } from './esdb-node-gossip.js';
import { NodeLog } from './esdb-node-log.js';
import { GossipService, ServerFeaturesService, StreamsService } from './esdb-node-protocol.js';
import { read } from './esdb-node-read.js';
import { softDelete, tombstone } from './esdb-node-remove.js';
import { type Calls, Room, type RoomOptions } from './esdb-node-room.js';
import { type Certificates } from './esdb-node-tls.js';

export interface EsdbNodeOptions extends RoomOptions {
  tls?: Certificates;
  /** Events of one append share their commit position, as those of explicit transactions do. */
  sharedCommits?: boolean;
}

const HOST = '127.0.0.1';
/** Calls at a time on one connection, as the real server has it. */
const STREAMS = 100;

/** A node of EventStoreDB in memory, on 127.0.0.1: it speaks the real protocol, and fails when it is told to. */
export class EsdbNode {
  readonly member: Member;
  readonly #room: Room;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #door: NetServer | undefined;

  constructor(
    cluster: Cluster,
    private readonly options: EsdbNodeOptions,
  ) {
    this.member = cluster.join(HOST);
    this.#room = new Room(cluster, this.member, options, this.#sockets);
  }

  /** Without credentials: put `user:password@` before the host. */
  get url(): string {
    return urlOf([this.member], this.options);
  }

  get faults(): Faults {
    return this.#room.faults;
  }

  get log(): NodeLog {
    return this.#room.log;
  }

  get calls(): Readonly<Calls> {
    return this.#room.calls;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens where it listened before, at first on a free port. */
  async start(): Promise<void> {
    const injector = this.#serve();
    this.#door = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      injector.injectConnection(socket);
    });
    this.#door.listen(this.member.port, HOST);
    await once(this.#door, 'listening');
    this.member.port = (this.#door.address() as AddressInfo).port;
    this.member.alive = true;
  }

  /** Refuses connections from now on, and breaks those that are open. What was written stays. */
  async stop(): Promise<void> {
    this.member.alive = false;
    this.#room.close();
    const door = this.#door;
    if (!door?.listening) return;
    const closed = once(door, 'close');
    door.close();
    this.faults.dropConnections();
    this.#server?.forceShutdown();
    await closed;
  }

  #serve(): ConnectionInjector {
    const room = this.#room;
    this.#server = new Server({ 'grpc.max_concurrent_streams': STREAMS });
    this.#server.addService(StreamsService, {
      append: append(room),
      batchAppend: batchAppend(room),
      read: read(room),
      delete: softDelete(room),
      tombstone: tombstone(room),
    });
    this.#server.addService(GossipService, { read: readGossip(room) });
    this.#server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethods(room) });
    const { tls } = this.options;
    const pair = tls && { cert_chain: tls.cert, private_key: tls.key };
    const credentials = pair ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createInsecure();
    return this.#server.createConnectionInjector(credentials);
  }
}

function urlOf(members: readonly Member[], { tls }: EsdbNodeOptions): string {
  const hosts = members.map(({ host, port }) => `${host}:${port}`).join(',');
  return `esdb://${hosts}?${tls ? `tls=true&tlsCAFile=${encodeURIComponent(tls.caFile)}` : 'tls=false'}`;
}

/** A node by itself. */
export async function startEsdbNode(options: EsdbNodeOptions = {}): Promise<EsdbNode> {
  const node = new EsdbNode(new Cluster(new NodeLog(options.sharedCommits)), options);
  await node.start();
  return node;
}

export interface EsdbCluster {
  nodes: EsdbNode[];
  /** The address of all nodes. */
  url: string;
  /** From now on this node leads, or none does. */
  elect: (node: EsdbNode | undefined) => void;
  stop: () => Promise<void>;
}

/** Nodes that keep one log and tell of each other; the first leads. */
export async function startEsdbCluster(size: number, options: EsdbNodeOptions = {}): Promise<EsdbCluster> {
  const cluster = new Cluster(new NodeLog(options.sharedCommits));
  const nodes = Array.from({ length: size }, () => new EsdbNode(cluster, options));
  await Promise.all(nodes.map((node) => node.start()));
  return {
    nodes,
    url: urlOf(cluster.members, options),
    elect: (node) => (cluster.leader = node?.member),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
