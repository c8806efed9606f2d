interface Waiting<Q, A> {
  question: Q;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

/** At most this many questions are asked at once, where nothing else is said. */
const MOST = 500;

/**
 * One round trip for all who ask at the same time: whoever asks while questions are on their way is answered with the
 * next ones. Nobody waits for others to come.
 * @param ask answers in the order of the questions; where it fails, it fails for all that were asked together
 */
export class Together<Q, A> {
  #waiting: Waiting<Q, A>[] = [];
  #busy = false;

  constructor(
    private readonly ask: (questions: Q[]) => Promise<A[]>,
    private readonly most = MOST,
  ) {}

  answer(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      // One turn later, so that requests that arrived together are asked together.
      setImmediate(() => void this.#askAll());
    });
  }

  async #askAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const asking = this.#waiting.splice(0, this.most);
      try {
        const answers = await this.ask(asking.map(({ question }) => question));
        if (answers.length !== asking.length) throw new Error('as many answers as questions were expected');
        for (const [n, { resolve }] of asking.entries()) resolve(answers[n] as A);
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
    }
    this.#busy = false;
  }
}
