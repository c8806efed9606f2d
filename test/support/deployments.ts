import { type Severity } from '../../libs/contracts/intake.js';
import { type Role } from '../../libs/contracts/roles.js';

export type Who = readonly [person: string, unit: string, role: Role];

/** What a journey needs to know of a deployment: its people, and the words of its policy. */
export interface Deployment {
  seed: string;
  people: {
    registrar: Who;
    dispatcher: Who;
    handler: Who;
    /** Of a unit that has no part in the case. */
    otherHandler: Who;
    reviewer: Who;
    verifier: Who;
    secondVerifier: Who;
    /** Closes where the route has no approval. */
    closer: Who;
    /** Approves and closes where it has one. */
    approver: Who;
    inspector: Who;
    securityAdmin: Who;
  };
  /** Where the problem is, and the unit that must put it right. */
  division: string;
  lead: string;
  source: string;
  category: string;
  /** Of the category's checklist. */
  slots: readonly string[];
  /** A ground of the policy for giving an assignment back. */
  returnGround: string;
  /** A severity whose route has an approval. */
  severe: Severity;
  /** How its case numbers look. */
  caseNumber: RegExp;
}

export const demo: Deployment = {
  seed: 'config/demo.yaml',
  people: {
    registrar: ['city-registrar', 'city-office', 'registrar'],
    dispatcher: ['city-dispatcher', 'city-office', 'dispatcher'],
    handler: ['bronx-handler', 'bronx-office', 'handler'],
    otherHandler: ['queens-handler', 'queens-office', 'handler'],
    reviewer: ['bronx-reviewer', 'bronx-office', 'reviewer'],
    verifier: ['city-verifier-1', 'city-office', 'verifier'],
    secondVerifier: ['city-verifier-2', 'city-office', 'verifier'],
    closer: ['city-approver', 'city-office', 'approver'],
    approver: ['province-approver', 'province-office', 'approver'],
    inspector: ['province-inspector', 'province-office', 'inspector'],
    securityAdmin: ['security-admin', 'province-office', 'security-admin'],
  },
  division: 'bronx',
  lead: 'bronx-office',
  source: 'CC',
  category: '99',
  slots: ['before-photo', 'after-photo', 'result'],
  returnGround: 'wrong-division',
  severe: 'serious',
  caseNumber: /^问\d{4}-\d{4}$/,
};

/** Two levels only, and no word in common with the other. */
const town: Deployment = {
  seed: 'config/example/example.yaml',
  people: {
    registrar: ['walker', 'town-works', 'registrar'],
    dispatcher: ['planner', 'town-works', 'dispatcher'],
    handler: ['river-mender', 'riverside-works', 'handler'],
    otherHandler: ['mill-mender', 'old-mill-works', 'handler'],
    reviewer: ['river-reader', 'riverside-works', 'reviewer'],
    verifier: ['visitor-1', 'town-works', 'verifier'],
    secondVerifier: ['visitor-2', 'town-works', 'verifier'],
    closer: ['signer', 'town-works', 'approver'],
    approver: ['signer', 'town-works', 'approver'],
    inspector: ['watcher', 'town-works', 'inspector'],
    securityAdmin: ['keeper', 'town-works', 'security-admin'],
  },
  division: 'riverside',
  lead: 'riverside-works',
  source: 'WK',
  category: 'playground',
  slots: ['repaired', 'test-report'],
  returnGround: 'elsewhere',
  severe: 'major',
  caseNumber: /^T-\d{4}-\d{4}$/,
};

export const deployments: readonly Deployment[] = [demo, town];
