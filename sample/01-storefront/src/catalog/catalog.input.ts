import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const LAST_PAGE = 100_000;
const HIGHEST_PRICE = 100_000_000;

export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LAST_PAGE)
  readonly page: number = 1;
}

export class SearchQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(/^\P{Cc}*$/u, { message: 'search must not hold control characters' })
  readonly search: string = '';
}

export class NewPrice {
  @IsInt()
  @Min(1)
  @Max(HIGHEST_PRICE)
  readonly priceCents!: number;
}
