import type { NewUser } from './users.js';

/** The numbers are of a range that is kept free for films: nobody has them. */
export const DEMO_USERS: readonly NewUser[] = [
  {
    id: 'user-ann',
    username: 'ann',
    password: 'ann likes long walks',
    phoneNumber: '+447700900101',
  },
  {
    id: 'user-bob',
    username: 'bob',
    password: 'bob likes old maps',
    phoneNumber: '+447700900102',
  },
  {
    id: 'user-cleo',
    username: 'cleo',
    password: 'cleo has no phone yet',
    phoneNumber: undefined,
  },
];
