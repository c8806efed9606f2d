import { Equals, IsIn } from 'class-validator';
import { IsPersonal, type Sealed } from './sealing.js';
import {
  AreParts,
  AreReceipts,
  type Day,
  type DivisionId,
  IsDay,
  IsFen,
  IsFilled,
  IsId,
  IsPart,
  IsReason,
  Optional,
  type Uuid,
} from './values.js';

export const ITEM_KINDS = ['household', 'project', 'payment'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** Items of one command; more come by several. */
export const MOST_LISTED = 500;
/** Items that one case has at most. */
export const MOST_ITEMS = 5000;

/** Whose household it is, or who was paid. */
export class ItemHolder {
  @IsPersonal('name', 50) name!: Sealed;
  @Optional() @IsPersonal('identity-number', 20) identityNumber?: Sealed;
  @Optional() @IsPersonal('phone', 20) phone?: Sealed;
}

/** One of the households, projects or payments that the problem consists of. */
export class Item {
  /** Its own in the case. */
  @IsId() id!: string;
  @IsIn(ITEM_KINDS) kind!: ItemKind;
  /** The household's id, which it keeps in every case. */
  @Optional() @IsId() household?: string;
  /** Never a person's name. */
  @Optional() @IsFilled(100) label?: string;
  @Optional() @IsPart(() => ItemHolder) holder?: ItemHolder;
  @Optional() @IsId() division?: DivisionId;
  @Optional() @IsFen() amountFen?: number;
  @Optional() @IsDay() startedOn?: Day;
  @Optional() @IsDay() finishedOn?: Day;
  @Optional() @IsDay() paidOn?: Day;
}

/** Lists items of the case, besides those listed before; each is settled by itself (逐户逐项). */
export class ListItems {
  @Equals('ListItems') readonly type = 'ListItems';
  @AreParts(() => Item, MOST_LISTED) items!: Item[];
}

/** One item is put right. */
export class RectifyItem {
  @Equals('RectifyItem') readonly type = 'RectifyItem';
  @IsId() item!: string;
  @IsReason() measures!: string;
  @IsDay() completedOn!: Day;
  /** Uploads of this person for this case, besides the evidence. */
  @Optional() @AreReceipts(20) receipts?: Uuid[];
}

/** One item need not be put right. */
export class ExceptItem {
  @Equals('ExceptItem') readonly type = 'ExceptItem';
  @IsId() item!: string;
  @IsFilled(200) ground!: string;
  @IsReason() reason!: string;
}
