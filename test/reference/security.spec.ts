import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type Chapter,
  cellsOf,
  DOCUMENTS,
  filesNamed,
  partsOf,
  type Requirement,
  STANDINGS,
  testsNamed,
  textOf,
} from './security-tables.js';

/** OWASP ASVS 5.0.0: the level of each requirement of each section, in order. */
const ASVS: Readonly<Record<string, string>> = {
  ...{ '1.1': '22', '1.2': '1111122223', '1.3': '112222222223', '1.4': '222', '1.5': '123' },
  ...{ '2.1': '122', '2.2': '112', '2.3': '12223', '2.4': '23' },
  ...{
    '3.1': '3',
    '3.2': '113',
    '3.3': '12223',
    '3.4': '11222233',
    '3.5': '11122333',
    '3.6': '3',
    '3.7': '22333',
  },
  ...{ '4.1': '12233', '4.2': '23333', '4.3': '22', '4.4': '1222' },
  ...{ '5.1': '2', '5.2': '112333', '5.3': '113', '5.4': '222' },
  ...{ '6.1': '122', '6.2': '111111112222', '6.3': '11223333', '6.4': '112233', '6.5': '22222333' },
  ...{ '6.6': '2223', '6.7': '33', '6.8': '2222' },
  ...{ '7.1': '222', '7.2': '1111', '7.3': '22', '7.4': '11222', '7.5': '223', '7.6': '22' },
  ...{ '8.1': '1233', '8.2': '1123', '8.3': '133', '8.4': '23' },
  ...{ '9.1': '111', '9.2': '1222' },
  ...{
    '10.1': '22',
    '10.2': '223',
    '10.3': '22223',
    '10.4': '1111122222233333',
    '10.5': '22222',
    '10.6': '22',
  },
  ...{ '10.7': '222' },
  ...{
    '11.1': '2233',
    '11.2': '22233',
    '11.3': '11233',
    '11.4': '1222',
    '11.5': '23',
    '11.6': '23',
    '11.7': '33',
  },
  ...{ '12.1': '12233', '12.2': '11', '12.3': '22223' },
  ...{ '13.1': '2333', '13.2': '222223', '13.3': '2233', '13.4': '1222233' },
  ...{ '14.1': '22', '14.2': '12223333', '14.3': '122' },
  ...{ '15.1': '12233', '15.2': '12233', '15.3': '1222222', '15.4': '3333' },
  ...{ '16.1': '2', '16.2': '22222', '16.3': '2222', '16.4': '222', '16.5': '2223' },
  ...{ '17.1': '23', '17.2': '22223333', '17.3': '22' },
};
/** Authentication, sessions, authorisation, OAuth and OIDC, cryptography, logging: to the third level. */
const TO_THE_THIRD = new Set(['6', '7', '8', '10', '11', '16']);

/** GB/T 22239-2019, 8.1.4: how many items each part has. */
const GRADE: Readonly<Record<string, number>> = {
  ...{ '8.1.4.1': 4, '8.1.4.2': 7, '8.1.4.3': 4, '8.1.4.4': 6, '8.1.4.5': 1, '8.1.4.6': 1 },
  ...{ '8.1.4.7': 2, '8.1.4.8': 2, '8.1.4.9': 3, '8.1.4.10': 2, '8.1.4.11': 2 },
};

/** The articles that lay something on who handles personal data; 11 and 12 are the state's, 60 and on its authorities'. */
const LAW = [...numbers(5, 10), ...numbers(13, 59)].map(String);

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

const chapterOf = (number: string): string => number.split('.', 1)[0] ?? '';

/** `1.2.3`, with its level, for every requirement that is asked for here. */
const wanted = Object.entries(ASVS).flatMap(([section, levels]) =>
  Array.from(levels).flatMap((level, n) =>
    level < '3' || TO_THE_THIRD.has(chapterOf(section)) ? [`${section}.${n + 1} L${level}`] : [],
  ),
);

const items = Object.entries(GRADE).flatMap(([part, count]) =>
  count === 1 ? [part] : Array.from('abcdefg'.slice(0, count), (letter) => `${part} ${letter}`),
);

const leveled = (text: string): Requirement[] =>
  cellsOf(text).map(([number = '', level = '', about = '', standing = '', control = '', tests = '']) => ({
    ...{ number, level, about, standing, control, test: tests },
  }));
const plain = (text: string): Requirement[] =>
  cellsOf(text).map(([number = '', about = '', standing = '', control = '', tests = '']) => ({
    ...{ number, about, standing, control, test: tests },
  }));

const asvs: Chapter[] = [...partsOf(textOf(DOCUMENTS.asvs))].map(([heading, text]) => {
  const number = /^V(\d+) /.exec(heading)?.[1] ?? '';
  const sections = Object.entries(ASVS).filter(([section]) => chapterOf(section) === number);
  return {
    name: heading,
    ofAll: sections.flatMap(([, levels]) => Array.from(levels)).length,
    rows: leveled(text),
  };
});
const grade: Chapter = {
  ...{ name: 'GB/T 22239-2019, 8.1.4', ofAll: items.length, rows: plain(textOf(DOCUMENTS.grade)) },
};
const law: Chapter = { name: 'PIPL, articles 5-59', ofAll: LAW.length, rows: plain(textOf(DOCUMENTS.law)) };
const chapters = [...asvs, grade, law];
const rows = chapters.flatMap((chapter) => chapter.rows);

describe('the tables have every requirement, once, in the order of the standard:', () => {
  test('OWASP ASVS 5.0.0', () => {
    expect(wanted).toHaveLength(290);
    expect(Object.values(ASVS).join('')).toHaveLength(345);
    expect(
      asvs.flatMap((chapter) => chapter.rows.map(({ number, level }) => `${number} L${level ?? ''}`)),
    ).toEqual(wanted);
  });

  test('each chapter has its own', () => {
    for (const { name, rows: own } of asvs) {
      expect([name, ...new Set(own.map(({ number }) => `V${chapterOf(number)}`))]).toEqual([
        name,
        name.split(' ', 1)[0],
      ]);
    }
  });

  test('GB/T 22239-2019, 8.1.4', () => {
    expect(grade.rows.map(({ number }) => number)).toEqual(items);
  });

  test('PIPL', () => {
    expect(law.rows.map(({ number }) => number)).toEqual(LAW);
  });
});

describe('of every requirement is said', () => {
  test('what it is about, how it stands, and by what', () => {
    const wrong = rows.filter(
      ({ about, standing, control }) =>
        about === '' || control === '' || !(STANDINGS as readonly string[]).includes(standing),
    );
    expect(wrong).toEqual([]);
  });

  test('by which test it is shown that it is met', () => {
    expect(
      rows.filter(({ standing, test: tests }) => standing === 'met' && testsNamed(tests).length === 0),
    ).toEqual([]);
  });

  test('a test that there is', () => {
    const missing = rows.flatMap(({ number, test: tests }) =>
      testsNamed(tests).flatMap(({ file, title }) => {
        if (!/\.(?:spec|contract)\.ts$/.test(file) || !existsSync(file)) return [`${number}: ${file}`];
        return title === undefined || readFileSync(file, 'utf8').includes(title)
          ? []
          : [`${number}: ${file}: ${title}`];
      }),
    );
    expect(missing).toEqual([]);
  });
});

test.each(Object.values(DOCUMENTS))('%s names no file that is not there', (document) => {
  expect(filesNamed(textOf(document), document).filter((file) => !existsSync(file))).toEqual([]);
});

/** `WRITE=1 npm test -- test/reference` counts anew. */
test('docs/security.md counts them as they stand', () => {
  const counted = (chapter: Pick<Chapter, 'name' | 'ofAll' | 'rows'>): string => {
    const standing = STANDINGS.map((word) => chapter.rows.filter((row) => row.standing === word).length);
    return lineOf(chapter.name, [chapter.ofAll, chapter.rows.length, ...standing].map(String));
  };
  const made = [
    lineOf('', ['in all', 'here', ...STANDINGS]),
    ...asvs.map(counted),
    counted({
      ...{ name: 'ASVS 5.0.0', ofAll: asvs.reduce((sum, { ofAll }) => sum + ofAll, 0) },
      rows: asvs.flatMap((chapter) => chapter.rows),
    }),
    counted(grade),
    counted(law),
  ].join('\n');
  const text = textOf(DOCUMENTS.entry);
  const written = text.replace(/(?<=```text\n)[^`]*(?=\n```)/, () => made);
  if (process.env.WRITE === '1') writeFileSync(DOCUMENTS.entry, written);
  expect(textOf(DOCUMENTS.entry)).toBe(written);
  expect(written).toContain(made);
});

const lineOf = (name: string, cells: readonly string[]): string =>
  name.padEnd(42) + cells.map((cell) => cell.padStart(9)).join('');
