import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Post,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { createStepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import {
  type AuthsignalEvent,
  authsignalWebhook,
  type WebhookOptions,
  webhookEventOf,
} from 'authsignal-guard/express';
import { AuthsignalWebhook, WebhookEvent } from 'authsignal-guard/nest';
import type { RequestHandler } from 'express';
import { parsers, startExpress } from './express-host.js';
import { gateOptions, type Host, type Platform, Runs, type Town } from './host.js';
import type { Building } from './hosts.js';
import { startNest } from './nest-host.js';

export interface WebhookSetting {
  readonly options?: (town: Town) => Partial<StepUpGateOptions>;
  /** One webhook route for each path. */
  readonly routes: Readonly<Record<string, WebhookOptions>>;
  readonly handle: (event: AuthsignalEvent) => unknown;
  /**
   * `kept`: Nest with `rawBody: true`, Express with a `verify` that does the same. `unread`: Express without a parser.
   * `lost`: parsers that keep nothing.
   */
  readonly raw?: 'kept' | 'unread' | 'lost';
}

/** Webhook routes of one application, on every platform. */
export function webhookHost(setting: WebhookSetting): Building {
  return {
    start: (platform, town) =>
      platform.startsWith('nest')
        ? onNest(platform, town, setting)
        : onExpress(platform, town, setting),
  };
}

/** A guard that is named after the webhook's: it must have run before. */
class Doorkeeper implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest().headers['x-turned-away'] === undefined;
  }
}

function onNest(platform: Platform, town: Town, setting: WebhookSetting): Promise<Host> {
  const runs = new Runs();
  const options = setting.options?.(town) ?? {};
  const rawBody = setting.raw !== 'lost';
  const controllers = [controllerOf(setting, runs)];
  return startNest(platform, town, { options, rawBody, module: { controllers } }, runs);
}

/** A controller as if its methods had been decorated in its source. */
function controllerOf({ routes, handle }: WebhookSetting, runs: Runs): Type {
  class WebhookController {}
  for (const [index, [path, options]] of Object.entries(routes).entries()) {
    const name = `route${index}`;
    const { prototype } = WebhookController;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: async (event: AuthsignalEvent) => {
        runs.add(path);
        return handle(event);
      },
    });
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    WebhookEvent()(prototype, name, 0);
    AuthsignalWebhook(options)(prototype, name, descriptor);
    // Further out, so that Nest would run it behind the webhook's.
    UseGuards(Doorkeeper)(prototype, name, descriptor);
    Post(path)(prototype, name, descriptor);
  }
  Controller()(WebhookController);
  return WebhookController;
}

function onExpress(platform: Platform, town: Town, setting: WebhookSetting): Promise<Host> {
  const { options, routes, handle, raw = 'kept' } = setting;
  const gate = createStepUpGate(gateOptions(town, options?.(town)));
  return startExpress(platform, town, gate, (app, runs, library) => {
    if (raw === 'kept') {
      const verify = (req: object, _res: unknown, rawBody: Buffer) =>
        void Object.assign(req, { rawBody });
      app.use(library.json({ verify }));
    }
    if (raw === 'lost') {
      app.use(...parsers(library));
    }
    const doorkeeper: RequestHandler = (req, res, next) => {
      if (req.headers['x-turned-away'] === undefined) {
        next();
      } else {
        res
          .status(403)
          .json({ statusCode: 403, message: 'Forbidden resource', error: 'Forbidden' });
      }
    };
    for (const [path, webhook] of Object.entries(routes)) {
      app.post(
        path,
        doorkeeper,
        authsignalWebhook(gate, { name: path, ...webhook }),
        (req, res, next) => {
          runs.add(path);
          Promise.resolve()
            .then(() => handle(webhookEventOf(req)))
            .then((answer) => res.status(200).json(answer))
            .catch(next);
        },
      );
    }
  });
}
