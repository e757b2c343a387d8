import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type ModuleMetadata,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  Args,
  Field,
  GraphQLModule,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import type { Approval, SignedInRequest, StepUpGateOptions } from 'authsignal-guard';
import { Approved, RequireAction } from 'authsignal-guard/nest';
import { type Host, Runs, signedIn, type Town } from '../../support/host.js';
import { startNest } from '../../support/nest-host.js';
import { PaymentDto, paymentPolicy } from '../gate/scenarios/payment.js';

interface GraphqlRequest extends SignedInRequest {
  readonly headers: Readonly<Record<string, unknown>>;
}

const requestOf = (context: ExecutionContext): GraphqlRequest =>
  context.getArgs<[unknown, unknown, { readonly req: GraphqlRequest }]>()[2].req;

class SignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    Object.assign(request, signedIn(request.headers));
    return true;
  }
}

/** Finds the user only where it stands on the method itself. */
class LateSignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    Object.assign(request, { user: { id: request.headers['x-late-user'] } });
    return true;
  }
}

@ObjectType()
class Receipt {
  @Field()
  by!: string;
  @Field({ nullable: true })
  proofId?: string;
  @Field(() => Int)
  amount!: number;
}

@ObjectType()
class Account {
  @Field()
  id!: string;
}

const runs = new Runs();

const receipt = (name: string, amount: number, { by, proofId }: Approval): Receipt => {
  runs.add(name);
  return { by, amount, ...(proofId === undefined ? {} : { proofId }) };
};

let isBroken = false;

/** How the ledger behind one mutation is. */
export function breakLedger(broken: boolean): void {
  isBroken = broken;
}

@Resolver()
class PaymentsResolver {
  @Query(() => String)
  motto(): string {
    return 'open to all';
  }

  @Query(() => [Receipt], { nullable: true })
  @RequireAction('createPayment')
  statement(
    @Args('amount', { type: () => Int }) amount: number,
    @Approved() approval: Approval,
  ): readonly Receipt[] {
    return [receipt('statement', amount, approval)];
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment')
  pay(
    @Args('amount', { type: () => Int }) amount: number,
    @Args('payee') _payee: string,
    @Approved() approval: Approval,
  ): Receipt {
    return receipt('pay', amount, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment')
  refund(
    @Args('amount', { type: () => Int }) amount: number,
    @Args('payee') _payee: string,
    @Approved() approval: Approval,
  ): Receipt {
    return receipt('refund', amount, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment', paymentPolicy)
  checked(
    @Args('amount', { type: () => Int }) _amount: number,
    @Args('currency') _currency: string,
    @Args('payee') _payee: string,
    @Approved() approval: Approval,
    @Approved('body') payment: PaymentDto,
  ): Receipt {
    return receipt(payment instanceof PaymentDto ? 'checked' : 'raw', payment.amount, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment', { returnProofOnFailure: true })
  async fragile(@Approved() approval: Approval): Promise<Receipt> {
    await Promise.resolve();
    if (isBroken) {
      throw new Error('the ledger is shut');
    }
    return receipt('fragile', 1, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment', { mode: 'observe' })
  watched(@Approved() approval: Approval): Receipt {
    return receipt('watched', 1, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment')
  @UseGuards(LateSignIn)
  late(@Approved() approval: Approval): Receipt {
    return receipt('late', 1, approval);
  }

  @Query(() => String)
  unguarded(@Approved() _approval: Approval): string {
    runs.add('unguarded');
    return 'never';
  }
}

@Resolver()
@RequireAction('closeAccount')
class ClosingResolver {
  @Mutation(() => Receipt, { nullable: true })
  close(@Approved() approval: Approval): Receipt {
    return receipt('close', 0, approval);
  }

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('blockedAction')
  seize(@Approved() approval: Approval): Receipt {
    return receipt('seize', 0, approval);
  }
}

@Resolver()
@Injectable({ scope: Scope.REQUEST })
class OwnResolver {
  static made = 0;
  /** Which one of them answers. */
  readonly number = ++OwnResolver.made;

  @Mutation(() => Receipt, { nullable: true })
  @RequireAction('createPayment')
  own(@Approved() approval: Approval): Receipt {
    return receipt('own', this.number, approval);
  }
}

@Resolver(() => Account)
class AccountsResolver {
  @Query(() => [Account])
  accounts(@Args('ids', { type: () => [String] }) ids: string[]): readonly Account[] {
    return ids.map((id) => ({ id }));
  }

  @ResolveField(() => String, { nullable: true })
  @RequireAction('createPayment', { bind: ({ parent }) => (parent as Account).id })
  iban(@Parent() account: Account, @Approved() approval: Approval): string {
    runs.add('iban');
    return `${account.id} ${approval.by}`;
  }
}

export const graphqlModule = (more: Partial<ApolloDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    introspection: true,
    allowBatchedHttpRequests: true,
    fieldResolverEnhancers: ['guards'],
    ...more,
  });

/** A bank behind Apollo, on a free port. */
export function graphqlBank(
  town: Town,
  options: Partial<StepUpGateOptions> = {},
  module: ModuleMetadata = {},
): Promise<Host> {
  return startNest(
    'nest-express',
    town,
    {
      options,
      module: {
        imports: [graphqlModule()],
        providers: [
          PaymentsResolver,
          ClosingResolver,
          AccountsResolver,
          OwnResolver,
          { provide: APP_GUARD, useClass: SignIn },
        ],
        ...module,
      },
    },
    runs,
  );
}
