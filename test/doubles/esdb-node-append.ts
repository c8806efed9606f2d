import { type handleClientStreamingCall } from '@grpc/grpc-js';
import { type Expected, type Proposed, type Verdict } from './esdb-node-log.js';
import { nameOf, refusals, shared, streams, type Streams } from './esdb-node-protocol.js';
import { type Room } from './esdb-node-room.js';

export interface Asked {
  stream: string;
  expected: Expected;
  events: Proposed[];
}

const MEBIBYTE = 1024 * 1024;

/** Decides an append and answers it in the way the faults have in mind. */
export function carryOut(
  room: Room,
  { stream, expected, events }: Asked,
  answer: (verdict: Verdict) => void,
): void {
  const { faults, log, options } = room;
  const { maxAppendBytes = MEBIBYTE } = options;
  if (faults.takeNotReady()) throw refusals.notReady();
  if (events.reduce((sum, { data }) => sum + data.length, 0) > maxAppendBytes) {
    throw refusals.tooLarge(maxAppendBytes);
  }
  for (const { type, contentType } of events) {
    if (type === '' || contentType === '') throw refusals.incomplete(type === '' ? 'type' : 'content-type');
  }
  const verdict = log.append(stream, expected, events);
  if (faults.takeTimeout()) throw refusals.timeout();
  const how = faults.takeAnswer();
  if (how === 'cut') faults.dropConnections();
  else if (how === 'given') answer(verdict);
  else if (typeof how === 'number') {
    room.later(how, () => {
      answer(verdict);
    });
  }
}

/** Streams.Append: one append a call, and a wrong expected revision is an answer, not an error. */
export function append(room: Room): handleClientStreamingCall<Streams.AppendReq, Streams.AppendResp> {
  return (call, callback) => {
    const asked: Asked = { stream: '', expected: 'any', events: [] };
    call.on('data', (request: Streams.AppendReq) => {
      const options = request.getOptions();
      const message = request.getProposedMessage();
      if (options) {
        asked.stream = nameOf(options.getStreamIdentifier());
        asked.expected = expectedOf(options, options.getRevision());
      }
      if (message) asked.events.push(proposed(message));
    });
    call.on('end', () => {
      room.serve('append', call, callback, () => {
        carryOut(room, asked, (verdict) => {
          if (verdict.kind === 'deleted') callback(refusals.streamDeleted(asked.stream));
          else if (verdict.kind === 'wrong') callback(null, wrong(verdict.current, asked.expected));
          else callback(null, success(verdict));
        });
      });
    });
    call.on('error', () => undefined);
  };
}

function wrong(current: bigint, expected: Expected): Streams.AppendResp {
  const empty = new shared.Empty();
  const told = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0n) told.setCurrentNoStream(empty);
  else told.setCurrentRevision(String(current));
  if (expected === 'any') told.setExpectedAny(empty);
  else if (expected === 'stream_exists') told.setExpectedStreamExists(empty);
  else if (expected === 'no_stream') told.setExpectedNoStream(empty);
  else told.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(told);
}

function success({ revision, last }: Extract<Verdict, { kind: 'written' }>): Streams.AppendResp {
  const { AppendResp } = streams;
  const told = new AppendResp.Success();
  if (revision < 0n) told.setNoStream(new shared.Empty());
  else told.setCurrentRevision(String(revision));
  if (last) told.setPosition(placed(new AppendResp.Position(), last));
  else told.setNoPosition(new shared.Empty());
  return new AppendResp().setSuccess(told);
}

interface ExpectedOptions {
  hasAny: () => boolean;
  hasNoStream: () => boolean;
  hasStreamExists: () => boolean;
}

export function expectedOf(options: ExpectedOptions, revision: string): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : BigInt(revision);
}

export function proposed(
  message: Streams.AppendReq.ProposedMessage | Streams.BatchAppendReq.ProposedMessage,
): Proposed {
  const about = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: about.get('type') ?? '',
    contentType: about.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function placed<
  P extends { setCommitPosition: (at: string) => unknown; setPreparePosition: (at: string) => unknown },
>(position: P, { commit, prepare }: { commit: bigint; prepare: bigint }): P {
  position.setCommitPosition(String(commit));
  position.setPreparePosition(String(prepare));
  return position;
}
