import type { NewUser } from './users.js';

export interface DemoUser extends NewUser {
  /** Whether Authsignal has the number, too. */
  readonly isEnrolled: boolean;
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
  },
  {
    id: 'user-bob',
    username: 'bob',
    password: 'bob likes old maps',
    phoneNumber: '+61491570156',
    contactNumber: undefined,
    isEnrolled: true,
  },
  // Somebody said on the telephone that this is Cleo's number.
  {
    id: 'user-cleo',
    username: 'cleo',
    password: 'cleo has no phone yet',
    phoneNumber: undefined,
    contactNumber: '+61491570158',
    isEnrolled: false,
  },
  // Dora showed her phone and her passport at a branch.
  {
    id: 'user-dora',
    username: 'dora',
    password: 'dora likes deep snow',
    phoneNumber: '+61491570157',
    contactNumber: undefined,
    isEnrolled: false,
  },
];
