import { describe, expect, it } from 'vitest';
import { judgeGrant, readGrant } from '../../../connectors/vicidial/setup/checks/read-grants.ts';

const judge = (text: string) => {
  const grant = readGrant(text);
  return grant.kind === 'grant' ? judgeGrant(grant) : grant;
};

describe('a line of SHOW GRANTS', () => {
  it.each([
    "GRANT USAGE ON *.* TO `patchbay`@`10.0.0.%` IDENTIFIED BY PASSWORD '*7F'",
    'GRANT SELECT ON `asterisk`.`vicidial_list` TO `patchbay`@`10.0.0.%`',
    'GRANT SELECT ON `asterisk`.`custom_101` TO `patchbay`@`10.0.0.%`',
    'GRANT SELECT (`active`, `server_ip`) ON `asterisk`.`servers` TO `patchbay`@`10.0.0.%`',
    "GRANT USAGE ON *.* TO 'patchbay'@'%'",
  ])('that is no more than needed: %s', (text) => {
    expect(judge(text)).toEqual([]);
  });

  it.each([
    ['GRANT ALL PRIVILEGES ON `asterisk`.* TO `p`@`%`', ['it has ALL PRIVILEGES on asterisk.*']],
    [
      'GRANT ALL PRIVILEGES ON *.* TO `p`@`%` WITH GRANT OPTION',
      ['it has ALL PRIVILEGES on *.*', 'it may grant its rights on *.* to others'],
    ],
    [
      'GRANT SELECT, INSERT (`a`, `b`) ON `asterisk`.`vicidial_list` TO `p`@`%`',
      ['it has INSERT on asterisk.vicidial_list'],
    ],
    ['GRANT SELECT ON `aster%`.* TO `p`@`%`', ['it may read everything in aster%.*']],
    ['GRANT SELECT ON *.* TO `p`@`%`', ['it may read everything in *.*']],
    [
      'GRANT SELECT ON `asterisk`.`vicidial_users` TO `p`@`%`',
      ['it may read the whole of vicidial_users, passwords included'],
    ],
    ['GRANT SELECT ON `asterisk`.`phones` TO `p`@`%`', ['it may read asterisk.phones, which is not needed']],
    ['GRANT BACKUP_ADMIN,ROLE_ADMIN ON *.* TO `p`@`%`', ['it has BACKUP_ADMIN, ROLE_ADMIN on *.*']],
    ['GRANT EXECUTE ON PROCEDURE `asterisk`.`my proc` TO `p`@`%`', ['it has EXECUTE on PROCEDURE asterisk.my proc']],
  ])('that is too much: %s', (text, said) => {
    expect(judge(text)).toEqual(said);
  });

  it.each([
    ['GRANT `readers`@`%` TO `p`@`%`', { kind: 'role', role: 'readers@%' }],
    ['GRANT `readers` TO `p`@`%`', { kind: 'role', role: 'readers' }],
    ['SET DEFAULT ROLE `readers` FOR `p`@`%`', { kind: 'other' }],
  ])('that names a role: %s', (text, role) => {
    expect(judge(text)).toEqual(role);
  });
});
