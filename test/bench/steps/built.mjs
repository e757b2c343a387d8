/*
 * Parts of the built package that it does not export, for the steps that are timed one by one.
 */

/** @param {string} file below dist/esm */
const built = (file) => import(new URL(`../../../dist/esm/${file}.js`, import.meta.url).href);

/** @type {() => Promise<typeof import('../../../src/core/binding.js')>} */
export const binding = () => built('core/binding');
/** @type {() => Promise<typeof import('../../../src/core/decide.js')>} */
export const decide = () => built('core/decide');
/** @type {() => Promise<typeof import('../../../src/core/http-action-request.js')>} */
export const httpActionRequest = () => built('core/http-action-request');
/** @type {() => Promise<typeof import('../../../src/core/keyring.js')>} */
export const keyring = () => built('core/keyring');
/** @type {() => Promise<typeof import('../../../src/core/proof-header.js')>} */
export const proofHeader = () => built('core/proof-header');
/** @type {() => Promise<typeof import('../../../src/core/render-verdict.js')>} */
export const renderVerdict = () => built('core/render-verdict');
/** @type {() => Promise<typeof import('../../../src/whatsapp/sealed-handle.js')>} */
export const sealedHandle = () => built('whatsapp/sealed-handle');
