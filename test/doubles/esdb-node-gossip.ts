import { type handleUnaryCall } from '@grpc/grpc-js';
import {
  features,
  type Features,
  gossip,
  type Gossip,
  shared,
  type Shared,
  StreamsService,
} from './esdb-node-protocol.js';
import { type Room } from './esdb-node-room.js';

/** Gossip.Read: who is there, who leads. */
export function readGossip(room: Room): handleUnaryCall<Shared.Empty, Gossip.ClusterInfo> {
  return (_call, callback) => {
    if (room.faults.silent) return;
    const { members, leader } = room.cluster;
    const { LEADER, FOLLOWER, SHUTDOWN } = gossip.MemberInfo.VNodeState;
    const infos = members.map((member) =>
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(member.id))
        .setTimeStamp(String(Date.now()))
        .setState(member.alive ? (member === leader ? LEADER : FOLLOWER) : SHUTDOWN)
        .setIsAlive(member.alive)
        .setHttpEndPoint(new gossip.EndPoint().setAddress(member.host).setPort(member.port)),
    );
    callback(null, new gossip.ClusterInfo().setMembersList(infos));
  };
}

/** ServerFeatures.GetSupportedMethods: BatchAppend is among them. */
export function supportedMethods(room: Room): handleUnaryCall<Shared.Empty, Features.SupportedMethods> {
  return (_call, callback) => {
    if (room.faults.silent) return;
    const methods = Object.values(StreamsService).map(({ path }) => {
      const [, service = '', method = ''] = path.split('/');
      return new features.SupportedMethod().setServiceName(service).setMethodName(method.toLowerCase());
    });
    const answer = new features.SupportedMethods().setMethodsList(methods);
    callback(null, answer.setEventStoreServerVersion('23.10.0.0'));
  };
}
