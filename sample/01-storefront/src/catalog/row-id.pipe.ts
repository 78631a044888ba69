import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';

/** The largest `int` of the database. */
export const LARGEST_ID = 2_147_483_647;

@Injectable()
export class RowIdPipe implements PipeTransform {
  transform(given: unknown): number {
    const id = Number(given);
    if (Number.isInteger(id) && id >= 1 && id <= LARGEST_ID) return id;
    throw new BadRequestException(`an id is a whole number from 1 to ${LARGEST_ID}`);
  }
}
