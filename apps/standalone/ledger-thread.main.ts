import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { ANSWERED } from '../../libs/cases/manager.js';
import { Outbox } from '../../libs/eventing/project-outbox.js';
import { placesOf } from '../../libs/ledger/rows/places.js';
import { Served } from '../../libs/ledger/versions/served.js';
import { LedgerWorker } from '../../libs/ledger/rows/worker.js';
import { Bell, Ears } from '../../libs/platform/session.js';
import { connect, RELAXED } from '../../libs/platform/sql.js';
import { DivisionBook } from '../../libs/register/divisions/division-book.js';
import { faultLines } from './fault-lines.js';
import { type Begun, type Told } from './ledger-thread.js';
import { openLog } from './log.js';

faultLines();

const port = parentPort;
if (!port) throw new Error('this is a thread of the application');
const begun = workerData as Begun;
const { address, zone } = begun;
let { today } = begun;

const sql = connect(address, 3, RELAXED);
const ears = new Ears(address);
const bells = { served: new Bell(ears, 'served'), register: new Bell(ears, 'register') };
const book = new DivisionBook(sql, bells.register, () => today);
const served = new Served(sql, bells.served);
const log = openLog(begun, address, ears);
await book.open();
await bells.served.listen();
await served.refresh();

const around = {
  world: { places: placesOf(() => book.divisions), zone },
  today: () => today,
  onChange: (told: () => void) => {
    book.onChange(told);
  },
};
const worker = new LedgerWorker(log, sql, served, around, Outbox.of(ANSWERED), (keeping) => {
  port.postMessage(keeping);
});

port.on('message', (told: Told) => {
  if (told === 'end') void end();
  else ({ today } = told);
});
port.postMessage({});
worker.onApplicationBootstrap();

async function end(): Promise<void> {
  await worker.onApplicationShutdown();
  await Promise.all([log.close(), ...Object.values(bells).map((bell) => bell.end())]);
  await sql.end({ timeout: 5 });
  port?.close();
}
