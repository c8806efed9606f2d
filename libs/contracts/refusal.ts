/** A field of what was sent and what is wrong with it. */
export interface FieldError {
  /** Path as in the body: `source.line`, `divisions.1`. */
  field: string;
  /** The rule that failed, a stable word. */
  rule: string;
  /** English, for a reader of logs; the console translates the rule. */
  message: string;
}

/** What a refusal may tell beside its code. Nothing in here may be secret. */
export interface RefusalDetails {
  errors?: FieldError[];
  /** The case that is there already. */
  case?: string;
  /** The person of the register who has it. */
  person?: string;
  /** Slots of the checklist that are still empty, or whose absence is not accepted. */
  slots?: string[];
  /** What the policy says of a ground that is none. */
  why?: string;
  /** Items of the case that something is missing of, the first twenty. */
  items?: string[];
  /** Items that were drawn. */
  /** The revision a caller must have seen. */
  basis?: number;
  /** Money that is still to be put right. */
  fen?: number;
  /** What the parts come to. */
  sum?: number;
}

/** Every code of refusal and what it means to the caller. The console translates codes, never messages. */
export const refusals = {
  'input/invalid': 'A field is missing, unknown or not of its kind; see `errors`.',
  'input/json': 'The body is not JSON.',
  'input/too-large': 'The body or file is larger than allowed.',
  'input/media-type': 'This kind of content is not accepted here.',
  'auth/missing': 'Send a bearer token.',
  'auth/invalid': 'The token is unknown, expired or withdrawn; ask for a new one.',
  'auth/refused': 'Name, password or code are wrong, or signing in is not possible now.',
  'auth/too-many': 'Too many attempts from this address have failed; wait some minutes.',
  'auth/scope': 'This token may only read.',
  'auth/csrf': 'The request comes from another site, or lacks the token of its session.',
  'auth/session': 'This is for whoever has signed in; a token has no session.',
  'auth/code-wanted': 'Give the code of the second factor first.',
  'auth/enrolment-wanted': 'Set up a second factor first.',
  'auth/set-up': 'This link is unknown, used or expired; ask for a new one.',
  'auth/provider': 'The sign-in service cannot be reached.',
  'auth/post-missing': 'You do not hold this post.',
  'session/unknown': 'You have no such session; it may have ended.',
  'account/unknown': 'There is no such account.',
  'account/person-unknown': 'The register has no such person, or the person holds no post.',
  'account/exists': 'The person has an account already, or the name is taken.',
  'account/own': 'Nobody locks themselves out: let another administrator do it.',
  'account/second-factor-missing': 'No second factor is being set up.',
  'auth/forbidden': 'Your role may not do this.',
  'service/fault': 'Something went wrong here; tell the operator the `trace`.',
  'route/unknown': 'There is nothing at this address.',
  'key/missing': 'Send an Idempotency-Key of 1 to 128 visible ASCII characters.',
  'key/reused': 'This Idempotency-Key was used for another request; take a new one.',
  'service/unavailable':
    'A part of the service cannot be reached; nothing was written. Send the same request again.',
  'log/unavailable': 'The log cannot be reached; nothing was written. Send the same request again.',
  'log/outcome-unknown':
    'It is not known whether this was written. Send the same request with the same key again.',
  'log/contended': 'Others kept changing the case at the same moment. Send the same request again.',
  'case/unknown': 'There is no such case, or none that you may see.',
  'case/already-registered': 'This line of this document is a case already; see `case`.',
  'case/seen-missing': 'Say in If-Match which revision of the case you have seen.',
  'case/stale': 'The case has moved on since you looked at it; look again.',
  'case/role': 'This is done in another role or at another unit.',
  'case/on-leave': 'You are on leave: you may read, and command nothing until you are back.',
  'case/status': 'This cannot be done in the present status of the case.',
  'case/flag-returnPending': 'A return of the case is waiting for its ruling.',
  'case/flag-extensionPending': 'A request for an extension is waiting for its answer.',
  'case/flag-suspended': 'The case is suspended.',
  'case/flag-atRisk': 'People are at risk: record first that they are safe for the time being.',
  'case/state-secret': 'State secrets have no place in this system; nothing of it was stored.',
  'case/nothing-to-correct': 'The field says this already.',
  'case/nothing-to-classify': 'The case is classified like this already.',
  'case/closed-before': 'A case that was ever closed is not voided; reopen it.',
  'case/facts-established': 'The facts have been established already.',
  'case/facts-unestablished': 'The facts of this case must be established first.',
  'case/not-checker': 'The facts are established by somebody who was named to check them.',
  'case/checker-of-lead': 'Who checked the facts holds a post at a unit that is to answer for the case.',
  'case/items-many': 'The case has as many items as it may have.',
  'case/item-unknown': 'The case has no such item.',
  'case/items-open': 'Items of the case are neither rectified nor excepted; see `items`.',
  'case/flag-noticeRunning': 'The result is being made public; wait until the notice is over.',
  'case/flag-objectionOpen': 'An objection is waiting for its ruling.',
  'case/flag-awaitingRecognition': 'The result is waiting to be recognised by the source.',
  'case/flag-findingDisputed': 'A dispute of the finding is waiting for its ruling.',
  'case/weights-unequal': 'The weights of the parts must come to that of the case; see `sum`.',
  'case/amounts-unequal': 'The amounts of the parts must come to what is left of the amount; see `sum`.',
  'case/items-undealt': 'Each item of the case goes to one of its parts; see `items`.',
  'case/residual-whole': 'Something of the weight and of the amount must stay with the case.',
  'case/target-unknown': 'There is no such case to merge into, or none that you may see.',
  'case/class-lowered':
    'Once assigned, a case is not classified lower; the responsible unit may dispute the finding.',
  'case/merge-lighter':
    'What is merged is graver, of another category or about more money: classify the other case, and adjust its amount, before.',
  'case/merge-at-risk':
    'People are at risk: a case that has been submitted, or whose clock stands, cannot take that up.',
  'case/merge-visibility': 'Who sees the one case does not see the other: make them alike before.',
  'case/merge-divisions': 'What is merged lies in a division in which the other case does not.',
  'case/merge-items': 'What is merged lists items that the other case does not: list them there before.',
  'case/merge-due': 'The other case is to be completed later than a source of this one wants it.',
  'case/merge-late':
    'A source of this case wants steps or evidence which the other one, being submitted, cannot take up any more.',
  'personal/unknown': 'No sealed text stands at this revision and field.',
  'personal/denied': 'This is shown to others only; your wish to see it was noted.',
  'personal/erased': 'This has been erased for good; nobody can read it any more.',
  'case/return-missing': 'No return of the case is waiting for a ruling.',
  'case/return-ground': 'This is no valid ground for a return.',
  'case/return-ground-refused': 'This is no valid ground for a return; see `why`.',
  'case/return-late': 'The days for returning the case are over.',
  'case/return-final': 'The assignment is final; it cannot be returned.',
  'case/return-second': 'The second return of a round is upheld, not rejected.',
  'case/assignment-not-final': 'After two returns the case is assigned as final.',
  'case/final-too-soon': 'An assignment is final after two returns only.',
  'case/dispute-late': 'The days for disputing the finding are over.',
  'case/dispute-ruled': 'A dispute of the finding has been ruled on in this round.',
  'case/dispute-missing': 'No dispute of the finding is waiting for a ruling.',
  'case/finder-of-lead': 'Who holds a post at a responsible unit does not rule on a dispute of the finding.',
  'case/leads-same': 'The case lies with these leads already.',
  'case/co-units-same': 'These are the co-units already.',
  'case/co-unit-desk': 'A unit that takes a step of the route is no co-unit.',
  'case/co-unit-part': 'A co-unit with an open part stays; give the part to another unit first.',
  'case/part-unknown': 'The case has no such part.',
  'case/part-unit':
    'A part is given to a responsible unit, or to one in the division of the lead that has no other task in the case.',
  'case/part-late': 'A part is due no later than the case.',
  'case/parts-many': 'The case has as many parts as it may have.',
  'case/part-taken': 'This part is not waiting to be accepted.',
  'case/part-unaccepted': 'This part is not being worked on; accept it first.',
  'case/part-unsubmitted': 'This part is not waiting to be judged.',
  'case/part-submitted': 'This part is submitted or passed; it is not given to anybody else.',
  'case/part-own': 'Who submitted a part does not pass it.',
  'case/parts-open': 'Parts of the case are not passed yet.',
  'case/lead-outside': 'The lead unit is not below the assigning unit.',
  'case/due-past': 'The due day has passed already.',
  'case/due-late': 'The due day is later than the policy allows.',
  'case/no-policy': 'No policy covers a category of this case.',
  'case/no-desk': 'No unit is there to take a step of the route.',
  'case/slot-unknown': 'The checklist of this case has no such slot.',
  'case/receipt-unknown': 'There is no such upload of yours for this case.',
  'case/receipt-used': 'This upload is evidence of this case already.',
  'case/evidence-missing': 'Slots of the checklist are empty; see `slots`.',
  'case/evidence-frozen': 'After the submission only slots that are due at the closing are filled.',
  'case/plan-missing': 'No plan is waiting for approval.',
  'case/plan-unapproved': 'A phased or sustained rectification needs an approved plan first.',
  'case/stages-none': 'An immediate rectification has no stages.',
  'case/stages-open': 'The plan has stages that are not completed yet.',
  'case/stage-unknown': 'The plan has no such stage.',
  'case/stage-done': 'This stage is completed already.',
  'case/stage-order': 'The stage before is to be completed first.',
  'case/sustained-short': 'It is to be sustained until its due day before it is submitted.',
  'case/report-unknown': 'The case has no such report.',
  'case/nobody-at-risk': 'Nobody is at risk in this case, or they are safe already.',
  'case/money-none': 'No amount is in question in this case.',
  'case/money-method': 'The policy knows no such way of putting money right.',
  'case/money-over': 'That is more than is left of the amount in question.',
  'case/money-under': 'That takes back more than was put right.',
  'case/money-open':
    'Money of this category is made good to the last fen; adjust or split off what is not, see `fen`.',
  'case/extension-late': 'The time is over: an extension is asked for before.',
  'case/extension-many': 'The case has been extended as often as it may be.',
  'case/extension-missing': 'No extension has been asked for.',
  'case/extension-ceiling': 'The policy allows no day as late as that, with all extensions.',
  'case/extension-long': 'A source of this case allows no extension as long as that.',
  'case/tick-early': 'It is not time for this yet, or no longer.',
  'case/granter-of-lead': 'Who holds a post at a responsible unit does not grant it an extension.',
  'case/suspension-ground': 'This is no valid ground for a suspension.',
  'case/suspension-ground-refused': 'This is no valid ground for a suspension; see `why`.',
  'case/suspension-long': 'A suspension on this ground, or all of them together, would last too long.',
  'case/not-suspended': 'The case is not suspended.',
  'case/supervision-rung': 'The policy has no such rung of supervision.',
  'case/supervision-standing': 'This rung stands already in this round.',
  'case/supervision-missing': 'This rung does not stand.',
  'case/instruction-unknown': 'The case has no such instruction.',
  'case/instruction-answered': 'This instruction has been answered.',
  'case/instruction-unanswered': 'This instruction has no answer that waits to be judged.',
  'case/instruction-open': 'An instruction has no accepted answer yet.',
  'case/exclude-above':
    'Who watches over your unit is excluded by their own unit or one above it; ask there.',
  'case/not-excluded': 'This person is not excluded from the case.',
  'case/exclude-oneself': 'Nobody excludes themselves; ask somebody else to do it.',
  'case/excluded-already': 'This person is excluded already.',
  'case/batch-severe': 'Many at once are approved of general cases only; look at this one by itself.',
  'case/batch-unopened': 'Look at the case as it stands now before you approve it among many.',
  'import/unknown': 'You have brought no such file.',
  'import/mapping': 'There is no mapping of this name.',
  'import/untried': 'The file must be tried with a mapping first.',
  'import/begun': 'The rows of this file are being entered already, or have been.',
  'import/wrong-rows': 'The file has wrong rows; mend them, or enter the good ones only.',
  'import/expired': 'The file was kept for seven days and is gone; bring it again.',
  'batch/unknown': 'You have given no such batch.',
  'batch/command': 'This command is not given to many cases at once.',
  'hand-over/none': 'This person has no case in hand that could be handed over at your unit.',
  'draft/unknown': 'There is no such draft.',
  'draft/stale': 'Somebody has changed the draft since you looked at it; look again.',
  'draft/ended': 'This draft was published or deleted; begin a new one.',
  'erasure/unknown': 'There is no such request.',
  'erasure/ended': 'This request was approved, refused or withdrawn already.',
  'erasure/of-another': 'A request is withdrawn by who made it.',
  'retention/unset': 'The policy in force has no time of retention: nothing is ever due.',
  'retention/none': 'No case is due that is not asked for already.',
  'retention/not-due': 'Some of these cases are not due, or are asked for already; see `errors`.',
  'administrator/second-same': 'A second administrator does this than the one who began it.',
  'administrator/second-missing':
    'This takes two administrators, and the register has no second one: appoint one first.',
  'case/awaits-review': 'The case must be reviewed first.',
  'case/awaits-verify': 'The case must be verified on the spot first.',
  'case/awaits-approve': 'The closure must be approved first.',
  'case/awaits-public-notice': 'The result must be made public first, and nobody must have objected.',
  'case/awaits-discipline-position': 'The discipline organ must state its position first.',
  'case/awaits-recognition': 'The source must recognise the result first.',
  'case/step-done': 'This step has been taken already.',
  'case/not-of-route': 'The route of this case has no such step.',
  'case/verification-recorded': 'A verification is recorded already; a second person confirms it.',
  'case/verification-missing': 'No verification is recorded that could be confirmed.',
  'case/escalation-nobody': 'No unit above is there to review the case.',
  'case/countersigned-already': 'The submission is countersigned already.',
  'case/countersign-missing': 'The principal of the responsible unit must countersign the submission first.',
  'case/slot-filled': 'This slot has evidence, or its absence is declared already.',
  'case/absence-missing': 'In this slot no absence of evidence is waiting to be accepted.',
  'case/absence-open': 'Evidence is declared absent and nobody has accepted it; see `slots`.',
  'case/sample-missing': 'Items were drawn that have to be looked at; see `items`.',
  'case/notice-missing': 'No public notice is running.',
  'case/notice-running': 'The days of the public notice are not over.',
  'case/objection-missing': 'The case has no such objection that waits for its ruling.',
  'case/discipline-hold': 'The discipline organ holds the case.',
  'case/step-rectified': 'Who rectified the case takes no step of its route.',
  'case/verification-late': 'The day of the visit lies ahead.',
  'case/reviewer-rectified': 'Who rectified the case does not review it.',
  'case/verifier-rectified': 'Who rectified the case does not verify it.',
  'case/approver-rectified': 'Who rectified the case does not approve it.',
  'case/closer-rectified': 'Who rectified the case does not close it.',
  'case/reviewer-verified': 'Who verified in this round does not review.',
  'case/reviewer-approved': 'Who approved in this round does not review.',
  'case/verifier-reviewed': 'Who reviewed in this round does not verify.',
  'case/verifier-approved': 'Who approved in this round does not verify.',
  'case/second-verifier-same': 'The verification is confirmed by another person than recorded it.',
  'case/approver-reviewed': 'Who reviewed in this round does not approve.',
  'case/approver-verified': 'Who verified in this round does not approve.',
  'case/closer-reviewed': 'Who reviewed in this round does not close.',
  'case/closer-verified': 'Who verified in this round does not close.',
  'case/verifier-of-lead': 'Who holds a post at a responsible unit does not verify.',
  'case/approver-of-lead': 'Who holds a post at a responsible unit does not approve.',
  'case/closer-of-lead': 'Who holds a post at a responsible unit does not close.',
  'case/reviewer-of-lead': 'Who holds a post at a responsible unit does not review from above.',
  'case/arbiter-rectified': 'Who rectified the case does not rule on an objection.',
  'case/arbiter-reviewed': 'Who reviewed in this round does not rule on an objection.',
  'case/arbiter-verified': 'Who verified in this round does not rule on an objection.',
  'case/arbiter-approved': 'Who approved in this round does not rule on an objection.',
  'case/arbiter-of-lead': 'Who holds a post at a responsible unit does not rule on an objection.',
  'case/arbiter-barred':
    'Who verified or approved a false rectification of this case does not rule on an objection.',
  'case/leads-missing': 'The case was never assigned: say which units lead it.',
  'case/reopen-cause': 'A relapse or a false rectification is found of a closed case only.',
  'case/termination-ground': 'This is no valid ground for a termination.',
  'case/terminator-rectified': 'Who rectified the case does not terminate it.',
  'case/hold-late': 'The days for holding the termination are over.',
  'case/callback-own': 'A callback is recorded by somebody who had no part in the rectification.',
  'case/look-back-own': 'Who had a part in the case, in any round, does not look back at it.',
  'case/look-back-open': 'A failed look-back is waiting for its answer.',
  'case/not-due': 'The case is not at its end for so long yet, or something of it still waits.',
  'case/look-back-missing': 'No failed look-back is waiting for an answer.',
  'case/refuser-own': 'Who had a part in the case does not refuse its reopening; ask another approver.',
  'case/draw-unknown': 'There is no such draw, or the case was not drawn in it.',
  'draw/unknown': 'There is no such draw, or none that you may see.',
  'draw/empty': 'No closed case lies in this frame.',
  'referral/unknown': 'There is no such referral, or none that you may see.',
  'referral/answered': 'This referral is answered already.',
  'case/visibility-same': 'The case has this visibility already.',
  'case/reviewer-barred':
    'Who verified or approved a false rectification of this case does not examine it again.',
  'case/verifier-barred':
    'Who verified or approved a false rectification of this case does not examine it again.',
  'case/approver-barred':
    'Who verified or approved a false rectification of this case does not examine it again.',
  'case/closer-barred': 'Who verified or approved a false rectification of this case does not close it.',
  'register/unknown': 'There is no such entry in the register.',
  'register/entered-already': 'The register has an entry of this kind with this id already.',
  'register/ended': 'This entry has ended; nothing happens to it any more.',
  'register/circle': 'It would lie in, or be carried on by, itself.',
  'register/not-empty': 'Something still lies in the division: merge it, or move what lies in it first.',
  'register/appointment-overlaps': 'The person holds this very post in this time already.',
  'register/appointment-missing': 'The person does not hold this post in this time.',
  'register/administrator-apart':
    'An administrator holds no other role, and who holds one is no administrator.',
  'register/delegation-overlaps': 'This delegation stands in this time already.',
  'register/delegation-missing': 'There is no such delegation at this day.',
  'register/leave-overlaps': 'The person is on leave in this time already.',
  'register/leave-missing': 'The person is not on leave at this day.',
  'register/version-published': 'This version has been published already: give the new rules a new version.',
  'register/source-recorded': 'A document of this kind and number has been recorded already.',
  'register/already-entered': 'This identity number is another person’s; see `person`.',
  'upload/unknown': 'There is no such upload of yours for this case, or it was given up.',
  'upload/offset': 'The upload stands elsewhere: ask where, and go on from there.',
  'upload/checksum': 'What came does not fit its checksum; nothing of it was kept. Send this part again.',
  'upload/protocol': 'This is not as the protocol of resumable uploads (tus 1.0.0) has it.',
  'upload/files-many': 'The case has as many files as it may have.',
  'evidence/unknown': 'The case has no such file, or none that you may see.',
  'evidence/range': 'The file has no such part.',
  'evidence/no-picture': 'No picture can be made of this file; take the file itself.',
  'evidence/infected': 'Something harmful was found in the file; it was not kept.',
  'evidence/sealed': 'There are people in this file: it is shown for a purpose only.',
  'register/manifest': 'Registered, known and refused rows are not all rows of the batch.',
} as const;

export type RefusalCode = keyof typeof refusals;

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}

/** An act that the rules do not allow, as opposed to a fault of the program. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly details: RefusalDetails = {},
    /** Whether whoever refused has told the log of accesses already. */
    readonly noted = false,
  ) {
    super(`${code}: ${refusals[code]}`);
    this.name = 'Refusal';
  }
}

export function refuse(code: RefusalCode, details?: RefusalDetails): never {
  throw new Refusal(code, details);
}

/** One field is wrong. */
export function invalid(field: string, rule: string, message: string): never {
  refuse('input/invalid', { errors: [{ field, rule, message }] });
}
