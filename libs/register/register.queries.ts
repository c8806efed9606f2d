import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ForgetName } from '../contracts/erasures.js';
import { CurrentRegister, type Register, TakeNumber } from '../contracts/register.js';
import { RegisterBook } from './book.js';
import { Numbers } from './numbers/numbers.js';
import { SEEDED, type Seeded } from './seed/seed.js';

@QueryHandler(CurrentRegister)
export class CurrentRegisterHandler implements IQueryHandler<CurrentRegister> {
  constructor(private readonly book: RegisterBook) {}

  execute(): Promise<Register> {
    return Promise.resolve(this.book.register);
  }
}

@CommandHandler(ForgetName)
export class ForgetNameHandler implements ICommandHandler<ForgetName> {
  constructor(private readonly book: RegisterBook) {}

  execute({ person }: ForgetName): Promise<void> {
    this.book.forget(person);
    return Promise.resolve();
  }
}

@QueryHandler(TakeNumber)
export class TakeNumberHandler implements IQueryHandler<TakeNumber> {
  constructor(
    private readonly numbers: Numbers,
    @Inject(SEEDED) private readonly seeded: Seeded,
  ) {}

  async execute({ series, owner, on }: TakeNumber): Promise<string> {
    const year = on.slice(0, 4);
    const n = await this.numbers.take(series, year, owner);
    return this.seeded.numbers[series].replace('{year}', year).replace('{n}', String(n).padStart(4, '0'));
  }
}
