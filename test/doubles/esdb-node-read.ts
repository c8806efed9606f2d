import { type handleServerStreamingCall } from '@grpc/grpc-js';
import { DELETED, type Logged, type NodeLog } from './esdb-node-log.js';
import { type Room } from './esdb-node-room.js';
import { compare, eventOf, matcher, Pace, type Reading } from './esdb-node-events.js';
import { identifierOf, nameOf, refusals, streams, type Streams } from './esdb-node-protocol.js';
import { subscribe } from './esdb-node-subscription.js';

type Options = Streams.ReadReq.Options;

/** Streams.Read: a stream or the whole log, as far as it goes or with what is to come. */
export function read(room: Room): handleServerStreamingCall<Streams.ReadReq, Streams.ReadResp> {
  return (call) => {
    const refuse = (refused: Error): void => void call.emit('error', refused);
    const options = call.request.getOptions();
    const live = options?.hasSubscription() === true;
    room.serve(live ? 'subscribe' : 'read', call, refuse, () => {
      if (!options) throw refusals.invalid('no options');
      if (live) void subscribe(room, call, options).catch(refuse);
      else void send(call, once(room.log, options)).catch(refuse);
    });
  };
}

/** @throws Refused the stream was tombstoned */
function once(log: NodeLog, options: Options): Streams.ReadResp[] {
  const stream = options.getStream();
  const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;
  const inOrder = (records: readonly Logged[]): readonly Logged[] =>
    forwards ? records : records.toReversed();
  const most = Number(options.getCount());
  if (!stream) {
    const matches = matcher(options);
    const found = inOrder(log.all).filter((one) => matches(one) && isFrom(one, options, forwards));
    return found.slice(0, most).map(eventOf);
  }
  const name = nameOf(stream.getStreamIdentifier());
  if (log.last(name) === DELETED) throw refusals.streamDeleted(name);
  const there = log.visible(name);
  if (!there) {
    const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name));
    return [new streams.ReadResp().setStreamNotFound(missing)];
  }
  const from = stream.hasRevision()
    ? BigInt(stream.getRevision())
    : stream.hasEnd() === forwards
      ? DELETED
      : 0n;
  const bounded = forwards || stream.hasRevision();
  const found = there.filter(({ revision }) => !bounded || (forwards ? revision >= from : revision <= from));
  return inOrder(found).slice(0, most).map(eventOf);
}

function isFrom(record: Logged, options: Options, forwards: boolean): boolean {
  const all = options.getAll();
  const position = all?.getPosition();
  if (!position) return all?.hasStart() === forwards;
  const order = compare(record, {
    commit: BigInt(position.getCommitPosition()),
    prepare: BigInt(position.getPreparePosition()),
  });
  return forwards ? order >= 0 : order < 0;
}

async function send(call: Reading, answers: readonly Streams.ReadResp[]): Promise<void> {
  const pace = new Pace(call);
  for (const answer of answers) await pace.write(answer);
  call.end();
}
