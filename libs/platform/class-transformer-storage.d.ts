/** class-transformer keeps what `@Type` declared here, and tells nobody else which fields it would have to make anew. */
declare module 'class-transformer/cjs/storage.js' {
  import { type IOptions } from 'class-validator-jsonschema/build/options.js';

  export const defaultMetadataStorage: NonNullable<IOptions['classTransformerMetadataStorage']>;
}
