import { createRequire } from 'node:module';
import type { AxiosStatic } from 'axios';

const require = createRequire(import.meta.url);

/** axios, loaded by the first request: as one file, the same that the SOAP library loads. As modules it would be 66 more. */
export function loadAxios(): AxiosStatic {
  return require('axios') as AxiosStatic;
}
