import ipaddr from 'ipaddr.js';

const IPV6_PREFIX_BYTES = 8;

/**
 * What counts as one client: an IPv4 address, or the /64 that a provider hands to one customer of
 * IPv6. Without a readable address all such clients count as one.
 */
export function clientOf(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) {
    return 'unknown';
  }
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv4'
    ? address.toString()
    : Buffer.from(address.toByteArray().slice(0, IPV6_PREFIX_BYTES)).toString('hex');
}
