export type { NestApplication } from '../inventory/application-inventory.js';
export { documentActions } from './document-actions.js';
export type { OpenApiDocument, Schema } from './open-api.js';
export { stepUpSchemas } from './step-up-schemas.js';
