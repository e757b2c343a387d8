/**
 * What `GET /window/state` answers.
 *
 * @template T
 * @typedef {{ items: readonly T[], more: number }} Listing
 */

/** @typedef {{ kind: 'live', expiresAt: number } | { kind: 'used' | 'replaced' | 'expired' }} CodeLife */

/**
 * @typedef {{ id: string, to: string, code: string, channel: 'WHATSAPP' | 'SMS' | 'EMAIL', text: string,
 *   action: string, userId?: string, sentAt: string, life: CodeLife }} MessageView
 */

/**
 * @typedef {{ userAuthenticatorId: string, verificationMethod: string, phoneNumber?: string, email?: string,
 *   isDefault: boolean, lastVerifiedAt?: number }} AuthenticatorView
 */

/**
 * @typedef {{ userId: string, phoneNumber?: string, email?: string, username?: string,
 *   authenticators: readonly AuthenticatorView[] }} UserView
 */

/**
 * @typedef {{ userId: string, action: string, idempotencyKey: string, state: string, createdAt: number,
 *   stateUpdatedAt: number, rules: readonly { ruleId: string, name: string }[],
 *   custom: Readonly<Record<string, unknown>>, verificationMethod?: string }} ActionView
 */

/** @typedef {{ ruleId: string, name: string, outcome: string, conditions: unknown }} RuleView */

/**
 * @typedef {{ action: string, outcome: string, isConfigured: boolean, rules: readonly RuleView[] }} SettingsView
 */

/**
 * @typedef {{ id: number, kind: string, calls: readonly string[], only: string, left?: number, status?: number,
 *   delayMs?: number }} FaultView
 */

/**
 * @typedef {{ at: string, call: string, method: string, path: string, status?: number, body: string,
 *   bodyCut: number, number: number }} RequestView
 */

/** @typedef {string | number | boolean} SwitchValue */
/** @typedef {{ name: string, choices: readonly SwitchValue[], value: SwitchValue }} SwitchView */
/** @typedef {{ now: number, offsetMs: number, isSystems: boolean }} ClockView */

/**
 * @typedef {{ outcomes: readonly string[], methods: readonly string[], calls: readonly string[],
 *   faults: readonly { kind: string, words: string }[] }} Choices
 */

/**
 * @typedef {{ revision: string, tenant: { tenantId: string, apiUrl: string, defaultOutcome: string },
 *   clock: ClockView, messages: Listing<MessageView>, users: Listing<UserView>, actions: Listing<ActionView>,
 *   settings: Listing<SettingsView>, faults: Listing<FaultView>, requests: Listing<RequestView>,
 *   switches: readonly SwitchView[], choices: Choices }} WindowView
 */

/**
 * A part of the page: where it is, and how it follows what changed.
 *
 * @template T
 * @typedef {{ node: HTMLElement, update: (view: T) => void }} Part
 */

export {};
