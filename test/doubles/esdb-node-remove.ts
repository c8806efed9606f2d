import { type handleUnaryCall, type Metadata, type sendUnaryData } from '@grpc/grpc-js';
import { type EventEmitter } from 'node:events';
import { expectedOf, placed } from './esdb-node-append.js';
import { type Logged } from './esdb-node-log.js';
import { nameOf, refusals, streams, type Streams } from './esdb-node-protocol.js';
import { type Room } from './esdb-node-room.js';

/** Streams.Delete: the stream may begin again, behind its old end. */
export function softDelete(room: Room): handleUnaryCall<Streams.DeleteReq, Streams.DeleteResp> {
  const { DeleteResp } = streams;
  return (call, callback) => {
    remove(room, 'delete', call, call.request.getOptions(), callback, (last) =>
      new DeleteResp().setPosition(placed(new DeleteResp.Position(), last)),
    );
  };
}

/** Streams.Tombstone: the stream is gone for good. */
export function tombstone(room: Room): handleUnaryCall<Streams.TombstoneReq, Streams.TombstoneResp> {
  const { TombstoneResp } = streams;
  return (call, callback) => {
    remove(room, 'tombstone', call, call.request.getOptions(), callback, (last) =>
      new TombstoneResp().setPosition(placed(new TombstoneResp.Position(), last)),
    );
  };
}

function remove<A>(
  room: Room,
  kind: 'delete' | 'tombstone',
  call: EventEmitter & { metadata: Metadata },
  options: Streams.DeleteReq.Options | Streams.TombstoneReq.Options | undefined,
  callback: sendUnaryData<A>,
  answer: (last: Pick<Logged, 'commit' | 'prepare'>) => A,
): void {
  room.serve(kind, call, callback, () => {
    if (!options) throw refusals.invalid('no options');
    const stream = nameOf(options.getStreamIdentifier());
    const expected = expectedOf(options, options.getRevision());
    const verdict =
      kind === 'delete' ? room.log.softDelete(stream, expected) : room.log.tombstone(stream, expected);
    if (verdict.kind === 'deleted') throw refusals.streamDeleted(stream);
    if (verdict.kind === 'wrong') throw refusals.wrongExpectedVersion(stream, expected, verdict.current);
    callback(null, answer(verdict.last ?? { commit: 0n, prepare: 0n }));
  });
}
