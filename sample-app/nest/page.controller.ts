import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Sessions } from '../bank/sessions.js';
import { endSession } from '../server/cookies.js';
import type { PageConfig } from '../server/page-config.js';
import { ROUTES } from '../server/routes.js';

export const PAGE_CONFIG = Symbol('PageConfig');

/** What the web page asks for beside the bank's own routes. */
@Controller()
export class PageController {
  constructor(
    private readonly sessions: Sessions,
    @Inject(PAGE_CONFIG) private readonly pageConfig: PageConfig,
  ) {}

  @Get('routes')
  routes(): typeof ROUTES {
    return ROUTES;
  }

  @Get('config')
  config(): PageConfig {
    return this.pageConfig;
  }

  @Post('logout')
  @HttpCode(204)
  logout(@Req() req: Request, @Res({ passthrough: true }) res: Response): void {
    endSession(req, res, this.sessions);
  }
}
