/** What the first bytes of a file say that it is. */
export type Kind = 'UTF-16LE' | 'UTF-16BE' | 'XLSX' | 'OLE';

const KINDS: readonly (readonly [Kind, Buffer])[] = [
  ['UTF-16LE', Buffer.from([0xff, 0xfe])],
  ['UTF-16BE', Buffer.from([0xfe, 0xff])],
  ['XLSX', Buffer.from('PK\x03\x04')],
  ['OLE', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
];

export function kindOf(beginning: Buffer): Kind | undefined {
  return KINDS.find(([, bytes]) => beginning.subarray(0, bytes.length).equals(bytes))?.[0];
}

/** The name of the stream that holds an encrypted workbook, as OLE writes names. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Looks through an OLE file that comes in pieces. */
export class OleSearch {
  encrypted = false;
  private tail: Buffer = Buffer.alloc(0);

  feed(chunk: Buffer): void {
    const bytes = Buffer.concat([this.tail, chunk]);
    this.encrypted ||= bytes.includes(ENCRYPTED);
    this.tail = bytes.subarray(-ENCRYPTED.length);
  }
}
