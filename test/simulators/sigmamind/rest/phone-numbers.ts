import { type Request, type Response, Router } from 'express';
import { note, randomText, type World } from '../world.ts';
import { Fields, keepRoutes } from './keep-routes.ts';
import { type RestState, sendError } from './state.ts';

/** Bought numbers, and those of one's own trunk. */
export function createPhoneNumberRoutes(world: World, { phoneNumbers }: RestState): Router {
  const routes = Router();

  function addNumber(request: Request, response: Response, provider: string) {
    const fields = Fields.safeParse(request.body).data ?? {};
    const number =
      fields.phoneNumber ?? (fields.countryCode ? `+1${fields.areaCode ?? 415}5550${randomDigits(3)}` : '');
    if (typeof number !== 'string' || !/^\+[1-9][0-9]{6,14}$/.test(number))
      return sendError(world, request, response, 400);
    if (provider === 'byo' && typeof fields.terminationSipURI !== 'string')
      return sendError(world, request, response, 400);
    // Passwords are not told back.
    const { phoneNumber: _, countryCode: _c, areaCode: _a, trunkUsername: _u, trunkPassword: _p, ...shown } = fields;
    const row = {
      inboundAgentId: null,
      outboundAgentId: null,
      outboundPhoneNumber: null,
      ...shown,
      sipPhoneNumber: number,
      provider,
      active: true,
    };
    phoneNumbers.set(number, row);
    note(world, 'number-added', number, provider, 'api');
    response.json(row);
  }
  routes.post('/phone-numbers', (request, response) => addNumber(request, response, 'twilio'));
  routes.post('/phone-numbers/import', (request, response) => addNumber(request, response, 'byo'));
  keepRoutes(world, routes, 'phone-numbers', phoneNumbers);
  return routes;
}

function randomDigits(count: number): string {
  return randomText(count * 4)
    .replace(/\D/g, '')
    .padEnd(count, '7')
    .slice(0, count);
}
