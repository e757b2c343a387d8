import ipaddr from 'ipaddr.js';

const IPV6_PREFIX_BYTES = 8;
const IPV4_BYTES = 4;

/**
 * What counts as one client: an IPv4 address, or the /64 that a provider hands to one customer of
 * IPv6. Without a readable address all such clients count as one.
 */
export function clientOf(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) {
    return 'unknown';
  }
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') {
    return address.toString();
  }
  const bytes = address.toByteArray();
  // What RFC 6052 translates to IPv6 is the whole of IPv4 in one /64.
  return address.range() === 'rfc6052'
    ? bytes.slice(-IPV4_BYTES).join('.')
    : Buffer.from(bytes.slice(0, IPV6_PREFIX_BYTES)).toString('hex');
}
