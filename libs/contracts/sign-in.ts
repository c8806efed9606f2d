import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { type Role, ROLES } from './roles.js';
import { IsFilled, IsId, IsText, Optional, type PersonId, type UnitId } from './values.js';

/** Longer than any password that is taken: what is longer is not even hashed. */
const MOST = 256;
/** 256 random bits in base64url. */
const SECRET = /^[\w-]{43}$/;

export class SignIn {
  @IsFilled(64) name!: string;
  @IsText(MOST) password!: string;
}

/** Goes to the sign-in service of the organisation. */
export class LeaveToSignIn {
  /** Where to go afterwards: a path here; anything else leads to its beginning. */
  @Optional() @IsString() @MaxLength(500) back?: string;
}

/** Of the app, six digits; or one of the codes for when the telephone is lost. */
export class GiveCode {
  @Matches(/^(?:\d{6}|[A-Za-z2-7]{4}(?:-?[A-Za-z2-7]{4}){3})$/) code!: string;
}

/** Goes on in another of one's posts. */
export class SwitchPost {
  @IsId() unit!: UnitId;
  @IsIn(ROLES) role!: Role;
}

export class ChangePassword {
  @IsText(MOST) present!: string;
  @IsText(MOST) password!: string;
}

/** The password again, before the second factor is changed. */
export class EnrolCode {
  @IsText(MOST) password!: string;
}

/** A link that was handed over, and the password that is chosen. */
export class UseSetUp {
  @Matches(SECRET) token!: string;
  @IsText(MOST) password!: string;
}

export class MakeAccount {
  @IsId() person!: PersonId;
  /** By which the person signs in. */
  @IsFilled(64) name!: string;
}

/** Ties what the organisation's sign-in service calls somebody to a person of the register. */
export class LinkSubject {
  @IsFilled(255) subject!: string;
}
