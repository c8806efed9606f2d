import { randomUUID } from 'node:crypto';

/** The event that everybody appends: evidence attached to a case, about 720 bytes of data and meta. */
export interface Payload {
  id: string;
  type: string;
  data: object;
  meta: object;
}

const SHA = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

export function payload(): Payload {
  const command = randomUUID();
  return {
    id: randomUUID(),
    type: 'EvidenceAttached',
    data: {
      file: { bytes: 482113, mediaType: 'image/jpeg', receipt: command, sha256: SHA },
      note: '整改后由同一角度拍摄，楼梯间消防通道杂物已全部清理',
      slot: 'after-photo',
    },
    meta: {
      actor: { person: 'queens-handler', role: 'handler', unit: 'queens-office', via: 'http' },
      calendar: 'weekdays@1',
      causationId: command,
      commandId: command,
      correlationId: command,
      entryMode: 'live',
      policy: 'demo@1',
      recordedAt: '2026-03-02T08:15:30.123Z',
      requestHash: SHA,
    },
  };
}

/** As text. Keys stand in their order already. */
export function textOf({ id, type, data, meta }: Payload): {
  id: string;
  type: string;
  data: string;
  meta: string;
} {
  return { id, type, data: JSON.stringify(data), meta: JSON.stringify(meta) };
}
