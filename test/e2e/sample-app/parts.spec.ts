import { describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from '../../../sample-app/bank/bank-database.js';
import { Devices, TRUST_MS } from '../../../sample-app/bank/devices.js';
import { Notices } from '../../../sample-app/bank/notices.js';
import { hashPassword, isPassword } from '../../../sample-app/bank/password.js';
import { PhoneNumbers } from '../../../sample-app/bank/phone-numbers.js';
import { SESSION_MS, Sessions } from '../../../sample-app/bank/sessions.js';
import { Users } from '../../../sample-app/bank/users.js';
import { readConfiguration } from '../../../sample-app/server/configuration.js';

// Hashing passwords is slow on purpose, and slower on a busy machine.
jest.setTimeout(240_000);

describe('the configuration', () => {
  it('is a stand-in on loopback, in memory, by default', () => {
    expect(readConfiguration({ PORT: '', AUTHSIGNAL_SECRET: '', AUTHSIGNAL_URL: '' })).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseFile: ':memory:',
      tenant: undefined,
      emulatorPort: 4400,
    });
  });

  it('is what the variables say', () => {
    const given = {
      HOST: '0.0.0.0',
      PORT: '8080',
      DB_FILE: 'bank.db',
      AUTHSIGNAL_SECRET: 'a+b/c=',
      AUTHSIGNAL_URL: 'https://au.api.authsignal.com/v1',
      AUTHSIGNAL_TENANT: 't-1',
      EMULATOR_PORT: '0',
    };
    expect(readConfiguration(given)).toEqual({
      host: '0.0.0.0',
      port: 8080,
      databaseFile: 'bank.db',
      tenant: {
        apiSecretKey: 'a+b/c=',
        apiUrl: 'https://au.api.authsignal.com/v1',
        tenantId: 't-1',
      },
      emulatorPort: 0,
    });
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536".'],
    [{ PORT: '3e3' }, 'PORT must be a whole number from 0 to 65535, not "3e3".'],
    [{ EMULATOR_PORT: '-1' }, 'EMULATOR_PORT must be a whole number from 0 to 65535, not "-1".'],
    [
      { AUTHSIGNAL_SECRET: 'x' },
      'AUTHSIGNAL_SECRET is set but AUTHSIGNAL_URL and AUTHSIGNAL_TENANT are not',
    ],
    [
      { AUTHSIGNAL_URL: 'https://x/v1', AUTHSIGNAL_TENANT: 't' },
      'AUTHSIGNAL_URL and AUTHSIGNAL_TENANT are set but AUTHSIGNAL_SECRET is not',
    ],
    [
      {
        AUTHSIGNAL_SECRET: 'x',
        AUTHSIGNAL_URL: 'https://api.authsignal.com',
        AUTHSIGNAL_TENANT: 't',
      },
      'AUTHSIGNAL_URL must end in /v1',
    ],
  ])('refuses %j', (given, sentence) => {
    expect(() => readConfiguration(given)).toThrow(sentence);
  });
});

describe('passwords', () => {
  it('are kept as salted hashes', async () => {
    const [first, second] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(first).toMatch(/^scrypt:[\w-]{22}:[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect(await isPassword('same', first)).toBe(true);
    expect(await isPassword('Same', first)).toBe(false);
  });

  it.each(['', 'scrypt', 'scrypt::', 'scrypt:AAAA:AAAA'])('are none in %j', async (stored) => {
    expect(await isPassword('', stored)).toBe(false);
  });
});

describe('numbers', () => {
  it.each(['0491 570 006', '61491570006', '+0491570006', ''])(
    'are E.164 in the database: %j is not',
    async (number) => {
      const database = openDatabase(':memory:');
      const numbers = new PhoneNumbers(database, new Notices(database, Date.now));
      expect(() => numbers.findOrOpenAccount(number)).toThrow('CHECK constraint failed');
      database.close();
    },
  );

  it('are of one user at a time, the last one who proved them', () => {
    const database = openDatabase(':memory:');
    const numbers = new PhoneNumbers(database, new Notices(database, Date.now));
    const [first, second] = ['+61491570006', '+61491570156'] as const;
    const [one, other] = [numbers.findOrOpenAccount(first), numbers.findOrOpenAccount(second)];
    expect(numbers.findOrOpenAccount(first)).toBe(one);
    numbers.moveTo(other, first);
    expect([numbers.isOf(one, first), numbers.isOf(other, first)]).toEqual([false, true]);
    expect(numbers.findOrOpenAccount(first)).toBe(other);
    expect([one, other]).not.toContain(numbers.findOrOpenAccount(second));
    database.close();
  });
});

describe('what ends', () => {
  const ann = {
    id: 'user-ann',
    username: 'ann',
    password: 'x',
    phoneNumber: undefined,
    contactNumber: undefined,
  };
  let now = 1_800_000_000_000;
  const opened = async () => {
    const database = openDatabase(':memory:');
    await new Users(database).add(ann);
    return database;
  };

  it('is a session, after eight hours', async () => {
    const database = await opened();
    const sessions = new Sessions(database, () => now);
    const cookie = sessions.open(ann.id);
    expect(sessions.find(cookie)?.userId).toBe(ann.id);
    expect(JSON.stringify(database.prepare('SELECT * FROM sessions').all())).not.toContain(cookie);
    now += SESSION_MS;
    expect(sessions.find(cookie)).toBeUndefined();
    const next = sessions.open(ann.id);
    expect(database.prepare('SELECT * FROM sessions').all()).toHaveLength(1);
    const other = sessions.open(ann.id, next);
    expect(sessions.find(next)).toBeUndefined();
    expect(sessions.find(other)?.userId).toBe(ann.id);
    database.close();
  });

  it('is the trust in a device, after 90 days', async () => {
    const database = await opened();
    const devices = new Devices(database, () => now);
    devices.trust(ann.id, 'phone');
    expect(devices.isTrusted(ann.id, 'phone')).toBe(true);
    expect(devices.isTrusted('user-bob', 'phone')).toBe(false);
    now += TRUST_MS;
    expect(devices.isTrusted(ann.id, 'phone')).toBe(false);
    database.close();
  });
});
