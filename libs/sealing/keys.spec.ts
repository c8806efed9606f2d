import { keysContract } from '../../test/contracts/keys.contract.js';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';

// The double must keep what the real one keeps, or the specs that use it say nothing.
keysContract('The double in memory', () => {
  const keys = new MemoryKeys();
  return Promise.resolve({ keys, elsewhere: keys, close: () => Promise.resolve() });
});
