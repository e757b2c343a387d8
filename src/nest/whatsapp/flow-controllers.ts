import { Controller, Get, Inject, Post, Req, Res, type Type, UseFilters } from '@nestjs/common';
import type { FlowName, FlowRouteName } from '../../whatsapp/whatsapp-flows.js';
import { actionRequestOf } from '../action-request.js';
import { type PlatformReply, writeReply } from '../platform-reply.js';
import { StepUpExceptionFilter } from '../step-up-exception.filter.js';
import type { CodeDto, HandleDto, PhoneNumberDto, SignInCodeDto } from './flow-body.dto.js';
import { FlowBody } from './flow-body.pipe.js';
import { WHATSAPP_FLOWS, type WhatsAppFlowHandlers } from './whatsapp-flows.token.js';

type PlatformRequest = Parameters<typeof actionRequestOf>[0];

/** Hands a request to its flow and writes what the flow answers. */
@UseFilters(StepUpExceptionFilter)
abstract class FlowController {
  constructor(@Inject(WHATSAPP_FLOWS) private readonly flows: WhatsAppFlowHandlers) {}

  protected async answer(name: FlowRouteName, req: PlatformRequest, res: PlatformReply) {
    const handle = this.flows.get(name);
    if (handle === undefined) {
      throw new TypeError(`The WhatsApp flow of ${name} is not switched on.`);
    }
    writeReply(res, await handle(actionRequestOf<unknown>(req)));
  }
}

@Controller()
class StatusController extends FlowController {
  @Get()
  status(@Req() req: PlatformRequest, @Res() res: PlatformReply): Promise<void> {
    return this.answer('status', req, res);
  }
}

@Controller()
class EnrollmentController extends FlowController {
  @Post('enrollment')
  start(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('PhoneNumberDto') _body: PhoneNumberDto,
  ): Promise<void> {
    return this.answer('startEnrollment', req, res);
  }

  @Post('enrollment/verify')
  verify(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('CodeDto') _body: CodeDto,
  ): Promise<void> {
    return this.answer('verifyEnrollment', req, res);
  }
}

@Controller()
class PhoneNumberController extends FlowController {
  @Post('phone-number')
  start(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('PhoneNumberDto') _body: PhoneNumberDto,
  ): Promise<void> {
    return this.answer('startPhoneNumber', req, res);
  }

  @Post('phone-number/verify')
  verify(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('CodeDto') _body: CodeDto,
  ): Promise<void> {
    return this.answer('verifyPhoneNumber', req, res);
  }
}

@Controller()
class VerifiedNumberController extends FlowController {
  @Post('verified-number')
  enroll(@Req() req: PlatformRequest, @Res() res: PlatformReply): Promise<void> {
    return this.answer('enrollVerifiedNumber', req, res);
  }
}

@Controller()
class SignInController extends FlowController {
  @Post('sign-in')
  start(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('PhoneNumberDto') _body: PhoneNumberDto,
  ): Promise<void> {
    return this.answer('startSignIn', req, res);
  }

  @Post('sign-in/verify')
  verify(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('SignInCodeDto') _body: SignInCodeDto,
  ): Promise<void> {
    return this.answer('verifySignIn', req, res);
  }
}

@Controller()
class ResendController extends FlowController {
  @Post('resend')
  resend(
    @Req() req: PlatformRequest,
    @Res() res: PlatformReply,
    @FlowBody('HandleDto') _body: HandleDto,
  ): Promise<void> {
    return this.answer('resend', req, res);
  }
}

/** Who uses a controller: a signed-in user, somebody who signs in, or both. */
export type FlowAudience = 'signedIn' | 'signIn' | 'resend';

interface AudienceController {
  readonly controller: Type<object>;
  readonly audience: FlowAudience;
}

const CONTROLLERS: Readonly<Record<FlowName, AudienceController>> = {
  enrollment: { controller: EnrollmentController, audience: 'signedIn' },
  phoneNumber: { controller: PhoneNumberController, audience: 'signedIn' },
  verifiedNumber: { controller: VerifiedNumberController, audience: 'signedIn' },
  signIn: { controller: SignInController, audience: 'signIn' },
};

/** The controllers of these flows, with what comes along: the status, and resending codes. */
export function flowControllers(flows: readonly FlowName[]): readonly AudienceController[] {
  const sendCodes = flows.some((flow) => flow !== 'verifiedNumber');
  return [
    { controller: StatusController, audience: 'signedIn' },
    ...flows.map((flow) => CONTROLLERS[flow]),
    ...(sendCodes ? [{ controller: ResendController, audience: 'resend' } as const] : []),
  ];
}
