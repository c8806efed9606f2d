import { type IndexKind } from '../contracts/sealing.js';
import { type Uuid } from '../contracts/values.js';

/** A holder's key as it is kept: wrapped by the master key, without which it is worth nothing. */
export interface WrappedKey {
  holder: Uuid;
  /** From 1. */
  version: number;
  bytes: Uint8Array;
}

export interface Erasure {
  holder: Uuid;
  /** ISO 8601 in UTC, in milliseconds. */
  erasedAt: string;
}

/** By what a holder is found again. */
export interface Note {
  kind: IndexKind;
  /** The blind index, base64url. */
  index: string;
  holder: Uuid;
  /** The case in which the holder is named; the holder again where it is the one whom the index means. */
  caseId: Uuid;
}

/**
 * Where wrapped keys are kept, and beside them the blind indexes of what they seal. Erasing a holder destroys both; that
 * it happened is never forgotten.
 */
export interface Keys {
  /**
   * @param version the newest where it is not given
   * @throws Erased
   */
  get(holder: Uuid, version?: number): Promise<WrappedKey | undefined>;
  /**
   * Keeps the key where the holder has none of this version, safely on the medium.
   * @returns the key that stands: whoever comes first has made it
   * @throws Erased
   */
  create(key: WrappedKey): Promise<WrappedKey>;
  /** Any key that was not destroyed, to try a master key on. */
  any(): Promise<WrappedKey | undefined>;
  /**
   * Keeps blind indexes; of a holder without a key, such as an erased one, none. An index means one holder: whoever
   * comes first, until they are erased.
   */
  note(notes: readonly Note[]): Promise<void>;
  /** Of everybody who was noted under this index, by holder and case. */
  find(kind: IndexKind, index: string): Promise<Pick<Note, 'holder' | 'caseId'>[]>;
  /** Destroys the holder's keys and indexes. A second time it answers the first erasure. */
  erase(holder: Uuid): Promise<Erasure>;
  /**
   * In the order in which they happened. A copy of them belongs outside the database, for the day of a restore.
   * @param since an instant in ISO 8601, itself included
   */
  erasures(since?: string): Promise<Erasure[]>;
  /**
   * After a restore: records these erasures and destroys every key and index of a holder who is recorded as erased.
   * @returns how many keys had come back
   */
  reapply(erasures: readonly Erasure[]): Promise<number>;
}
