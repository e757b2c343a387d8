/** The part of multer that the suites use; it ships no types. */
declare module 'multer' {
  import type { RequestHandler } from 'express';

  function multer(): { any(): RequestHandler };
  namespace multer {}
  export = multer;
}
