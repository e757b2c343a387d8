import { IsIn, IsInt, IsString, Length, Max, Min } from 'class-validator';

export class CreatePaymentDto {
  /** In minor units: cents. A fraction could be rounded between what is shown and what is paid. */
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  amount!: number;

  @IsIn(['AUD', 'NZD'])
  currency!: string;

  @IsString()
  @Length(1, 100)
  payee!: string;
}
