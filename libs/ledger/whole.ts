import { type CaseEvent } from '../contracts/case-events.js';
import { type Projection } from '../eventing/project.js';
import { type Places } from './places.js';
import { ledgerProjection } from './projection.js';
import { type Row } from './row.js';

/**
 * Everything that is kept in a schema of the ledger: the rows, and the tables beside them. The worker keeps it, a
 * rebuild makes it anew, and a check makes it again to compare.
 */
export const wholeLedger = (schema: string, places: Places): Projection<Row, CaseEvent> =>
  ledgerProjection(schema, places);
