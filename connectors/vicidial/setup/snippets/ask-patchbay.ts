import { dollar, type Step } from './dialplan-lines.ts';
import { placeholders, type Site } from './site.ts';

/** Without these the body of an error page would be used like an answer. */
const failureCodes = '400,401,403,404,405,408,409,413,415,422,429,500,501,502,503,504';
const connectSec = 0.3;
/** What the network and Asterisk itself may take on top of our own budget. */
const slackMs = 500;

/** Limits and log-in of the request. The call goes on when they are reached, only without the headers. */
export function curlOptions({ config }: Site, form: 'arr' | 'hash' | 'json'): Step[] {
  const answerSec = Math.ceil((config.budgets.headersMs + slackMs) / 100) / 10;
  const options = [
    `conntimeout)=${connectSec}`,
    `httptimeout)=${answerSec}`,
    `httpheader)=X-Api-Key: ${placeholders.apiKey}`,
    `failurecodes)=${failureCodes}`,
    ...(form === 'hash' ? ['hashcompat)=yes'] : []),
  ];
  return options.map((option) => ({ run: `Set(CURLOPT(${option})` }));
}

/**
 * The request itself. Both names of the channel go along: when the customer's carrier overwrites CALLERID, CONNECTEDLINE
 * still holds the caller code.
 */
export function curl({ id, config, publicUrl }: Site, form: 'arr' | 'hash' | 'json'): string {
  const encoded = (name: string) => dollar(`URIENCODE(${dollar(name)})`);
  const query = [
    `fmt=${form}`,
    `code=${encoded('CALLERID(name)')}`,
    `cl=${encoded('CONNECTEDLINE(name)')}`,
    `phone=${encoded('CALLERID(num)')}`,
    `uid=${dollar('UNIQUEID')}`,
    `number=${dollar(`EXTEN:${config.carrier.prefix.length}`)}`,
  ];
  return dollar(`CURL(${publicUrl}/v1/ivr/${id}/headers?${query.join('&')})`);
}
