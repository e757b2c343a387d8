import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  Module,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryReplayStore } from 'authsignal-guard';
import { ActionGuard, AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import request from 'supertest';

type ControllerClass = new () => object;

async function built(
  controllers: ControllerClass[],
  authsignal: FakeAuthsignal,
): Promise<INestApplication> {
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
  return app.init();
}

/** The actions that Authsignal was asked about for one request, in order. */
async function asked(
  controllers: ControllerClass[],
  path: string,
  authsignal = new FakeAuthsignal(),
): Promise<{ status: number; tracked: string[] }> {
  const app = await built(controllers, authsignal);
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

describe('a handler that the constructor puts onto the instance', () => {
  @Controller('bound')
  @UseGuards(Authentication)
  @RequireAction('bound')
  class Bound {
    constructor() {
      this.read = this.read.bind(this);
    }

    @Get()
    read() {
      return 'ran';
    }
  }

  it('is told at start', async () => {
    await expect(asked([Bound], '/bound')).rejects.toThrow('Bound.read is guarded');
  });

  it('does not run in a controller of each request either', async () => {
    @Controller({ path: 'bound-each', scope: Scope.REQUEST })
    @UseGuards(Authentication)
    class BoundEach {
      constructor() {
        this.read = this.read.bind(this);
        this.open = this.open.bind(this);
      }

      @Get()
      @RequireAction('bound')
      read() {
        return 'ran';
      }

      @Get('open')
      open() {
        return 'open';
      }
    }
    expect(await asked([BoundEach], '/bound-each')).toEqual({ status: 500, tracked: [] });
    expect(await asked([BoundEach], '/bound-each/open')).toEqual({ status: 200, tracked: [] });
  });

  it('does not make a controller that extends one with guarded handlers refuse its own', async () => {
    @Controller('parent')
    @UseGuards(Authentication)
    class Parent {
      @Get()
      @RequireAction('read')
      read() {
        return 'ran';
      }
    }
    @Controller('child')
    class Child extends Parent {
      @Get()
      override read() {
        return 'open';
      }

      @Get('more')
      more() {
        return 'more';
      }
    }
    expect(await asked([Parent, Child], '/parent')).toEqual({ status: 200, tracked: ['read'] });
    expect(await asked([Parent, Child], '/child')).toEqual({ status: 200, tracked: [] });
    expect(await asked([Parent, Child], '/child/more')).toEqual({ status: 200, tracked: [] });
  });
});

describe('a guarded handler that calls another one', () => {
  it('keeps its own proof used when the other fails', async () => {
    let runs = 0;
    @Controller('outer')
    @UseGuards(Authentication)
    class Outer {
      @Get()
      @RequireAction('outer', { returnProofOnFailure: true })
      async read() {
        runs += 1;
        await this.inner().catch(() => undefined);
        return 'ran';
      }

      @Get('inner')
      @RequireAction('inner', { returnProofOnFailure: true })
      async inner(): Promise<string> {
        throw new Error('The inner one failed.');
      }
    }
    const authsignal = new FakeAuthsignal();
    authsignal.outcome('outer', 'CHALLENGE_REQUIRED');
    const app = await built([Outer], authsignal);
    const refused = await request(app.getHttpServer()).get('/outer');
    const proof = authsignal.complete(refused.body.challenge.token);
    const send = () => request(app.getHttpServer()).get('/outer').set('step-up-proof', proof);
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(409);
    expect(runs).toBe(1);
    await app.close();
  });
});

describe('policies', () => {
  it('of a class go over those of the class that it extends, field by field', async () => {
    @RequireAction('base', { requireChallenge: true })
    @UseGuards(Authentication)
    class Base {}
    @Controller('derived')
    @RequireAction('derived')
    class Derived extends Base {
      @Get()
      read() {
        return 'ran';
      }
    }
    // `requireChallenge` makes the ALLOW a challenge: tracked, then updated.
    expect(await asked([Derived], '/derived')).toEqual({
      status: 403,
      tracked: ['derived', 'derived'],
    });
  });

  it('are not lost when there are two on one method', () => {
    expect(() => {
      class Twice {
        @RequireAction('a')
        @RequireAction('b', { requireChallenge: true })
        read() {
          return 'ran';
        }
      }
      return Twice;
    }).toThrow('Two @RequireAction on read');
  });

  it('of a class instance are refused, because its class would be left out', () => {
    class Strict {
      get requireChallenge() {
        return true;
      }
    }
    expect(() => RequireAction('a', new Strict())).toThrow('plain object');
  });
});
