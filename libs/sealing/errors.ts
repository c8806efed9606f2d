/** The holder was erased: what was sealed for them is unreadable for good, and nothing more is sealed for them. */
export class Erased extends Error {
  constructor(readonly holder: string) {
    super(`holder ${holder} was erased`);
    this.name = 'Erased';
  }
}

/** Not what was sealed, or not for this place. It says nothing of the content, nor of what exactly was wrong with it. */
export class NotGenuine extends Error {
  constructor() {
    super('a sealed text is not genuine');
    this.name = 'NotGenuine';
  }
}

/** Sealing cannot work here and a person must do something: one clear sentence for them, without secrets. */
export class Unusable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unusable';
  }
}
