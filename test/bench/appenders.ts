import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { migrateLog } from '../../libs/adapters/postgres-log/schema.js';
import { APP } from '../../libs/platform/embedded/server.js';
import { connect } from '../../libs/platform/sql.js';
import { payload, textOf } from './payload.js';
import { type BenchDatabase, type Place } from './server.js';

/** Appends one event to a stream that stands at `revision` − 1. */
export interface Appender {
  append: (stream: string, revision: number) => Promise<unknown>;
  close: () => Promise<void>;
}

export type Opening = (database: BenchDatabase, writers: number) => Promise<Appender>;

/** A server that nobody set up otherwise takes 100 connections and keeps some for itself. */
export const MOST_CONNECTIONS = 90;

export async function withLog({ admin }: BenchDatabase): Promise<void> {
  const sql = connect(admin, 1);
  await migrateLog(sql, APP);
  await sql.end();
}

export const ours: Opening = async (database) => {
  await withLog(database);
  return onLog(database);
};

/** On a log that is there already. */
export const onLog = ({ app }: BenchDatabase): Promise<Appender> => {
  const log = new PostgresLog(app);
  return Promise.resolve({
    append: (stream, revision) => log.append(stream, revision - 1, [textOf(payload())]),
    close: () => log.close(),
  });
};

/** One insert, one transaction: what the server does without any store. */
export const raw: Opening = async ({ app }, writers) => {
  const sql = connect(app, Math.min(writers, MOST_CONNECTIONS));
  await sql.unsafe(`create table if not exists raw_events (
    position bigint generated always as identity primary key, stream text not null, revision int not null,
    id uuid not null, type text not null, data json not null, meta json not null, unique (stream, revision))`);
  const insert = `insert into raw_events (stream, revision, id, type, data, meta)
    values ($1, $2, $3, $4, $5::text::json, $6::text::json)`;
  return {
    append: (stream, revision) => {
      const { id, type, data, meta } = textOf(payload());
      return sql.unsafe(insert, [stream, revision, id, type, data, meta], { prepare: true });
    },
    close: () => sql.end({ timeout: 5 }),
  };
};

/** A pool for Emmett, with as many connections as it can use. */
export function emmettPool({ path, user, password, database }: Place, writers: number): pg.Pool {
  const host = path.slice(0, path.lastIndexOf('/'));
  const max = Math.min(Math.max(writers, 2), MOST_CONNECTIONS);
  return new pg.Pool({ host, user, password, database, max });
}

export const emmett: Opening = async ({ app }, writers) => {
  const pool = emmettPool(app, writers);
  const store = getPostgreSQLEventStore('postgresql://bench', { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    append: (stream, revision) => {
      const { type, data, meta } = payload();
      const event = { type, data: data as Record<string, unknown>, metadata: meta };
      return store.appendToStream(stream, [event], { expectedStreamVersion: BigInt(revision) });
    },
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
};

/** What the disk takes: the event's bytes at the end of one file, and fdatasync. */
export async function file(folder: string): Promise<Appender> {
  const handle = await open(join(folder, `loop-${process.pid}`), 'a');
  return {
    append: async () => {
      const { data, meta } = textOf(payload());
      await handle.write(data + meta);
      await handle.datasync();
    },
    close: () => handle.close(),
  };
}
