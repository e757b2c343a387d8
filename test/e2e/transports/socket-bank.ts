import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type ModuleMetadata,
  Scope,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets';
import {
  type ActionRequest,
  type Approval,
  type SignedInRequest,
  StepUpGate,
  type StepUpGateOptions,
} from 'authsignal-guard';
import {
  Approved,
  actionRequestOf,
  RequireAction,
  StepUpExceptionFilter,
} from 'authsignal-guard/nest';
import { type Host, Runs, signedIn, type Town } from '../../support/host.js';
import { startNest } from '../../support/nest-host.js';
import { PaymentDto, paymentPolicy } from '../gate/scenarios/payment.js';
import type { Kind } from './lines.js';

const runs = new Runs();
let isBroken = false;

/** How the ledger behind one event is. */
export function breakLedger(broken: boolean): void {
  isBroken = broken;
}

type Reply = { readonly event: string; readonly data: object };

const done = (name: string, approval: Approval, more: object = {}): Reply => {
  runs.add(name);
  return { event: 'done', data: { name, approval, ...more } };
};

interface Client extends SignedInRequest {
  readonly handshake?: { readonly headers: Readonly<Record<string, unknown>> };
}

/** Who is at the other end was found out when the connection opened. */
abstract class Reception implements OnGatewayConnection {
  handleConnection(client: Client, request?: IncomingMessage): void {
    const { headers } = client.handshake ?? request ?? { headers: {} };
    Object.assign(client, signedIn(headers));
  }
}

/** Finds the user only where it stands on the method itself. */
class LateSignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { lateUser } = context.switchToWs().getData<{ readonly lateUser: string }>();
    Object.assign(context.switchToWs().getClient<object>(), { user: { id: lateUser } });
    return true;
  }
}

const Asked = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  actionRequestOf(context),
);

class BankGateway extends Reception {
  @SubscribeMessage('pay')
  @RequireAction('createPayment')
  pay(@MessageBody() data: unknown, @Approved() approval: Approval): Reply {
    return done('pay', approval, { data });
  }

  @SubscribeMessage('refund')
  @RequireAction('createPayment')
  refund(@MessageBody() data: unknown, @Approved() approval: Approval): Reply {
    return done('refund', approval, { data });
  }

  @SubscribeMessage('checked')
  @RequireAction('createPayment', paymentPolicy)
  checked(@Approved('body') payment: PaymentDto, @Approved() approval: Approval): Reply {
    return done('checked', approval, { payment, isDto: payment instanceof PaymentDto });
  }

  @SubscribeMessage('fragile')
  @RequireAction('createPayment', { returnProofOnFailure: true })
  async fragile(
    @ConnectedSocket() _client: unknown,
    @Approved() approval: Approval,
  ): Promise<Reply> {
    await Promise.resolve();
    if (isBroken) {
      throw new Error('the ledger is shut');
    }
    return done('fragile', approval);
  }

  @SubscribeMessage('refusing')
  @RequireAction('createPayment', { returnProofOnFailure: true })
  refusing(): never {
    throw new WsException('no such payee');
  }

  @SubscribeMessage('watched')
  @RequireAction('createPayment', { mode: 'observe' })
  watched(@Approved() approval: Approval): Reply {
    return done('watched', approval);
  }

  @SubscribeMessage('late')
  @RequireAction('createPayment')
  @UseGuards(LateSignIn)
  late(@Approved() approval: Approval): Reply {
    return done('late', approval);
  }

  @SubscribeMessage('hello')
  hello(@MessageBody() data: unknown): Reply {
    return { event: 'done', data: { name: 'hello', data } };
  }

  @SubscribeMessage('required')
  @UseFilters(StepUpExceptionFilter)
  async required(@Asked() asked: ActionRequest<unknown, SignedInRequest>): Promise<Reply> {
    return done('required', await this.gate.require(asked, { action: 'createPayment' }));
  }

  constructor(@Inject(StepUpGate) readonly gate: StepUpGate) {
    super();
  }
}

class ClosingGateway extends Reception {
  @SubscribeMessage('close')
  close(@Approved() approval: Approval): Reply {
    return done('close', approval);
  }

  @SubscribeMessage('seize')
  @RequireAction('blockedAction')
  seize(@Approved() approval: Approval): Reply {
    return done('seize', approval);
  }
}

class OwnGateway extends Reception {
  @SubscribeMessage('own')
  @RequireAction('createPayment')
  own(@Approved() approval: Approval): Reply {
    return done('own', approval);
  }
}

/** The gateways as they would be decorated for one kind of socket. */
function gatewaysOf(kind: Kind): readonly Type[] {
  const place = kind === 'ws' ? { path: '/bank' } : { namespace: '/bank' };
  class Bank extends BankGateway {}
  class Closing extends ClosingGateway {}
  Reflect.defineMetadata('design:paramtypes', [StepUpGate], Bank);
  WebSocketGateway(place)(Bank);
  WebSocketGateway(place)(Closing);
  RequireAction('closeAccount')(Closing);
  class Own extends OwnGateway {}
  Injectable({ scope: Scope.REQUEST })(Own);
  WebSocketGateway(place)(Own);
  return [Bank, Closing, Own];
}

/** A bank that listens for sockets, on a free port. */
export function socketBank(
  kind: Kind,
  town: Town,
  options: Partial<StepUpGateOptions> = {},
  module: ModuleMetadata = {},
): Promise<Host> {
  return startNest(
    'nest-express',
    town,
    {
      options,
      module: { providers: [...gatewaysOf(kind)], ...module },
      prepare: (app) => {
        app.useWebSocketAdapter(kind === 'ws' ? new WsAdapter(app) : new IoAdapter(app));
      },
    },
    runs,
  );
}
