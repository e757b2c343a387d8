import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientOf } from '../../../src/whatsapp/client-address.js';

describe('a client', () => {
  it('is an IPv4 address, however it is written', () => {
    expect(clientOf('203.0.113.7')).toBe('203.0.113.7');
    expect(clientOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(clientOf('::FFFF:cb00:7107')).toBe('203.0.113.7');
    expect(clientOf('0xcb.0.113.7')).toBe('203.0.113.7');
    expect(clientOf('203.0.113.8')).not.toBe(clientOf('203.0.113.7'));
  });

  it('is behind the translation of an IPv6-only network the IPv4 address that was translated', () => {
    expect(clientOf('64:ff9b::203.0.113.7')).toBe('203.0.113.7');
    expect(clientOf('64:ff9b::203.0.113.8')).toBe('203.0.113.8');
  });

  it('is the /64 of IPv6', () => {
    const one = clientOf('2001:db8:1:2::1');
    expect(clientOf('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(one);
    expect(clientOf('2001:0DB8:0001:0002:0:0:0:99')).toBe(one);
    expect(clientOf('2001:db8:1:3::1')).not.toBe(one);
    expect(one).toBe('20010db800010002');
  });

  it('is the same over every zone', () => {
    expect(clientOf('fe80::1%eth0')).toBe(clientOf('fe80::2%en1'));
  });

  it.each([
    undefined,
    '',
    ' ',
    'localhost',
    '203.0.113.7:80',
    '[::1]',
    '1.2.3.4, 5.6.7.8',
    '\u0000',
  ])('without a readable address (%p) is one with all of these', (ip) => {
    expect(clientOf(ip)).toBe('unknown');
  });

  it('has a name for any text, and never one address for two of IPv4', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(clientOf(text).length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
        expect(clientOf(one) === clientOf(other)).toBe(one === other);
      }),
    );
  });
});
