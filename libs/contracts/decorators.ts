/** Several property decorators as one. */
export function applyDecorators(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** What is known of the fields of classes; a class below another inherits it. */
export class FieldFacts<T> {
  readonly #own = new Map<unknown, Map<string, T>>();
  readonly #all = new Map<unknown, ReadonlyMap<string, T>>();

  note(fact: T): PropertyDecorator {
    return ({ constructor }, property) => {
      this.#all.clear();
      const fields = this.#own.get(constructor) ?? new Map<string, T>();
      this.#own.set(constructor, fields.set(String(property), fact));
    };
  }

  /** By name of the field. */
  of(type: unknown): ReadonlyMap<string, T> {
    if (typeof type !== 'function') return new Map();
    const known =
      this.#all.get(type) ??
      new Map([...this.of(Object.getPrototypeOf(type)), ...(this.#own.get(type) ?? [])]);
    this.#all.set(type, known);
    return known;
  }
}
