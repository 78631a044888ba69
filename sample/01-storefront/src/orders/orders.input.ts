import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { LARGEST_ID } from '../catalog/row-id.pipe.js';

const MOST_LINES = 100;
const MOST_OF_ONE = 10_000;

export class NewOrderLine {
  @IsInt()
  @Min(1)
  @Max(LARGEST_ID)
  readonly productId!: number;

  @IsInt()
  @Min(1)
  @Max(MOST_OF_ONE)
  readonly quantity!: number;
}

export class NewOrder {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  @Type(() => NewOrderLine)
  readonly lines!: readonly NewOrderLine[];
}
