import { eventStoreContract } from '../../../test/contracts/event-store.contract.js';
import { type EsdbNode, startEsdbNode } from '../../../test/doubles/esdb-node.js';
import { EventStoreDbLog } from './eventstoredb-log.js';

let node: EsdbNode | undefined;
/** The contract asserts no timing: a thousand appends at once take long on a machine that has other work. */
const patient = { appendDeadlineMs: 60_000, readDeadlineMs: 60_000 };

eventStoreContract(
  'EventStoreDB',
  async () => {
    node = await startEsdbNode();
    const store = new EventStoreDbLog({ url: node.url, ...patient });
    return {
      store,
      close: async () => {
        await store.close();
        await node?.stop();
      },
    };
  },
  () => ({ loseNextAnswer: () => node?.faults.loseNextAnswer('cut') }),
);

const { EVENTSTOREDB_URL: url } = process.env;
if (url !== undefined && url !== '') {
  eventStoreContract('the server at EVENTSTOREDB_URL', () => {
    const store = new EventStoreDbLog({ url, ...patient });
    return Promise.resolve({ store, close: () => store.close() });
  });
}
