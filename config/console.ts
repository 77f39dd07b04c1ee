import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { builtInNoContact, builtInQualified } from '../src/domain/outcome-groups.ts';
import { roles } from '../src/domain/roles.ts';

const Role = z.enum(roles);
export const userNamePattern = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

export const ConsoleConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the service shows pages under /console.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('UTC')
      .describe('In which times are shown, and in which days and hours begin.'),
    users: z
      .record(
        z.string().regex(userNamePattern, 'must be lower-case letters, digits, and . _ @ -'),
        z
          .strictObject({
            passwordHash: z
              .string()
              .regex(/^\$argon2id\$/, 'must be an Argon2id hash: npx patchbay console add-user makes one')
              .meta({ secret: true })
              .describe('Made by `npx patchbay console add-user`.'),
            role: Role.describe('viewer looks, operator acts, admin sees who did what and the set-up too.'),
          })
          .describe('One user.'),
      )
      .default({})
      .describe('Who may log in with a password, by name.'),
    session: z
      .strictObject({
        idleMin: z
          .int()
          .min(1)
          .max(1440)
          .default(30)
          .describe('Minutes without a click after which a user is out. A board on a wall: 1440, and maxHours: 168.'),
        maxHours: z.int().min(1).max(168).default(12).describe('Hours after which a user logs in again in any case.'),
      })
      .prefault({})
      .describe('How long a log-in lasts.'),
    lockOut: z
      .strictObject({
        tries: z.int().min(1).max(100).default(5).describe('Wrong passwords in a row after which a user waits.'),
        minutes: z.int().min(1).max(1440).default(15).describe('For how long, in minutes.'),
      })
      .prefault({})
      .describe('Protection against guessing.'),
    oidc: z
      .strictObject({
        issuer: z.url({ protocol: /^https?$/ }).describe('The provider, such as https://login.example.com.'),
        clientId: z.string().min(1).describe('Our name at the provider.'),
        clientSecret: z.string().min(1).meta({ secret: true }).describe('Our secret at the provider.'),
        label: z.string().min(1).default('Single sign-on').describe('What the button says.'),
        scopes: z.string().default('openid profile email').describe('What is asked for, with openid among it.'),
        nameClaim: z.string().default('email').describe("The claim that is the user's name here and in the audit log."),
        roleClaim: z.string().default('groups').describe('The claim that holds a role, or a list with one in it.'),
        roles: z
          .record(z.string(), Role)
          .default({})
          .describe('Value of that claim → role. Who has none of them may not come in.'),
      })
      .optional()
      .describe('Log-in by OpenID Connect. Its address to come back to is <publicUrl>/console/oidc/callback.'),
    costs: z
      .strictObject({
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'must be three letters such as USD')
          .default('USD')
          .describe('ISO 4217.'),
        perMinute: z.number().min(0).default(0).describe('What a minute of the AI costs.'),
        perCall: z.number().min(0).default(0).describe('What each call costs besides.'),
      })
      .prefault({})
      .describe('For the cost per qualified lead on the scorecard; 0: not shown.'),
    scorecard: z
      .strictObject({
        qualified: z
          .array(z.string())
          .default([...builtInQualified])
          .describe('The outcomes for which campaigns call: each such call counts as qualified.'),
        noContact: z
          .array(z.string())
          .default([...builtInNoContact])
          .describe(
            'The outcomes in which nobody was spoken with. Every other one, your own too, counts as a contact.',
          ),
      })
      .prefault({})
      .describe('How outcomes count on the overview and the scorecard.'),
    exports: z
      .array(
        z
          .strictObject({
            what: z.enum(['scorecard', 'calls']).describe('The scorecard, or every call with its outcome.'),
            format: z
              .enum(['csv', 'json'])
              .default('csv')
              .describe('CSV for spreadsheets, with a head line; JSON for programs.'),
            cron: z.string().refine(isCron, 'must be a cron expression').describe("When, as cron's five fields."),
            days: z
              .int()
              .min(1)
              .max(400)
              .default(1)
              .describe('How many whole days back it reaches, today not included.'),
            folder: z.string().min(1).default('var/exports').describe('Where the file goes; the folder is made.'),
          })
          .describe('One export.'),
      )
      .default([])
      .describe('Files that are written by themselves, in the time zone above.'),
  })
  .prefault({})
  .describe('The pages for operators.');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
