import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  Module,
  type ModuleMetadata,
  Post,
  Scope,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  BaseRpcExceptionFilter,
  ClientProxyFactory,
  ClientTCP,
  Ctx,
  EventPattern,
  GrpcMethod,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  RpcException,
  TcpContext,
  Transport,
} from '@nestjs/microservices';
import { type Approval, StepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import { Approved, AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { defer, type Observable, of } from 'rxjs';
import { gateOptions, type Host, Runs, type Town } from '../../support/host.js';
import { startNest } from '../../support/nest-host.js';
import { PaymentDto, paymentPolicy } from '../gate/scenarios/payment.js';

export const runs = new Runs();
let isBroken = false;

/** How the ledger behind one handler is. */
export function breakLedger(broken: boolean): void {
  isBroken = broken;
}

const done = (name: string, approval: Approval, more: object = {}): object => {
  runs.add(name);
  return { done: name, approval, ...more };
};

/** Finds the user only where it stands on the method itself. */
class LateSignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { lateUser } = context.switchToRpc().getData<{ readonly lateUser: string }>();
    Object.assign(context.switchToRpc().getContext<TcpContext>(), { user: { id: lateUser } });
    return true;
  }
}

let seen: unknown;

/** What a filter was told of the message whose handler failed last. */
export function seenByFilter(): unknown {
  return seen;
}

/** A filter of the application's that looks at everything. */
@Catch(Error)
class Witness extends BaseRpcExceptionFilter {
  override catch(exception: Error, host: ArgumentsHost): Observable<unknown> {
    const rpc = host.switchToRpc();
    seen = { data: rpc.getData<unknown>(), metadata: rpc.getContext<TcpContext>().getMetadata() };
    return super.catch(exception, host);
  }
}

@Controller()
export class PaymentsController {
  @MessagePattern({ cmd: 'pay', version: 1 })
  @RequireAction('createPayment')
  pay(
    @Payload() data: unknown,
    @Ctx() context: TcpContext,
    @Approved() approval: Approval,
  ): object {
    return done('pay', approval, { data, isContext: context instanceof TcpContext });
  }

  @MessagePattern({ cmd: 'refund' })
  @RequireAction('createPayment')
  refund(@Payload() data: unknown, @Approved() approval: Approval): object {
    return done('refund', approval, { data });
  }

  @MessagePattern(['release', 'approve'])
  @RequireAction('createPayment')
  release(@Approved() approval: Approval): object {
    return done('release', approval);
  }

  @MessagePattern('checked')
  @RequireAction('createPayment', paymentPolicy)
  checked(@Approved('body') payment: PaymentDto, @Approved() approval: Approval): object {
    return done('checked', approval, { payment, isDto: payment instanceof PaymentDto });
  }

  @MessagePattern('fragile')
  @RequireAction('createPayment', { returnProofOnFailure: true })
  @UseFilters(Witness)
  async fragile(@Approved() approval: Approval): Promise<object> {
    await Promise.resolve();
    if (isBroken) {
      throw new Error('the ledger is shut');
    }
    return done('fragile', approval);
  }

  @MessagePattern('refusing')
  @RequireAction('createPayment', { returnProofOnFailure: true })
  refusing(@Payload() { error }: { readonly error: string | object }): never {
    throw new RpcException(error);
  }

  @MessagePattern('streamed')
  @RequireAction('createPayment', { returnProofOnFailure: true })
  streamed(@Approved() approval: Approval): Observable<object> {
    return defer(() => {
      if (isBroken) {
        throw new Error('the ledger is shut');
      }
      return of({ part: 1 }, done('streamed', approval));
    });
  }

  @MessagePattern('watched')
  @RequireAction('createPayment', { mode: 'observe' })
  watched(@Approved() approval: Approval): object {
    return done('watched', approval);
  }

  @MessagePattern('late')
  @RequireAction('createPayment')
  @UseGuards(LateSignIn)
  late(@Approved() approval: Approval): object {
    return done('late', approval);
  }

  @MessagePattern('unguarded')
  unguarded(@Approved() approval: Approval): object {
    return done('unguarded', approval);
  }

  @EventPattern('statement.read')
  @RequireAction('viewPayments')
  read(@Payload() data: unknown): void {
    runs.add(`read ${JSON.stringify(data)}`);
  }

  @EventPattern('account.closed')
  @RequireAction('closeAccount')
  closed(@Payload() _data: unknown): void {
    runs.add('closed');
  }
}

@Controller()
@RequireAction('closeAccount')
class ClosingController {
  @MessagePattern('close')
  close(@Approved() approval: Approval): object {
    return done('close', approval);
  }

  @MessagePattern('seize')
  @RequireAction('blockedAction')
  seize(@Approved() approval: Approval): object {
    return done('seize', approval);
  }
}

@Controller({ scope: Scope.REQUEST })
class OwnController {
  @MessagePattern('own')
  @RequireAction('createPayment')
  own(@Approved() approval: Approval): object {
    return done('own', approval);
  }
}

@Controller()
export class GrpcController {
  @GrpcMethod('Bank', 'pay')
  @RequireAction('createPayment')
  pay(): object {
    return {};
  }
}

@Controller()
export class HopelessController {
  @EventPattern('paid')
  @RequireAction('createPayment', { requireChallenge: true })
  paid(@Payload() _data: unknown): void {
    runs.add('paid');
  }
}

function portOf(service: INestMicroservice): number {
  return service.unwrap<{ address(): AddressInfo }>().address().port;
}

/** The bank's module, for whichever transport it listens to. */
export function bankModule(
  town: Town,
  options: Partial<StepUpGateOptions>,
  module: ModuleMetadata,
): ModuleMetadata {
  return {
    ...module,
    imports: [
      AuthsignalModule.forRoot(
        gateOptions(town, {
          // Who acts, as the service that calls says it: the two trust each other.
          subject: ({ raw, body, headers }) => {
            const named = headers['x-user'] ?? Object(body).user;
            return raw.user?.id ?? (typeof named === 'string' ? named : undefined);
          },
          ...options,
        }),
      ),
    ],
  };
}

/** A microservice on a free port. */
export async function rpcBank(
  town: Town,
  options: Partial<StepUpGateOptions> = {},
  module: ModuleMetadata = { controllers: [PaymentsController, ClosingController, OwnController] },
): Promise<Host & { readonly port: number }> {
  class BankModule {}
  Module(bankModule(town, options, module))(BankModule);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(BankModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: town.ledger.logger,
    abortOnError: false,
  });
  await app.listen();
  const port = portOf(app);
  const gate = app.get(StepUpGate);
  return { platform: 'nest-express', url: '', port, gate, runs, close: () => app.close() };
}

@Controller()
class HybridController {
  @Post('hybrid')
  @MessagePattern('hybrid')
  @RequireAction('createPayment')
  pay(@Approved() approval: Approval): object {
    return done('hybrid', approval);
  }
}

/** One application that is asked over HTTP and TCP alike. */
export async function hybridBank(town: Town): Promise<Host & { readonly port: number }> {
  let service: INestMicroservice | undefined;
  const host = await startNest(
    'nest-express',
    town,
    {
      options: {
        subject: ({ transport, headers, body }) =>
          String(transport === 'http' ? headers['x-user'] : Reflect.get(Object(body), 'user')),
      },
      module: { controllers: [HybridController] },
      prepare: (app) => {
        service = app.connectMicroservice<MicroserviceOptions>({
          transport: Transport.TCP,
          options: { host: '127.0.0.1', port: 0 },
        });
      },
    },
    runs,
  );
  if (service === undefined) {
    throw new Error('There is no microservice.');
  }
  await service.listen();
  return { ...host, port: portOf(service) };
}

/** A service that calls the bank. */
export function caller(port: number): ClientTCP {
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  });
  if (!(client instanceof ClientTCP)) {
    throw new Error('Not a client of the transport that was asked for.');
  }
  return client;
}
