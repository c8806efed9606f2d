import { noting } from '../../eventing/project.js';
import { deltas } from './deltas.js';
import { lineages } from './lineages.js';
import { type World } from './places.js';
import { ledgerProjection } from './projection.js';
import { holders } from './retention.js';
import { searchTexts } from './search-text.js';

/**
 * Everything that is kept in a schema of the ledger: the rows, and beside them the figures, where divisions lay,
 * what is looked for, and who is sealed in them. The worker keeps it, a rebuild makes it anew, and a check makes it again to compare.
 */
export function wholeLedger(schema: string, world: World) {
  const counted = noting(ledgerProjection(schema, world), deltas(schema, world));
  const found = noting(noting(counted, lineages(schema, world.places)), searchTexts(schema));
  return noting(found, holders(schema));
}
