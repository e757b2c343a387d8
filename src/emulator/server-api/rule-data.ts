import { isEnrolled } from '../enrolment.js';
import { present } from '../fields.js';
import type { Tenant } from '../tenant.js';
import type { TrackAttributes } from './track-attributes.js';

/** What `var` in a rule's conditions can read; `docs/emulator.md` lists it. */
export function ruleData(
  tenant: Tenant,
  reference: { readonly userId: string; readonly action: string },
  attributes: TrackAttributes,
) {
  const { userId, action } = reference;
  const user = tenant.state.users.get(userId);
  const { deviceId, ipAddress, userAgent, locale } = attributes;
  const isKnownDevice = deviceId !== undefined && (user?.devices.includes(deviceId) ?? false);
  return {
    action,
    custom: attributes.custom ?? {},
    ip: present({ address: ipAddress }),
    device: {
      ...present({ id: deviceId }),
      isNew: !isKnownDevice,
      count: user?.devices.length ?? 0,
    },
    user: {
      id: userId,
      isEnrolled: isEnrolled(tenant, userId),
      hasPreviouslyVerified: user?.lastVerifiedAt !== undefined,
      ...present({
        email: attributes.email ?? user?.email,
        phoneNumber: attributes.phoneNumber ?? user?.phoneNumber,
        username: attributes.username ?? user?.username,
        custom: user?.custom,
      }),
    },
    ...present({ userAgent, locale }),
  };
}
