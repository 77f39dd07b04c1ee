import { headerVariable } from '../../live/fast-agi-commands.ts';
import type { Way } from '../carrier-config.ts';
import { curl, curlOptions } from './ask-patchbay.ts';
import { type Step, skipEmpty } from './dialplan-lines.ts';
import { setVariablesValue } from './set-variables.ts';
import { placeholders, type Site } from './site.ts';

/** The most headers that the configuration takes. */
const places = Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(2, '0'));

/** What a way does on the customer's channel, and, on PJSIP, what the pre-dial handler then does on the platform's. */
export interface WaySteps {
  lookUp: Step[];
  handler: { test: string; run: string }[];
}

/** The name of the header that the dialplan makes by itself, whatever answers. */
export const codeHeader = 'X-caller_code';

/** Steps for chan_sip, where SIPAddHeader on the customer's channel is enough. */
export function sipSteps(site: Site, way: Way, end: string): WaySteps {
  switch (way) {
    case 'curl': {
      const list = places.map((place) => `__SIPADDHEADER${place}`).join(',');
      return { lookUp: [...curlOptions(site, 'arr'), set(`ARRAY(${list})`, curl(site, 'arr'))], handler: [] };
    }
    case 'fastagi':
      return { lookUp: agi(site, 'vicidial'), handler: [] };
    default: {
      const { ask, values } = namedValues(site, way);
      const adds = values.map(({ name, value }) => ({ test: value, run: `SIPAddHeader(${name}: ${value})` }));
      return { lookUp: [...ask, ...skipEmpty(adds, 'pb', end)], handler: [] };
    }
  }
}

/** Steps for PJSIP, where headers belong to the called channel: values travel there in variables that it inherits. */
export function pjsipSteps(site: Site, way: Way): WaySteps {
  switch (way) {
    case 'curl': {
      // Whole headers come in unnamed places: the handler splits each at its first colon.
      const list = places.map((place) => `__PB_${place}`).join(',');
      const handler = places.map((place) => ({
        test: `\${PB_${place}}`,
        run: `Set(PJSIP_HEADER(add,\${CUT(PB_${place},:,1)})=\${CUT(PB_${place},:,2-):1})`,
      }));
      return { lookUp: [...curlOptions(site, 'arr'), set(`ARRAY(${list})`, curl(site, 'arr'))], handler };
    }
    case 'fastagi':
      return { lookUp: agi(site, 'vicidial-pjsip'), handler: named(site).map(({ name }) => fromVariable(name)) };
    default: {
      const { ask, values } = namedValues(site, way);
      const inherit = values.map(({ name, value }) => set(headerVariable(name), value));
      return { lookUp: [...ask, ...inherit], handler: values.map(({ name }) => fromVariable(name)) };
    }
  }
}

/** Adds one header on the platform's channel from the variable that it inherited. */
export function fromVariable(name: string): { test: string; run: string } {
  const value = `\${${headerVariable(name).slice(2)}}`;
  return { test: value, run: `Set(PJSIP_HEADER(add,${name})=${value})` };
}

/** The ways that name every header in the dialplan are deaf to anything else in an answer. */
function namedValues(
  site: Site,
  way: 'hash' | 'json' | 'set-variables',
): { ask: Step[]; values: { name: string; value: string }[] } {
  switch (way) {
    case 'hash':
      return {
        ask: [...curlOptions(site, 'hash'), set('HASH(PB)', curl(site, 'hash'))],
        values: named(site).map(({ name }) => ({ name, value: `\${HASH(PB,${name.slice(2)})}` })),
      };
    case 'json':
      return {
        ask: [...curlOptions(site, 'json'), set('PBJ', curl(site, 'json'))],
        values: named(site).map(({ name }) => ({ name, value: `\${JSON_DECODE(PBJ,${name.slice(2)})}` })),
      };
    case 'set-variables':
      return {
        ask: [{ run: 'AGI(agi-set_variables.agi)' }],
        values: named(site).flatMap(({ name, from }) => {
          const value = setVariablesValue(site, from);
          return value ? [{ name, value }] : [];
        }),
      };
  }
}

/** The configured headers without the one that the dialplan makes by itself. */
function named({ config }: Site): Site['config']['headers'] {
  return config.headers.filter(({ name }) => name !== codeHeader);
}

function set(name: string, value: string): Step {
  return { run: `Set(${name}=${value})` };
}

/** A hang-up must free the channel at once, also while the server is silent. */
function agi(site: Site, script: string): Step[] {
  return [
    set('AGIEXITONHANGUP', 'yes'),
    { run: `AGI(agi://${agiAddress(site)}/${script},\${CONNECTEDLINE(name)})` },
    set('AGIEXITONHANGUP', 'no'),
  ];
}

/** Where the dialers reach the FastAGI server: the host of Patchbay, unless it listens on one address only. */
function agiAddress({ config, publicUrl }: Site): string {
  const { host = '', port = 4573 } = config.fastAgi ?? {};
  const isEvery = ['', '0.0.0.0', '::'].includes(host);
  const reached = isEvery ? new URL(publicUrl).hostname : host;
  return `${reached || placeholders.patchbayHost}:${port}`;
}
