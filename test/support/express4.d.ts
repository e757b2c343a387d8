/** Express 4 under its alias; the parts that both versions share have the same types. */
declare module 'express4' {
  import express from 'express';
  export = express;
}
