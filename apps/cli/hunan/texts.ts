import { type Chance } from './chance.js';

/** What the sentences of one problem are filled with. */
export interface Filling {
  place: string;
  households: number;
  /** In units of 10,000 yuan. */
  wan: string;
  year: number;
}

type Sentence = (filling: Filling) => string;

const SENTENCES: Readonly<Record<string, readonly Sentence[]>> = {
  '1': [
    ({ place, households }) =>
      `${place}脱贫户住房安全性鉴定未全覆盖，抽查发现${households}户未见鉴定表，未纳入应鉴对象名册。`,
    ({ place, households, year }) =>
      `${year}年新增低保户${households}户未开展住房安全鉴定，${place}与民政部门名册未比对。`,
    ({ place, households }) =>
      `${place}鉴定台账与实际住户对不上，漏鉴${households}户，其中部分房屋墙体开裂。`,
  ],
  '2': [
    ({ place, households }) =>
      `入户走访${place}${households}户，农户均不清楚自家房屋鉴定等级，未见告知书签收记录。`,
    ({ place, households }) =>
      `${place}鉴定结果只在村部张贴，未逐户送达，${households}户反映不知道异议渠道。`,
    ({ place }) => `${place}告知书由村干部代签，外出务工户未电话或邮寄送达。`,
  ],
  '3': [
    ({ place, households }) =>
      `${place}${households}户不符合危房改造条件仍享受补助，其中有户主另有安全住房。`,
    ({ place, households }) => `${place}${households}户符合条件的困难群众应纳未纳，评议记录缺失。`,
    ({ place, year }) => `${place}${year}年改造对象认定程序倒置，先开工后评议，公示时间不足。`,
  ],
  '4': [
    ({ place, households }) => `${place}${households}户改造后屋面仍渗漏，檩条腐朽未更换，加固措施未落实。`,
    ({ place, households }) => `${place}已验收的${households}户改造房墙体新增裂缝，圈梁构造柱与图集不符。`,
    ({ place }) => `${place}加固改造仅做外墙粉刷，未消除结构安全隐患。`,
  ],
  '5': [
    ({ place, households, year }) => `${place}${year}年度${households}户竣工半年以上未组织验收，住户已入住。`,
    ({ place, households }) => `${place}${households}户竣工验收表无农户签字，三到场记录缺失。`,
    ({ place, year }) => `${place}${year}年任务信息系统显示已竣工，现场核查尚在装修，未按期验收。`,
  ],
  '6': [
    ({ place, households, wan }) =>
      `${place}${households}户验收合格后超过30日未拨付补助资金，涉及${wan}万元。`,
    ({ place, wan, year }) => `${year}年中央补助资金${wan}万元滞留县级财政专户，${place}农户未收到补助。`,
    ({ place, households, wan }) => `${place}${households}户一卡通账号错误退汇后未重新支付，涉及${wan}万元。`,
  ],
  '7': [
    ({ place, wan, year }) => `${year}年危房改造补助资金${wan}万元被调剂用于${place}村部维修。`,
    ({ place, wan }) => `${place}从农户补助中统一扣除材料款${wan}万元，未见农户委托。`,
    ({ place, wan }) => `${place}以工作经费名义列支补助资金${wan}万元。`,
  ],
  '8': [
    ({ place }) => `拨打${place}公布的农村危房改造咨询投诉电话，连续三次无人接听。`,
    ({ place }) => `${place}公布的咨询投诉号码为空号，更换后未重新公布。`,
    ({ place }) => `${place}值守人员不熟悉政策，要求来电人到乡镇咨询，未登记受理。`,
  ],
  '9': [
    ({ place, households }) =>
      `${place}信息系统中${households}户改造前后照片雷同，开工、竣工时间与实际不符。`,
    ({ place, households }) => `${place}${households}户户主信息与一卡通不一致，家庭人口数录入错误。`,
    ({ place, year }) => `${place}${year}年档案面积与系统录入面积相差较大，未见纸质依据。`,
  ],
  '99': [
    ({ place }) => `${place}农房安全日常巡查记录不全，雨季排查未留痕。`,
    ({ place }) => `${place}拆旧建新后旧房未拆除，仍堆放杂物，存在倒塌风险。`,
    ({ place }) => `${place}改造政策宣传栏内容过期，未更新补助标准。`,
  ],
};

const FOLLOWING: readonly string[] = [
  '',
  '要求举一反三，对同类问题全面排查。',
  '检查组现场交换了意见。',
  '此前检查中指出过同类问题。',
  '村民反映属实情况待核。',
];

/** A line of a ledger on a problem of a category. */
export function described(category: string, filling: Filling, chance: Chance): string {
  const sentences = SENTENCES[category];
  if (!sentences) throw new Error(`there are no sentences for the category ${category}`);
  return chance.of(sentences)(filling) + chance.of(FOLLOWING);
}

/** What a made-up petitioner said, word for word. */
export const verbatim = ({ place }: Filling, chance: Chance): string =>
  chance.of([
    `我是${place}村民，家里房子漏雨两年了，去镇里问了几次都说等通知。`,
    `我们组里几户都验收了，补助一直没到账，请帮忙查一查。`,
    `听说我家评了C级，没有人来告诉过我，也没见过鉴定表。`,
  ]);

/** Heavenly stems: nobody is called by them, so everybody sees that the names are made up. */
export const STEMS = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'] as const;
