import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Module,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryReplayStore } from 'authsignal-guard';
import { ActionGuard, AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import request from 'supertest';

type ControllerClass = new () => object;

/** What Authsignal was asked for one request: `action` by `user`, in order. */
async function asked(
  controllers: ControllerClass[],
  path: string,
  authsignal = new FakeAuthsignal(),
): Promise<{ status: number; tracked: string[] }> {
  @Module({
    imports: [
      AuthsignalModule.forRoot({
        authsignal,
        secret: 'a secret of sixteen or more',
        replayStore: new MemoryReplayStore(),
        subject: ({ raw }) => raw.user?.id,
      }),
    ],
    controllers,
  })
  class App {}
  const app = await NestFactory.create(App, { logger: false });
  await app.init();
  const { status } = await request(app.getHttpServer()).get(path);
  await app.close();
  const tracked = authsignal.calls.map((call) => Reflect.get(Object(call.request), 'action'));
  return { status, tracked };
}

class Authentication implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest().user = { id: 'ann' };
    return true;
  }
}

/** A decorator as caches and tracers have it: another function, and nothing of the old one's metadata. */
function Replaced(): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    const old = descriptor.value;
    descriptor.value = function (this: unknown, ...args: unknown[]) {
      return old.apply(this, args);
    };
  };
}

describe('a guarded handler', () => {
  it('stays guarded when another decorator puts a function in its place', async () => {
    @Controller()
    class Replacing {
      @Get('replaced')
      @UseGuards(Authentication)
      @Replaced()
      @RequireAction('pay')
      pay() {
        return 'ran';
      }
    }
    const authsignal = new FakeAuthsignal();
    authsignal.outcome('pay', 'BLOCK');
    expect(await asked([Replacing], '/replaced', authsignal)).toEqual({
      status: 403,
      tracked: ['pay'],
    });
  });

  it('is guarded by its own controller when it is inherited by two', async () => {
    class Base {
      @Get()
      @UseGuards(Authentication)
      read() {
        return 'ran';
      }
    }
    @Controller('one')
    @RequireAction('one')
    class One extends Base {}
    @Controller('two')
    @RequireAction('two')
    class Two extends Base {}
    @Controller('open')
    class Open extends Base {}

    const controllers = [One, Two, Open];
    expect(await asked(controllers, '/one')).toEqual({ status: 200, tracked: ['one'] });
    expect(await asked(controllers, '/two')).toEqual({ status: 200, tracked: ['two'] });
    expect(await asked(controllers, '/open')).toEqual({ status: 200, tracked: [] });
  });

  it('keeps the policy that it inherits under the one of the class that extends', async () => {
    class Base {
      @Get()
      @UseGuards(Authentication)
      @RequireAction('fromMethod')
      read() {
        return 'ran';
      }
    }
    @Controller('extended')
    @RequireAction('fromClass', { requireChallenge: true })
    class Extended extends Base {}
    // The method's action over the class's; the class's requireChallenge stays in force.
    expect(await asked([Extended], '/extended')).toEqual({
      status: 403,
      tracked: ['fromMethod', 'fromMethod'],
    });
  });

  it('is evaluated once, also with the guard on class and method and in an application built twice', async () => {
    @Controller('once')
    @UseGuards(Authentication)
    @RequireAction('once')
    class Once {
      @Get()
      @UseGuards(ActionGuard)
      @RequireAction('once')
      read() {
        return 'ran';
      }
    }
    expect(await asked([Once], '/once')).toEqual({ status: 200, tracked: ['once'] });
    expect(await asked([Once], '/once')).toEqual({ status: 200, tracked: ['once'] });
  });
});

describe('a handler with the guard alone', () => {
  it('does not run', async () => {
    @Controller()
    class Bare {
      @Get('bare')
      @UseGuards(Authentication, ActionGuard)
      read() {
        return 'ran';
      }
    }
    expect(await asked([Bare], '/bare')).toEqual({ status: 500, tracked: [] });
  });
});

describe('an application without the module', () => {
  it('does not start', async () => {
    @Controller()
    class Guarded {
      @Get()
      @RequireAction('pay')
      read() {
        return 'ran';
      }
    }
    @Module({ controllers: [Guarded] })
    class App {}
    const start = NestFactory.create(App, { logger: false, abortOnError: false });
    await expect(start).rejects.toThrow('ActionGuard');
  });
});
