import { Body, Controller, HttpCode, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { StepUpGate } from 'authsignal-guard';
import { actionRequestOf } from 'authsignal-guard/nest';
import type { Request, Response } from 'express';
import { readCredentials } from '../bank/credentials.js';
import { Devices } from '../bank/devices.js';
import { Sessions } from '../bank/sessions.js';
import { type User, Users } from '../bank/users.js';
import { deviceOf, giveSessionCookie, sessionCookie } from '../server/cookies.js';

@Controller('login')
export class LoginController {
  constructor(
    private readonly users: Users,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
    private readonly gate: StepUpGate,
  ) {}

  /** The retry with the proof carries the password again, and both are checked. */
  @Post()
  @HttpCode(200)
  async login(
    @Body() body: unknown,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<{ username: string }> {
    const credentials = readCredentials(body);
    const user = credentials && (await this.users.authenticate(credentials));
    if (user === undefined) {
      throw new UnauthorizedException('The username or the password is wrong.');
    }
    await this.stepUp(user, req, deviceOf(req, res));
    giveSessionCookie(req, res, this.sessions.open(user.id, sessionCookie(req)));
    return { username: user.username };
  }

  private async stepUp(user: User, req: Request, device: string): Promise<void> {
    const request = actionRequestOf(req);
    const approval = await this.gate.require(request, {
      action: 'signIn',
      subject: () => user.id,
      // Who never had a number must get in to enroll one, and cannot pay before. Whoever has one
      // proves it: with the password alone, a thief could enroll another.
      whenUnenrolled: user.phoneNumber === undefined ? 'allow' : 'deny',
      // This user in this browser. Never the password: what is bound leaves the process as a hash.
      bind: () => ({ username: user.username, device }),
      attributes: () => ({
        username: user.username,
        custom: { newDevice: !this.devices.isTrusted(user.id, device) },
      }),
    });
    if (approval.by === 'challenge') {
      this.devices.trust(user.id, device);
    }
  }
}
