import { plainToInstance } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { type Algorithm, ALGORITHMS } from '../contracts/sealing.js';
import { StartFault } from './fault.js';

const asRoot = process.getuid?.() === 0;
const ORIGIN = /^https?:\/\/[\w.-]+(?::\d{1,5})?$/;
/** Whoever listens on the way could sign in as anybody: without TLS nothing leaves the machine. */
const ISSUER = /^(?:https:\/\/\S+|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:\/\S*)?)$/;
const DATABASE_URL = /^postgres(?:ql)?:\/\/\S+$/;

/** All that an environment can set; every default is safe and runs on one machine. */
export class Config {
  /** Folder of the embedded database, uploads and addresses. */
  @IsNotEmpty() DATA_DIR = asRoot ? '/var/lib/xiaohao' : './data';
  /** A PostgreSQL of 15 or later instead of the embedded one. */
  @IsOptional() @Matches(DATABASE_URL) DATABASE_URL?: string;
  /** Where the log's owner is another role than the application: used for migrations only. */
  @IsOptional() @Matches(DATABASE_URL) DATABASE_OWNER_URL?: string;
  /** The engine of the log. Read models are always PostgreSQL. */
  @IsIn(['postgres', 'eventstoredb']) STORE: 'postgres' | 'eventstoredb' = 'postgres';
  @ValidateIf((config: Config) => config.STORE === 'eventstoredb')
  @Matches(/^(?:esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):\/\/\S+$/)
  EVENTSTOREDB_URL?: string;
  /** Part of every case's identity: never change it once there are cases. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}$/) DEPLOYMENT = 'xiaohao';
  /** The file of divisions, units, persons and rules. */
  @IsNotEmpty() SEED = 'config/demo.yaml';
  /** The key over the keys of personal data, 32 bytes in base64; or a file that holds it. */
  @IsOptional() @IsNotEmpty() MASTER_KEY?: string;
  @IsOptional() @IsNotEmpty() MASTER_KEY_FILE?: string;
  @IsIn(ALGORITHMS) SEALING: Algorithm = 'AES-256-GCM';
  /** Where uploaded files are kept: in DATA_DIR, or in an object store that speaks S3. */
  @IsIn(['disk', 's3']) FILES: 'disk' | 's3' = 'disk';
  @ValidateIf(({ FILES }: Config) => FILES === 's3')
  @Matches(/^[a-z0-9][a-z0-9.-]{1,62}$/)
  S3_BUCKET?: string;
  /** Another store than Amazon's: its address, with the bucket in the path. */
  @IsOptional() @Matches(/^https?:\/\/[^\s/@]+\/?$/) S3_ENDPOINT?: string;
  @IsNotEmpty() S3_REGION = 'us-east-1';
  /** The keys of the store, or files that hold them. Where none are set they are looked for as Amazon's tools do. */
  @IsOptional() @IsNotEmpty() S3_ACCESS_KEY?: string;
  @IsOptional() @IsNotEmpty() S3_SECRET_KEY?: string;
  @IsOptional() @IsNotEmpty() S3_ACCESS_KEY_FILE?: string;
  @IsOptional() @IsNotEmpty() S3_SECRET_KEY_FILE?: string;
  /** The largest file, in MiB, and how many a case may have. */
  @IsInt() @Min(1) @Max(200) MAX_FILE_MB = 50;
  @IsInt() @Min(1) @Max(10_000) MAX_FILES_PER_CASE = 40;
  /** Files that no command used are given up after so many days, uploads that did not go on after so many. */
  @IsInt() @Min(1) @Max(3650) UNATTACHED_DAYS = 30;
  @IsInt() @Min(1) @Max(365) UNFINISHED_DAYS = 7;
  /** A clamd that looks at every file before it is kept: host:port, or the path of its socket. */
  @IsOptional() @Matches(/^(?:\/\S+|[\w.-]+:\d{1,5})$/) CLAMD?: string;
  @IsNotEmpty() HOST = '127.0.0.1';
  /** 0: any free one. */
  @IsInt() @Min(0) @Max(65_535) PORT = 3000;
  /** As people type it. With https the cookies are sent over TLS only; without an address too, unless it is a demo. */
  @ValidateIf(({ PUBLIC_URL, OIDC_ISSUER }: Config) => (PUBLIC_URL ?? OIDC_ISSUER) !== undefined)
  @Matches(ORIGIN)
  PUBLIC_URL?: string;
  /** Proxies whose X-Forwarded-For is believed: addresses or networks, with commas. */
  @IsOptional() @Matches(/^[0-9a-fA-F.:/]+(?:,[0-9a-fA-F.:/]+)*$/) TRUSTED_PROXIES?: string;
  /** A session that nobody uses for so many minutes has ended, and any after so many hours. */
  @IsInt() @Min(1) @Max(720) SESSION_IDLE_MINUTES = 30;
  @IsInt() @Min(1) @Max(72) SESSION_HOURS = 12;
  /** Of whom a second factor is asked who has none yet. */
  @IsIn(['nobody', 'administrators', 'everybody']) SECOND_FACTOR: 'nobody' | 'administrators' | 'everybody' =
    'administrators';
  /** Words of the organisation that no password may consist of, with commas: its names in letters, its short names. */
  @IsOptional() @Matches(/^[^,]{2,40}(?:,[^,]{2,40}){0,499}$/) PASSWORD_WORDS?: string;
  /** What a password's hash costs (argon2id); the least is what OWASP asks for. */
  @IsInt() @Min(19_456) @Max(1_048_576) ARGON2_KIB = 19_456;
  @IsInt() @Min(2) @Max(20) ARGON2_PASSES = 2;
  @IsInt() @Min(1) @Max(16) ARGON2_LANES = 1;
  /** The sign-in service of the organisation (OpenID Connect): TLS, but for one on this machine. */
  @IsOptional() @Matches(ISSUER) OIDC_ISSUER?: string;
  @ValidateIf((config: Config) => config.OIDC_ISSUER !== undefined) @IsNotEmpty() OIDC_CLIENT_ID?: string;
  @IsOptional() @IsNotEmpty() OIDC_CLIENT_SECRET?: string;
  @IsOptional() @IsNotEmpty() OIDC_CLIENT_SECRET_FILE?: string;
  /** The claim that names the person: `sub` as it was linked, any other as an id of the register. */
  @Matches(/^[\w.:/-]{1,100}$/) OIDC_CLAIM = 'sub';
  /** Values of `amr` or `acr` that say that a second factor was given there, with commas. */
  @IsOptional() @IsNotEmpty() OIDC_STRONG?: string;
}

const UNSET = [
  ...['DATABASE_URL', 'DATABASE_OWNER_URL', 'EVENTSTOREDB_URL', 'MASTER_KEY', 'MASTER_KEY_FILE'],
  ...['PUBLIC_URL', 'TRUSTED_PROXIES', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
  ...['OIDC_CLIENT_SECRET_FILE', 'OIDC_STRONG', 'PASSWORD_WORDS'],
  ...['CLAMD', 'S3_BUCKET', 'S3_ENDPOINT', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'],
  ...['S3_ACCESS_KEY_FILE', 'S3_SECRET_KEY_FILE'],
];

/** @throws StartFault naming the variables that are wrong, never their values */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = new Config();
  const set = Object.keys(config).concat(...UNSET);
  const given: Record<string, unknown> = {};
  for (const name of set) {
    if (env[name] === undefined || env[name] === '') continue;
    const number = typeof config[name as keyof Config] === 'number';
    given[name] = number ? Number(env[name]) : env[name];
  }
  const read = plainToInstance(Config, { ...Object.fromEntries(Object.entries(config)), ...given });
  const wrong = validateSync(read);
  if (wrong.length === 0) return read;
  const said = wrong.map((one) => Object.values(one.constraints ?? {}).join(', '));
  throw new StartFault(`The configuration is wrong: ${said.join('; ')}.`);
}
