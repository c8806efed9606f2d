import { type QueryBus } from '@nestjs/cqrs';
import { SeenAmong } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { EvidenceIn, type EvidenceUse } from '../../contracts/evidence.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { distance, NEAR } from './likeness.js';

/** Photos looked at, and lines told. */
const MOST = 200;
/** Others that have a key of a photo in common with it. */
const CANDIDATES = 1000;

/** The same or nearly the same photo in two cases: a lead for whoever looks into it, never a verdict. */
export interface Lead {
  evidence: Uuid;
  other: { case: Uuid; evidence: Uuid };
  /** Bits of 64 in which the pictures differ. */
  distance: number;
  /** The very same file. */
  same: boolean;
}

interface Pair {
  mine: Uuid;
  myLikeness: string | null;
  theirs: Uuid;
  case: Uuid;
  likeness: string | null;
  same: boolean;
}

export class Leads {
  constructor(
    private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  /** Nearest first. @throws Refusal case/unknown */
  async of(caseId: Uuid, caller: Caller): Promise<Lead[]> {
    const pairs = await this.#pairs(caseId);
    const receipts = [...new Set(pairs.map(({ mine }) => mine))];
    const ask = new EvidenceIn(caseId, caller, receipts);
    const { used } = await this.queries.execute<EvidenceIn, EvidenceUse>(ask);
    const near = pairs
      .map((pair) => ({ ...pair, distance: pair.same ? 0 : distanceOf(pair) }))
      .filter(({ mine, distance }) => distance <= NEAR && used.includes(mine))
      .sort((one, other) => one.distance - other.distance || Number(other.same) - Number(one.same));
    const visible = await this.#used(near, caller);
    return near
      .filter(({ theirs }) => visible.has(theirs))
      .slice(0, MOST)
      .map(({ mine, theirs, distance, same, case: other }) => ({
        ...{ evidence: mine, other: { case: other, evidence: theirs }, distance, same },
      }));
  }

  /** Found by the hash or by a key in common; of both there is an index. */
  #pairs(caseId: Uuid): Promise<Pair[]> {
    return this.sql<Pair[]>`
      with mine as materialized (
        select u.receipt, u.sha256, u.likeness, u.likeness_keys from evidence.uploads u
        where u.case_id = ${caseId} and u.holder is null and u.media_type ^@ 'image/' and u.left_at is null limit ${MOST})
      select m.receipt as mine, m.likeness as "myLikeness", o.receipt as theirs, o.case_id as "case", o.likeness,
        o.sha256 = m.sha256 as same
      from mine m cross join lateral (
        (select u.receipt, u.case_id, u.likeness, u.sha256 from evidence.uploads u
          where u.sha256 = m.sha256 and u.case_id <> ${caseId} and u.left_at is null limit ${CANDIDATES})
        union
        (select u.receipt, u.case_id, u.likeness, u.sha256 from evidence.uploads u
          where u.likeness_keys && m.likeness_keys and u.case_id <> ${caseId} and u.left_at is null limit ${CANDIDATES})
      ) o`;
  }

  /** Of the other photos those that their cases have used, where the caller sees these cases. */
  async #used(near: readonly Pair[], caller: Caller): Promise<Set<Uuid>> {
    const byCase = new Map<Uuid, Set<Uuid>>();
    for (const { case: id, theirs } of near) byCase.set(id, (byCase.get(id) ?? new Set()).add(theirs));
    const cases = [...byCase.keys()].slice(0, MOST);
    const seen = await this.queries.execute<SeenAmong, Uuid[]>(new SeenAmong(cases, caller));
    const used = new Set<Uuid>();
    for (const id of seen) {
      const ask = new EvidenceIn(id, caller, [...(byCase.get(id) ?? [])]);
      for (const one of (await this.queries.execute<EvidenceIn, EvidenceUse>(ask)).used) used.add(one);
    }
    return used;
  }
}

const distanceOf = ({ myLikeness, likeness }: Pair): number =>
  myLikeness === null || likeness === null ? Infinity : distance(myLikeness, likeness);
