import * as vicidial from './fix-vicidial.ts';
import type { ByTheGuides, Fault } from './site.ts';
import { enterCarrier } from './vicidial.ts';

/** Another way in which the VICIdial guide can be read, or a place in it that says otherwise. */
export interface Reading {
  says: string;
  /** Enters it on a site that is right. */
  enter(site: ByTheGuides): Promise<void>;
  /** In the order of mending. */
  faults: readonly Fault[];
  /** What is mended by the same fixes. */
  withThem?: readonly string[];
}

/** Prefix and number put together as they should be. */
const extension = '979719895551234';
const handMade = {
  id: 'SIGMA',
  dialplan: `exten => _9797X.,1,Dial(SIP/Sigma/\${EXTEN:4})`,
  account: '',
};

export const readings: readonly Reading[] = [
  {
    says: 'trouble 2: the dial string ends with @28y698lhv2f.sip.livekit.cloud',
    enter: ({ vicidial: { sql } }) => dial({ sql }, `${extension}@28y698lhv2f.sip.livekit.cloud`),
    faults: [['the field holds 20 characters, and no host', 'vicidial:remote-agent.extension', 'fail', vicidial.enter]],
  },
  {
    says: 'step 3: the Sigma carrier gets the prefix of the other carrier, in the one way that there is: a pattern',
    async enter({ vicidial: { sql } }) {
      await sql("DELETE FROM vicidial_server_carriers WHERE carrier_id = 'SIGMA'");
      await enterCarrier({ sql }, handMade);
      await dial({ sql }, extension);
    },
    faults: [['two carriers have a pattern for it', 'vicidial:carrier.one-pattern', 'fail', vicidial.enterWithCarrier]],
  },
  {
    says: 'steps 3, 4 and 7: no other carrier has the prefix, customers and platform are dialled by it, headers have a field',
    async enter({ vicidial: { sql }, raw }) {
      const { carrier } = raw.dialers.vicidial as { carrier: { prefix: string } };
      carrier.prefix = '9797';
      await sql("DELETE FROM vicidial_server_carriers WHERE carrier_id = 'SIGMA'");
      await enterCarrier({ sql }, handMade);
      await sql(
        `UPDATE vicidial_server_carriers SET dialplan_entry = SUBSTRING(dialplan_entry, LOCATE('exten => _8787', dialplan_entry))
         WHERE carrier_id = 'OWNTRUNK'`,
      );
      await dial({ sql }, extension);
    },
    faults: [
      ["customers' numbers go to the platform", 'vicidial:carrier.own-prefix', 'fail', vicidial.rewrite(() => '8787')],
      ['nobody sees the call', 'vicidial:carrier.call-log-first', 'fail', vicidial.firstLine],
      ['nobody is called Sigma', 'vicidial:carrier.peer', 'warn', vicidial.definePeer],
      ['there is no such field', 'patchbay:headers.entered', 'fail', vicidial.enterHeaders],
    ],
    withThem: ['vicidial:carrier.sip-host unknown'],
  },
];

async function dial({ sql }: Pick<ByTheGuides['vicidial'], 'sql'>, remoteExtension: string): Promise<void> {
  // What is too long is cut, as in VICIdial's own sessions.
  await sql("SET SESSION sql_mode = ''");
  await sql('UPDATE vicidial_remote_agents SET conf_exten = ?', [remoteExtension]);
}
