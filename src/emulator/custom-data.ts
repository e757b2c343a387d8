/** Custom data points of a user or an action. */
export type CustomData = Readonly<Record<string, string | number | boolean>>;
