import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ConsoleSettings } from './console-deps.ts';

/** What a browser may do with our pages: nothing that does not come from here, and no script within them. */
export function securityHeaders({ publicUrl }: Pick<ConsoleSettings, 'publicUrl'>): RequestHandler {
  const isSecure = publicUrl.startsWith('https:');
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        // Browsers apply it to where a form's answer redirects to as well: the way to a provider begins with a link.
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()',
    });
    protect(request, response, next);
  };
}
