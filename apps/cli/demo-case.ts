import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type Bearer } from '../../libs/identity/sessions/tokens.js';
import { type MappedRow } from '../../libs/intake/import.js';
import { type Api } from './api.js';
import { picture } from './demo-picture.js';

export type Speak = (bearer: Bearer) => Promise<Api>;

const CITY = 'city-office';
const PROVINCE = 'province-office';
const SLOTS = ['before-photo', 'after-photo', 'result'] as const;

/** What the data says became of a violation, as the last act of its case. */
export type Outcome = 'assigned' | 'accepted' | 'failed' | 'closed' | 'reopened';

export function outcomeOf({ CurrentStatus: status, ViolationID: id }: Record<string, string>): Outcome {
  switch (status) {
    case 'VIOLATION CLOSED':
    case 'VIOLATION DISMISSED':
      return 'closed';
    case 'INVALID CERTIFICATION':
      return 'reopened';
    case 'NOT COMPLIED WITH':
      return 'failed';
    case 'NOV SENT OUT':
      return Number(id) % 2 === 1 ? 'assigned' : 'accepted';
    default:
      throw new Error(`the demo does not know what becomes of ${String(status)}`);
  }
}

/** Who acts in place of the usual person, and what is tried before an act. */
export interface Variation {
  reviewer?: string;
  verifier?: string;
  /** One more file, attached by this person. */
  helper?: string;
  before?: (command: string, drive: Drive) => Promise<void>;
}

/** One case on its way, each act over HTTP by the person whose it is. */
export class Drive {
  readonly id: string;
  readonly county: string;
  readonly #violation: string;
  readonly #day: string;
  #revision: number;

  constructor(
    private readonly speak: Speak,
    readonly row: MappedRow,
    registered: CommandReceipt,
    private readonly variation: Variation = {},
  ) {
    this.id = registered.case;
    this.#revision = registered.revision;
    this.county = `${row.command.divisions[0] ?? ''}-office`;
    this.#violation = row.raw.ViolationID ?? '';
    const [month = '', day = '', year = ''] = (row.raw.CurrentStatusDate ?? '').split('/');
    this.#day = `${year}-${month}-${day}`;
  }

  get receipt(): string {
    return `${this.id}@${this.#revision}`;
  }

  async to(outcome: Outcome): Promise<void> {
    await this.#assign();
    if (outcome === 'assigned') return;
    await this.#handler('accept-assignment', {});
    if (outcome === 'accepted') return;
    await this.#rectify();
    await this.act(this.#reviewer, 'pass-review', { opinion: '材料齐全，同意上报。' });
    if (outcome === 'failed') {
      const reasons = [{ slot: 'after-photo', reason: '现场核实仍未整改（NOT COMPLIED WITH）。' }];
      await this.act(this.#verifier, 'fail-verification', { reasons });
      return;
    }
    await this.#examine();
    if (outcome === 'reopened') {
      const reason = '来源单位认定整改证明无效（INVALID CERTIFICATION）。';
      await this.act(inspector, 'reopen-case', { cause: 'false-rectification', reason });
    }
  }

  /** One command; a step that was taken in an earlier run answers as it did then. */
  async act(bearer: Bearer, command: string, body: object, step = command): Promise<void> {
    await this.variation.before?.(command, this);
    const api = await this.speak(bearer);
    const key = `demo:${this.#violation}:${step}`;
    const { revision } = await api.command(this.id, command, body, key, this.#revision);
    this.#revision = revision;
  }

  /** A command that should be refused; the key is its own, and a refusal leaves no trace. */
  async attempt(bearer: Bearer, command: string, body: object): Promise<void> {
    const api = await this.speak(bearer);
    await api.command(
      this.id,
      command,
      body,
      `demo:${this.#violation}:try:${command}:${bearer.person}`,
      this.#revision,
    );
  }

  async photo(bearer: Bearer, label: string): Promise<string> {
    const api = await this.speak(bearer);
    return (await api.upload(this.id, 'image/png', picture(`${this.#violation} ${label}`))).receipt;
  }

  /** The body of a verification by this person. */
  async visit(bearer: Bearer): Promise<object> {
    return {
      method: 'on-site',
      place: this.row.command.location?.address ?? '现场',
      visitedOn: this.#day,
      findings: `现场核实：与来源状态一致（${this.row.raw.CurrentStatus ?? ''}）。`,
      photos: [await this.photo(bearer, 'visit')],
    };
  }

  get #reviewer(): Bearer {
    const person = this.variation.reviewer ?? this.county.replace('-office', '-reviewer');
    return { person, unit: this.county, role: 'reviewer' };
  }

  get #verifier(): Bearer {
    return { person: this.variation.verifier ?? 'city-verifier-1', unit: CITY, role: 'verifier' };
  }

  #handler(command: string, body: object, step = command): Promise<void> {
    const person = this.county.replace('-office', '-handler');
    return this.act({ person, unit: this.county, role: 'handler' }, command, body, step);
  }

  #assign(): Promise<void> {
    const requirement = '按检查意见逐项整改，如实留存整改前后照片。';
    return this.act(dispatcher, 'assign-case', { leads: [this.county], coUnits: [], requirement });
  }

  async #rectify(): Promise<void> {
    const handler: Bearer = {
      person: this.county.replace('-office', '-handler'),
      unit: this.county,
      role: 'handler',
    };
    for (const slot of SLOTS) {
      await this.#handler(
        'attach-evidence',
        { slot, receipt: await this.photo(handler, slot) },
        `attach:${slot}`,
      );
    }
    if (this.variation.helper !== undefined) {
      const helper: Bearer = { ...handler, person: this.variation.helper };
      const receipt = await this.photo(helper, 'helper');
      await this.act(helper, 'attach-evidence', { slot: 'result', receipt }, 'attach:helper');
    }
    const measures = '已按整改通知完成整改。';
    await this.#handler('submit-rectification', { result: 'completed', measures, completedOn: this.#day });
  }

  async #examine(): Promise<void> {
    await this.act(this.#verifier, 'record-verification', await this.visit(this.#verifier));
    await this.act(secondVerifier, 'confirm-verification', {});
    const serious = this.row.command.severity !== 'general';
    const approver = serious ? provinceApprover : cityApprover;
    if (serious) await this.act(approver, 'approve-closure', { opinion: '同意销号。' });
    await this.act(approver, 'close-case', {});
  }
}

const dispatcher: Bearer = { person: 'city-dispatcher', unit: CITY, role: 'dispatcher' };
const secondVerifier: Bearer = { person: 'city-verifier-2', unit: CITY, role: 'verifier' };
const cityApprover: Bearer = { person: 'city-approver', unit: CITY, role: 'approver' };
const provinceApprover: Bearer = { person: 'province-approver', unit: PROVINCE, role: 'approver' };
export const inspector: Bearer = { person: 'province-inspector', unit: PROVINCE, role: 'inspector' };
export const registrar: Bearer = { person: 'city-registrar', unit: CITY, role: 'registrar' };
