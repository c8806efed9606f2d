import { type Database } from './database.js';
import { StartFault } from './fault.js';
import { Session } from './session.js';

const LOCK = 7_815_003;

/**
 * Stands for "one standalone process a database": holds a lock as long as it lives, and starts an embedded server
 * again that was killed.
 */
export class Sentinel {
  private constructor(private readonly session: Session) {}

  /**
   * @param deposed called when another process has taken the place meanwhile: there is nothing left but to stop
   * @throws StartFault when the place is taken
   */
  static async post(database: Database, deposed: (fault: StartFault) => void): Promise<Sentinel> {
    const taken = new StartFault(
      'Another Xiaohao is running on this data: stop it first, or choose another DATA_DIR.',
    );
    let posted = false;
    const session = new Session(database.address, {
      enter: async (sql) => {
        const [answer] = await sql<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`;
        if (answer?.mine === true) return;
        if (posted) deposed(taken);
        throw taken;
      },
      lost: database.revive,
    });
    try {
      await session.open();
    } catch (error) {
      await session.end();
      throw error;
    }
    posted = true;
    return new Sentinel(session);
  }

  async leave(): Promise<void> {
    await this.session.end();
  }
}
