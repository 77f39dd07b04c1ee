import type { Five9Domain } from './five9-domain.ts';
import { notFound } from './setup-operations.ts';
import type { Args } from './shapes.ts';
import type { XmlContent } from './xml.ts';

/** What an API user may do, as an admin set it. */
export interface UserRights {
  isActive: boolean;
  /** It has to change its password when it logs in next. */
  mustChangePassword: boolean;
  /** Ticked or not, by name; null for a user without the Administrator role. */
  permissions: Readonly<Record<string, boolean>> | null;
}

export const everyRight: UserRights = {
  isActive: true,
  mustChangePassword: false,
  permissions: { FullPermissions: true, CanUseAdminSoapApi: true },
};

/** Real answers hold much more of a user, and the password's place. */
export function getUserInfo(domain: Five9Domain, args: Args): XmlContent {
  const userName = args.text('userName');
  const user = domain.users.get(userName);
  if (!user) throw notFound('User', userName);
  const permissions = Object.entries(user.permissions ?? {}).map(([type, value]) => ({ type, value }));
  return {
    generalInfo: { active: user.isActive, mustChangePassword: user.mustChangePassword },
    roles: user.permissions ? { admin: { permissions } } : {},
  };
}
