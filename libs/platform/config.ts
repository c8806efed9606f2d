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
  @IsNotEmpty() HOST = '127.0.0.1';
  /** 0: any free one. */
  @IsInt() @Min(0) @Max(65_535) PORT = 3000;
}

const UNSET = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'EVENTSTOREDB_URL', 'MASTER_KEY', 'MASTER_KEY_FILE'];

/** @throws StartFault naming the variables that are wrong, never their values */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = new Config();
  const set = Object.keys(config).concat(...UNSET);
  const given: Record<string, unknown> = {};
  for (const name of set) if (env[name] !== undefined && env[name] !== '') given[name] = env[name];
  if (given.PORT !== undefined) given.PORT = Number(given.PORT);
  const read = plainToInstance(Config, { ...Object.fromEntries(Object.entries(config)), ...given });
  const wrong = validateSync(read);
  if (wrong.length === 0) return read;
  const said = wrong.map((one) => Object.values(one.constraints ?? {}).join(', '));
  throw new StartFault(`The configuration is wrong: ${said.join('; ')}.`);
}
