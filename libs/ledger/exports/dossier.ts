import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Slot, type Upload } from '../../contracts/case-events.js';
import { type Caller, HistoryOf, type PastEvent } from '../../contracts/envelope.js';
import { PAPER } from '../../contracts/messages/forms.js';
import { type Uuid } from '../../contracts/values.js';

const PAGE = 500;

/** A file of a case, and what it is to show. */
export interface Exhibit {
  slot: string;
  /** As the checklist calls it. */
  title: string;
  file: Upload;
}

/** What happened in a case, as far as somebody sees it. */
@Injectable()
export class Dossiers {
  constructor(private readonly queries: QueryBus) {}

  /** @throws Refusal case/unknown */
  async historyOf(caseId: Uuid, caller: Caller): Promise<PastEvent[]> {
    const events: PastEvent[] = [];
    for (;;) {
      const ask = new HistoryOf(caseId, caller, events.length, PAGE);
      const page = await this.queries.execute<HistoryOf, PastEvent[]>(ask);
      events.push(...page);
      if (page.length < PAGE) return events;
    }
  }
}

interface Filed {
  slot?: string;
  file?: Upload;
  receipt?: Uuid;
  photos?: Upload[];
  checklist?: Slot[];
}

/** The evidence of the round that a case is in, and what was seen on the spot. */
export function exhibitsOf(events: readonly PastEvent[]): Exhibit[] {
  let exhibits: Exhibit[] = [];
  const titles = new Map<string, string>();
  for (const { type, data } of events) {
    const { slot = '', file, receipt, photos = [], checklist = [] } = data as Filed;
    for (const { id, title } of checklist) titles.set(id, title);
    if (type === 'CaseReopened') exhibits = [];
    if (type === 'EvidenceWithdrawn') exhibits = exhibits.filter((one) => one.file.receipt !== receipt);
    if (type === 'EvidenceAttached' || type === 'EvidenceSupplied')
      exhibits.push(...(file ? [{ slot, title: titles.get(slot) ?? slot, file }] : []));
    if (type === 'VerificationRecorded')
      exhibits.push(...photos.map((photo) => ({ slot: 'visit', title: PAPER.visit, file: photo })));
  }
  return exhibits;
}

/** Of the pictures those that show it before, or after. */
export const pictured = (exhibits: readonly Exhibit[], when: 'before' | 'after'): Exhibit[] =>
  exhibits.filter(({ slot, file }) => slot.startsWith(when) && file.mediaType.startsWith('image/'));

/** As much of a hash as people compare. */
export const short = (sha256: string): string => sha256.slice(0, 16);
