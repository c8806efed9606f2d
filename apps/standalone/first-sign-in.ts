import { type Register } from '../../libs/contracts/register.js';
import { Refusal } from '../../libs/contracts/refusal.js';
import { type Accounts, type SetUpLink, setUpLink } from '../../libs/identity/accounts/accounts.js';

const BY_HAND = 'Make an account by `xiaohao user add`.';

/** What the operator is told as long as nobody can sign in: a link for the first system administrator, shown this once. */
export async function firstSignIn(accounts: Accounts, register: Register, url: string): Promise<string[]> {
  if (await accounts.any()) return [];
  const [first] = register.persons
    .filter(({ appointments }) => appointments.some(({ role }) => role === 'system-admin'))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (!first) {
    return [
      'Nobody can sign in yet: the register has no system-admin. Enter one in the SEED file, and start again.',
    ];
  }
  try {
    const { token, until } = await invited(accounts, first.id);
    return [
      `Nobody can sign in yet. ${first.id} sets up the first account by this link, once, until ${until}:`,
      setUpLink(url, token),
    ];
  } catch (error) {
    // Somebody else's account, not set up yet, may have the name.
    if (error instanceof Refusal) return [`Nobody can sign in yet. ${BY_HAND}`];
    throw error;
  }
}

/** The link of a start before this one counts no longer. */
async function invited(accounts: Accounts, person: string): Promise<SetUpLink> {
  const account = await accounts.of(person);
  return account ? accounts.reset(account) : accounts.make(person, person);
}
