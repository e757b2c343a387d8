import { Matches, ValidateIf } from 'class-validator';
import { FLOW_FIELDS } from '../../whatsapp/flow-body.js';

const { phoneNumber, handle, code } = FLOW_FIELDS;

/** Begins a flow. */
export class PhoneNumberDto {
  /** E.164, or as people write it where there is a default country. */
  @Matches(phoneNumber.pattern, { message: phoneNumber.detail })
  phoneNumber!: string;
}

/** Names a flow. */
export class HandleDto {
  @Matches(handle.pattern, { message: handle.detail })
  handle!: string;
}

/** Answers a flow. */
export class CodeDto {
  @Matches(handle.pattern, { message: handle.detail })
  handle!: string;

  @Matches(code.pattern, { message: code.detail })
  code!: string;
}

/** Answers a sign-in; without a code it finishes an incomplete one. */
export class SignInCodeDto {
  @Matches(handle.pattern, { message: handle.detail })
  handle!: string;

  @ValidateIf((body: SignInCodeDto) => body.code !== undefined)
  @Matches(code.pattern, { message: code.detail })
  code?: string;
}
