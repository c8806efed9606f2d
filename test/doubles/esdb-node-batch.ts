import { type handleBidiStreamingCall } from '@grpc/grpc-js';
import { type Asked, carryOut, expectedOf, placed, proposed } from './esdb-node-append.js';
import { type Verdict } from './esdb-node-log.js';
import {
  Any,
  Code,
  Empty,
  identifierOf,
  nameOf,
  type Refused,
  refusals,
  type RpcStatus,
  shared,
  Status,
  streams,
  type Streams,
} from './esdb-node-protocol.js';
import { type Room } from './esdb-node-room.js';

/** Streams.BatchAppend: one call for all appends of a client, told apart by their ids, refused by a google.rpc.Status. */
export function batchAppend(
  room: Room,
): handleBidiStreamingCall<Streams.BatchAppendReq, Streams.BatchAppendResp> {
  return (call) => {
    const begun = new Map<string, Asked>();
    call.on('data', (request: Streams.BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const asked = begun.get(id) ?? begin(request.getOptions());
      begun.set(id, asked);
      asked.events.push(...request.getProposedMessagesList().map(proposed));
      if (!request.getIsFinal()) return;
      begun.delete(id);
      const answer = (): Streams.BatchAppendResp =>
        new streams.BatchAppendResp()
          .setCorrelationId(new shared.UUID().setString(id))
          .setStreamIdentifier(identifierOf(asked.stream));
      const refuse = (refused: Refused): void => {
        // Of the leader the call itself speaks, and ends; the rest concerns one append of many.
        if (refused.metadata.get('exception').includes('not-leader')) call.emit('error', refused);
        else call.write(answer().setError(statusOf(refused, asked)));
      };
      room.serve('batchAppend', call, refuse, () => {
        carryOut(room, asked, (verdict) => {
          if (verdict.kind === 'written') call.write(answer().setSuccess(success(verdict)));
          else if (verdict.kind === 'wrong') call.write(answer().setError(wrong(verdict.current, asked)));
          else refuse(refusals.streamDeleted(asked.stream));
        });
      });
    });
    call.on('end', () => {
      call.end();
    });
    call.on('error', () => undefined);
  };
}

function begin(options: Streams.BatchAppendReq.Options | undefined): Asked {
  if (!options) throw new Error('the first message of an append has no options');
  const stream = nameOf(options.getStreamIdentifier());
  return { stream, expected: expectedOf(options, options.getStreamPosition()), events: [] };
}

function success({ revision, last }: Extract<Verdict, { kind: 'written' }>): Streams.BatchAppendResp.Success {
  const told = new streams.BatchAppendResp.Success();
  if (revision < 0n) told.setNoStream(new Empty());
  else told.setCurrentRevision(String(revision));
  return last
    ? told.setPosition(placed(new shared.AllStreamPosition(), last))
    : told.setNoPosition(new Empty());
}

function wrong(current: bigint, { expected }: Asked): RpcStatus {
  const told = new shared.WrongExpectedVersion();
  if (current < 0n) told.setCurrentNoStream(new Empty());
  else told.setCurrentStreamRevision(String(current));
  if (expected === 'any') told.setExpectedAny(new Empty());
  else if (expected === 'stream_exists') told.setExpectedStreamExists(new Empty());
  else if (expected === 'no_stream') told.setExpectedNoStream(new Empty());
  else told.setExpectedStreamPosition(String(expected));
  return status(Code.FAILED_PRECONDITION, 'WrongExpectedVersion', told);
}

function statusOf(refused: Refused, { stream }: Asked): RpcStatus {
  const about = (key: string): string => String(refused.metadata.get(key)[0] ?? '');
  switch (about('exception')) {
    case 'stream-deleted':
      return status(
        Code.FAILED_PRECONDITION,
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)),
      );
    case 'access-denied':
      return status(Code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());
    case 'maximum-append-size-exceeded': {
      const told = new shared.MaximumAppendSizeExceeded().setMaxappendsize(
        Number(about('maximum-append-size')),
      );
      return status(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', told);
    }
  }
  if (refused.details.startsWith('Operation timed out'))
    return status(Code.ABORTED, 'Timeout', new shared.Timeout());
  return status(Code.UNKNOWN, 'Unknown', new shared.Unknown()).setMessage(refused.details);
}

function status(code: Code, name: string, details: { serializeBinary: () => Uint8Array }): RpcStatus {
  const any = new Any();
  any.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new Status().setCode(code).setMessage(name).setDetails(any);
}
