import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Injectable, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { AuthsignalModule, listActions, RequireAction } from 'authsignal-guard/nest';
import { LoginGuard } from './branch.js';

@ObjectType()
class Account {
  @Field()
  id!: string;

  @Field()
  secret!: string;
}

@Resolver(() => Account)
@UseGuards(LoginGuard)
class AccountResolver {
  @Query(() => Account)
  @RequireAction('readAccount')
  account(): Account {
    return { id: '1', secret: '' };
  }

  @Mutation(() => Account, { name: 'shutAccount' })
  @RequireAction('closeAccount')
  close(): Account {
    return { id: '1', secret: '' };
  }

  @ResolveField('secret', () => String)
  @RequireAction('readSecret', { bind: () => 'all' })
  secret(): string {
    return 'secret';
  }

  @Query(() => Account)
  open(): Account {
    return { id: '1', secret: '' };
  }
}

@WebSocketGateway({ path: '/socket' })
class PaymentGateway {
  @SubscribeMessage('pay')
  @RequireAction('pay')
  pay(): string {
    return 'paid';
  }
}

@Controller()
class LedgerController {
  @MessagePattern({ cmd: 'book' })
  @RequireAction('book')
  book(): string {
    return 'booked';
  }

  @EventPattern('booked')
  @RequireAction('noteBooking')
  booked(_data: unknown): void {
    this.book();
  }
}

@Injectable()
class Bystander {
  pay(): string {
    return 'nothing stands before it';
  }
}

it('lists guarded resolvers, messages and events beside routes', async () => {
  class BankModule {}
  Module({
    imports: [
      AuthsignalModule.forRoot({
        apiSecretKey: 'a secret for tests alone',
        apiUrl: 'http://127.0.0.1:9/v1',
        subject: () => 'ann',
      }),
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        autoSchemaFile: true,
        fieldResolverEnhancers: ['guards'],
      }),
    ],
    controllers: [LedgerController],
    providers: [AccountResolver, PaymentGateway, Bystander],
  })(BankModule);
  const app = await NestFactory.create(BankModule, { logger: false, abortOnError: false });
  app.useWebSocketAdapter(new WsAdapter(app));
  await app.init();
  const { actions, warnings } = listActions(app);
  await app.close();

  expect(
    actions.map(({ transport, method, path, actions: names, handler }) =>
      [transport, method, path, names, handler].join(' '),
    ),
  ).toEqual([
    'rpc MESSAGE {"cmd":"book"} book LedgerController.book',
    'rpc EVENT booked noteBooking LedgerController.booked',
    'graphql QUERY Query.account readAccount AccountResolver.account',
    'graphql MUTATION Mutation.shutAccount closeAccount AccountResolver.close',
    'graphql FIELD Account.secret readSecret AccountResolver.secret',
    'ws MESSAGE pay pay PaymentGateway.pay',
  ]);
  expect(actions[2]?.order).toEqual(['LoginGuard', 'ActionGuard']);
  expect(warnings.filter(({ level }) => level === 'warning')).toEqual([]);
});
