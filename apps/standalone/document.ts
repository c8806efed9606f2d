import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { DrawsController, drawSchemas } from '../../libs/cases/draws/draws.controller.js';
import { referralSchemas } from '../../libs/cases/referrals/openapi.js';
import { ReferralsController } from '../../libs/cases/referrals/referrals.controller.js';
import { CasesController } from '../../libs/cases/cases.controller.js';
import { BatchesController, batchSchemas } from '../../libs/cases/batches.controller.js';
import {
  ErasureRequestsController,
  erasureSchemas,
} from '../../libs/cases/erasures/erasure-requests.controller.js';
import { RetentionController, retentionSchemas } from '../../libs/cases/erasures/retention.controller.js';
import { HandOversController, handOverSchemas } from '../../libs/cases/hand-overs.controller.js';
import { ClockController } from '../../libs/cases/clock.controller.js';
import { caseCommands } from '../../libs/cases/commands.js';
import { AnswerReferral, ReferClue } from '../../libs/contracts/referrals.js';
import { DrawLookBack } from '../../libs/contracts/draws.js';
import { caseSchemas, expandCommands } from '../../libs/cases/openapi.js';
import { isInternal } from '../../libs/cases/table.js';
import { PersonalController } from '../../libs/cases/personal.controller.js';
import { AccessLogController } from '../../libs/identity/access-log/access-log.controller.js';
import { AccountsController } from '../../libs/identity/accounts/accounts.controller.js';
import { OwnSessionsController } from '../../libs/identity/sessions/own-sessions.controller.js';
import { SessionController } from '../../libs/identity/signing-in/session.controller.js';
import { SingleSignOnController } from '../../libs/identity/signing-in/single-sign-on.controller.js';
import { EvidenceController } from '../../libs/evidence/serving/evidence.controller.js';
import { evidenceSchemas } from '../../libs/evidence/openapi.js';
import { UploadsController } from '../../libs/evidence/arriving/uploads.controller.js';
import { ImportsController } from '../../libs/intake/imports/imports.controller.js';
import { importSchemas } from '../../libs/intake/imports/openapi.js';
import { FiguresController } from '../../libs/ledger/figures/figures.controller.js';
import { LedgerController } from '../../libs/ledger/asking/ledger.controller.js';
import { LiveController } from '../../libs/ledger/live/live.controller.js';
import { ExportsController } from '../../libs/ledger/exports/exports.controller.js';
import { ledgerSchemas } from '../../libs/ledger/asking/openapi.js';
import { openApiOf, type Route, routesOf } from '../../libs/platform/http/openapi.js';
import { addressed } from '../../libs/register/commands.js';
import { expandRegister, registerSchemas } from '../../libs/register/openapi.js';
import { draftSchemas, PolicyDraftsController } from '../../libs/register/policy/policy-drafts.controller.js';
import { RegisterController } from '../../libs/register/register.controller.js';
import { type Schema } from '../../libs/platform/http/operation.js';
import { OperationsController } from '../../libs/platform/http/operations.controller.js';

export const controllers = [
  PersonalController,
  BatchesController,
  CasesController,
  ClockController,
  HandOversController,
  ErasureRequestsController,
  RetentionController,
  DrawsController,
  ReferralsController,
  UploadsController,
  EvidenceController,
  ImportsController,
  LedgerController,
  LiveController,
  FiguresController,
  ExportsController,
  RegisterController,
  PolicyDraftsController,
  AccessLogController,
  ...[SessionController, OwnSessionsController, SingleSignOnController, AccountsController],
  OperationsController,
];

/** Commands that are on no case. */
const OTHERS = [DrawLookBack, ReferClue, AnswerReferral, ...addressed.map(({ command }) => command)];

/** Every route, with the one of all commands on cases, or on the register, as what it is. */
export function allRoutes(): Route[] {
  return expandCommands(expandRegister(routesOf(controllers)));
}

/** A body takes nothing else than its fields, and need not repeat what its address says. */
function body(schema: Schema, command: boolean): Schema {
  const required = (schema.required as string[] | undefined)?.filter((name) => name !== 'type') ?? [];
  const properties = {
    ...(schema.properties as object),
    ...(command && { entry: { $ref: '#/components/schemas/PaperEntry' } }),
  };
  return {
    ...schema,
    properties,
    ...(required.length > 0 ? { required } : { required: undefined }),
    additionalProperties: false,
  };
}

/** The OpenAPI document, made from the routes, the table of commands and the validation of their classes. */
export function openApi(): Record<string, unknown> {
  const classes = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/components/schemas/',
    additionalConverters: {
      isDay: { type: 'string', format: 'date' },
      isPlainValue: { type: ['string', 'integer', 'boolean'] as never },
    },
  }) as Record<string, Schema>;
  const own = new Set<string>();
  const take = (name: string): void => {
    if (own.has(name)) return;
    own.add(name);
    for (const [, inner] of JSON.stringify(classes[name]).matchAll(/#\/components\/schemas\/(\w+)/g))
      take(inner ?? '');
  };
  const addressed = caseCommands.filter((row) => !isInternal(row)).map(({ command }) => command);
  for (const { name } of [...addressed, ...OTHERS]) take(name);
  for (const name of [
    'AskKnown',
    'CommitImport',
    'TryImport',
    'DecideMany',
    'FindPerson',
    'HandOver',
    'AskErasure',
    'AskRetention',
    'EndErasure',
    'BeginDraft',
    'ChangeDraft',
    'PublishDraft',
    'MoveClock',
    'PaperEntry',
    'RevealText',
    ...['SignIn', 'GiveCode', 'SwitchPost', 'ChangePassword', 'EnrolCode', 'UseSetUp', 'LeaveToSignIn'],
    ...['MakeAccount', 'LinkSubject'],
    'ShowEvidence',
  ])
    take(name);
  const given = new Set(addressed.map(({ name }) => name));
  const commands = Object.fromEntries(
    [...own].sort().map((name) => [name, body(classes[name] ?? {}, given.has(name))]),
  );
  return openApiOf(allRoutes(), {
    ...commands,
    ...caseSchemas,
    ...batchSchemas,
    ...drawSchemas,
    ...handOverSchemas,
    ...erasureSchemas,
    ...retentionSchemas,
    ...referralSchemas,
    ...importSchemas,
    ...ledgerSchemas,
    ...registerSchemas,
    ...evidenceSchemas,
    ...draftSchemas,
  });
}
