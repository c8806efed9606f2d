import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ServedCopy } from '../../contracts/evidence.js';
import { Shelf } from '../serving/shelf.js';

@QueryHandler(ServedCopy)
export class ServedCopyHandler implements IQueryHandler<ServedCopy> {
  constructor(private readonly shelf: Shelf) {}

  async execute({ receipt, most }: ServedCopy): Promise<Buffer | null> {
    const picture = await this.shelf.pictureOf(receipt, 'copy');
    return picture && picture.length <= most ? picture : null;
  }
}
