import type { ActionPolicy } from '../core/policy.js';

interface Layers {
  readonly ofClass: ActionPolicy;
  readonly ofMethod: ActionPolicy;
}

/** Whether the value of a method lets through more than that of its class. */
const LAXER: {
  readonly [Name in keyof ActionPolicy]?: (
    ofClass: NonNullable<ActionPolicy[Name]>,
    ofMethod: NonNullable<ActionPolicy[Name]>,
  ) => boolean;
} = {
  requireChallenge: (ofClass, ofMethod) => ofClass && !ofMethod,
  whenUnenrolled: (ofClass, ofMethod) => ofClass === 'deny' && ofMethod === 'allow',
  whenUnavailable: (ofClass, ofMethod) => ofClass === 'deny' && ofMethod === 'allow',
  mode: (ofClass, ofMethod) => ofClass === 'enforce' && ofMethod === 'observe',
  maxProofAgeMs: (ofClass, ofMethod) => ofMethod > ofClass,
  methods: (ofClass, ofMethod) => ofMethod.some((method) => !ofClass.includes(method)),
};

/** The fields in which a method takes back what its class asks for. */
export function loosenedFields({ ofClass, ofMethod }: Layers): readonly string[] {
  return Object.entries(LAXER)
    .filter(([name, isLaxer]) => {
      const [one, other] = [Reflect.get(ofClass, name), Reflect.get(ofMethod, name)];
      const compare: (ofClass: never, ofMethod: never) => boolean = isLaxer;
      return one !== undefined && other !== undefined && compare(one as never, other as never);
    })
    .map(([name]) => name);
}

/** The fields that a method says over what its class says. */
export function shadowedFields({ ofClass, ofMethod }: Layers): readonly string[] {
  const differ = (name: string): boolean =>
    Reflect.get(ofClass, name) !== undefined &&
    Reflect.get(ofMethod, name) !== undefined &&
    Reflect.get(ofClass, name) !== Reflect.get(ofMethod, name);
  return Object.keys(ofMethod).filter(differ);
}
