import { type Uuid } from '../../contracts/values.js';
import { type Beside } from '../../eventing/project.js';
import { type Sql } from '../../platform/sql.js';
import { type Row } from './row.js';

/** A case that changed, and whom it concerned before or concerns now. */
export interface Changed {
  seq: number;
  /** null: more has changed than is told one by one. */
  caseId: Uuid | null;
  revision: number;
  reach: string[];
}

/** More cases in one transaction than this are told as one: everybody looks again. */
const MOST = 500;
/** Changes are kept for so long. */
const KEPT = '1 hour';

/** Whatever becomes of the rows, whoever listens goes on from where they were: so it is in no schema of theirs. */
export async function migrateChanges(sql: Sql): Promise<void> {
  await sql`create schema if not exists live`;
  await sql`create table if not exists live.changes (
    seq bigint generated always as identity primary key, case_id uuid, revision int not null,
    reach text[] not null, at timestamptz not null default now())`;
}

export async function forgetChanges(sql: Sql): Promise<void> {
  await sql`delete from live.changes where at < now() - ${KEPT}::interval`;
}

type Noted = Omit<Changed, 'seq'>;

/** Written with the rows, so that whoever is told of a case finds it as it is told. */
export const changes: Beside<Map<Uuid, Noted>, Row> = {
  nothing: () => new Map(),
  note: (told, { stored: { stream, revision } }, moved) => {
    if (!moved || told.size > MOST) return;
    const caseId = stream.slice('case-'.length);
    const { before, change } = moved;
    const reach = [...(told.get(caseId)?.reach ?? []), ...(before?.reach ?? []), ...(change.reach ?? [])];
    told.set(caseId, { caseId, revision, reach: [...new Set(reach)] });
  },
  write: async (tx, told) => {
    if (told.size === 0) return;
    const all = told.size > MOST ? [{ caseId: null, revision: 0, reach: [] }] : [...told.values()];
    await tx`
      insert into live.changes (case_id, revision, reach)
      select "caseId", revision, reach from json_to_recordset(${JSON.stringify(all)}::text::json)
        c("caseId" uuid, revision int, reach text[])`;
  },
};
