import type { NewUser } from './users.js';

export interface DemoUser extends NewUser {
  /** Whether Authsignal has the number, too. */
  readonly isEnrolled: boolean;
  /** Why to try this one. */
  readonly story: string;
}

/** The numbers are of a range that is kept free for films: nobody has them. */
export const DEMO_USERS: readonly DemoUser[] = [
  {
    id: 'user-ann',
    username: 'ann',
    password: 'ann likes long walks',
    phoneNumber: '+61491570006',
    contactNumber: undefined,
    isEnrolled: true,
    story: 'Has a number for codes',
  },
  {
    id: 'user-bob',
    username: 'bob',
    password: 'bob likes old maps',
    phoneNumber: '+61491570156',
    contactNumber: undefined,
    isEnrolled: true,
    story: 'Has one, too',
  },
  // Somebody said on the telephone that this is Cleo's number.
  {
    id: 'user-cleo',
    username: 'cleo',
    password: 'cleo has no phone yet',
    phoneNumber: undefined,
    contactNumber: '+61491570158',
    isEnrolled: false,
    story: 'Has no number yet',
  },
  // Dora showed her phone and her passport at a branch.
  {
    id: 'user-dora',
    username: 'dora',
    password: 'dora likes deep snow',
    phoneNumber: '+61491570157',
    contactNumber: undefined,
    isEnrolled: false,
    story: 'By phone: +61 491 570 157',
  },
];
