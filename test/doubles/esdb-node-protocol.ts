import { Metadata, status } from '@grpc/grpc-js';
import type * as CodePb from '@eventstore/db-client/generated/code_pb.js';
import type * as GossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type * as Gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type * as FeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type * as Features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js';
import type * as StatusPb from '@eventstore/db-client/generated/status_pb.js';
import type * as StreamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import type * as AnyPb from 'google-protobuf/google/protobuf/any_pb.js';
import type * as EmptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { createRequire } from 'node:module';

// The generated files are CommonJS whose names Node cannot see from outside, and the message classes must be the
// very ones that the service definitions were made with.
const client = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const generated = (name: string): unknown => client(`../generated/${name}_pb.js`);

export const streams = generated('streams') as typeof Streams;
export const shared = generated('shared') as typeof Shared;
export const gossip = generated('gossip') as typeof Gossip;
export const features = generated('serverfeatures') as typeof Features;
export const { Code } = generated('code') as typeof CodePb;
export const { Status } = generated('status') as typeof StatusPb;
export const { StreamsService } = generated('streams_grpc') as typeof StreamsGrpc;
export const { GossipService } = generated('gossip_grpc') as typeof GossipGrpc;
export const { ServerFeaturesService } = generated('serverfeatures_grpc') as typeof FeaturesGrpc;
export const { Any } = client('google-protobuf/google/protobuf/any_pb.js') as typeof AnyPb;
export const { Empty } = client('google-protobuf/google/protobuf/empty_pb.js') as typeof EmptyPb;

/** How a call ends that is not answered: status, text and trailers as the server sends them. */
export class Refused extends Error {
  readonly metadata = new Metadata();
  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Record<string, string> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value);
  }
}

export const refusals = {
  accessDenied: () => new Refused(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => new Refused(status.UNAUTHENTICATED, 'Bad HTTP status: 401'),
  notReady: () => new Refused(status.UNAVAILABLE, 'Server Is Not Ready'),
  timeout: () => new Refused(status.ABORTED, 'Operation timed out: commit timeout'),
  notLeader: ({ host, port }: { host: string; port: number }) =>
    new Refused(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    }),
  noLeader: () => new Refused(status.UNKNOWN, 'No leader info available in response'),
  streamDeleted: (stream: string) =>
    new Refused(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  wrongExpectedVersion: (stream: string, expected: bigint | string, current: bigint) =>
    new Refused(
      status.FAILED_PRECONDITION,
      `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`,
      {
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': String(expected),
        'actual-version': String(current),
      },
    ),
  tooLarge: (most: number) =>
    new Refused(status.INVALID_ARGUMENT, `Maximum Append Size of ${most} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(most),
    }),
  incomplete: (property: string) =>
    new Refused(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),
  invalid: (what: string) => new Refused(status.INVALID_ARGUMENT, what),
};

export function nameOf(identifier: Shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function identifierOf(stream: string): Shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(new Uint8Array(Buffer.from(stream)));
}

export type RpcStatus = StatusPb.Status;
export type Code = CodePb.Code;
export type { Features, Gossip, Shared, Streams };
