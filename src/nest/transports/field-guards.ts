import { StepUpError } from '../../core/errors.js';
import type { ResolvedPolicy } from '../../core/resolve-policy.js';
import { property } from './property.js';

/** The token of the options of `@nestjs/graphql`, which may not be installed. */
const GRAPHQL_OPTIONS = 'GqlModuleOptions';

interface Provider {
  readonly token: unknown;
  readonly instance: unknown;
}

/**
 * The fields with a gate. GraphQL runs guards before them only where it is told to, and what they
 * are asked for stands in their parents, which nobody but the application can name.
 */
export class FieldGuards {
  readonly #needed = new Map<string, readonly string[]>();

  /** @throws StepUpError `ERR_STEP_UP_POLICY` where nothing of the parent would be bound. */
  add(
    place: string,
    { bind, returnProofOnFailure }: Pick<ResolvedPolicy, 'bind' | 'returnProofOnFailure'>,
  ): void {
    if (bind === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${place} resolves a field: what is asked for stands in its parent. Say it in the policy, ` +
          'bind: ({ parent }) => (parent as Account).id, or put @RequireAction on the query instead.',
      );
    }
    this.#needed.set(place, returnProofOnFailure ? ['guards', 'interceptors'] : ['guards']);
  }

  /** @throws StepUpError `ERR_STEP_UP_POLICY` where GraphQL would pass a gate by. */
  check(providers: readonly Provider[]): void {
    const modules = providers.filter(({ token }) => token === GRAPHQL_OPTIONS);
    for (const { instance } of modules) {
      const given: unknown = property(instance, 'fieldResolverEnhancers');
      const enhancers: readonly unknown[] = Array.isArray(given) ? given : [];
      for (const [place, needed] of this.#needed) {
        if (!needed.every((name) => enhancers.includes(name))) {
          throw new StepUpError(
            'ERR_STEP_UP_POLICY',
            `${place} resolves a field, before which GraphQL runs no guards by itself. Give ` +
              `GraphQLModule fieldResolverEnhancers: ${JSON.stringify(needed)}.`,
          );
        }
      }
    }
  }
}
