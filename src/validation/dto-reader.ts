import type { ValidationError } from 'class-validator';
import { pointerToken } from '../core/bound-values.js';
import { StepUpError } from '../core/errors.js';
import type { BodyReader, DtoClass } from '../core/policy.js';
import type { InvalidField } from '../core/wire.js';

interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** What a DTO refused. `issues` has the form of Standard Schema, which the gate reads. */
class InvalidDtoError extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    this.name = 'InvalidDtoError';
  }
}

/**
 * A reader for a DTO class. class-transformer makes the instance, class-validator checks it, and
 * properties that the class does not declare are dropped. Both are loaded at the first use, so
 * that who has no DTOs need not install them.
 */
export function dtoReader<Body>(dto: DtoClass<Body>): BodyReader<Body> {
  return async (raw) => {
    const [{ plainToInstance }, { validate }] = await loadPackages();
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw new InvalidDtoError([{ path: [], message: 'must be an object' }]);
    }
    const body: unknown = plainToInstance(dto, raw);
    if (!(body instanceof dto)) {
      throw new TypeError(`${dto.name} could not be made from the body`);
    }
    const errors = await validate(Object(body), { whitelist: true, forbidUnknownValues: true });
    if (errors.length > 0) {
      throw new InvalidDtoError(
        errors.flatMap((error) => issuesOf(error, [])).slice(0, MOST_ISSUES),
      );
    }
    return body;
  };
}

/** More help nobody, and a body may be made of faults. */
const MOST_ISSUES = 50;

type Packages = [typeof import('class-transformer'), typeof import('class-validator')];

let packages: Promise<Packages> | undefined;

async function loadPackages(): Promise<Packages> {
  packages ??= Promise.all([import('class-transformer'), import('class-validator')]);
  try {
    return await packages;
  } catch {
    packages = undefined;
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      'A class as `body` needs the packages class-validator and class-transformer. Install both.',
    );
  }
}

/** The same errors as fields of a refusal. */
export function fieldsOf(errors: readonly ValidationError[]): readonly InvalidField[] {
  return errors
    .flatMap((error) => issuesOf(error, []))
    .map(({ path, message }) => ({
      pointer: ['#', ...path.map(pointerToken)].join('/'),
      detail: message,
    }));
}

function issuesOf(error: ValidationError, parents: readonly string[]): Issue[] {
  // Missing where class-validator knows no rules for the value as a whole.
  const property: string | undefined = error.property;
  const path = property === undefined ? parents : [...parents, property];
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => issuesOf(child, path))];
}
