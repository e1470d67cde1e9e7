import { greatDetail } from './great-detail.ts';
import { kapso } from './kapso.ts';
import type { Library } from './library.ts';
import { waCoexist } from './wa-coexist.ts';
import { whatsappApiJs } from './whatsapp-api-js.ts';
import { whatsappBusiness } from './whatsapp-business.ts';

export const libraries: readonly Library[] = [waCoexist, kapso, whatsappApiJs, greatDetail, whatsappBusiness];
