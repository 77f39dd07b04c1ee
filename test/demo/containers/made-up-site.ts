import { hashesOf, makeSecrets, makeUsers } from '../demo-keys.ts';
import { readDemoOptions } from '../options.ts';
import { type DemoSecrets, type DemoUser, writeConfig } from '../patchbay-config.ts';

/** Where the containers of the demo find each other; the addresses are those of docker-compose.yml unless told. */
export interface ContainerPlaces {
  /** Patchbay, as the call centre and a browser within the network reach it. */
  balancerUrl: string;
  agiUrl: string;
  /** The call centre, as Patchbay reaches it; the three ports follow each other. */
  callCentreHost: string;
  firstPort: number;
  store: { host: string; port: number; user: string; database: string };
  vicidialTables: { host: string; port: number; user: string; name: string };
  /** Folder of Patchbay's own, for spool and exports. */
  folder: string;
}

/** What the call centre must know of the site. Holds keys: it lies in a folder that only the demo reads. */
export interface CallCentre {
  secrets: DemoSecrets;
  places: ContainerPlaces;
  databasePassword: string;
}

export interface MadeUpSite {
  /** patchbay.yaml; JSON is YAML too. */
  config: object;
  callCentre: CallCentre;
  users: DemoUser[];
}

/** The configuration of the demo's call centre for Patchbays in containers, with keys that nobody else has. */
export async function makeUpSite(places: ContainerPlaces, databasePassword: string): Promise<MadeUpSite> {
  const secrets = makeSecrets();
  const users = await makeUsers();
  const { callCentreHost, firstPort, store, vicidialTables } = places;
  const simulatorUrl = (index: number) => `http://${callCentreHost}:${firstPort + index}`;
  const config = writeConfig(
    readDemoOptions([]),
    secrets,
    hashesOf(secrets),
    {
      folder: places.folder,
      port: 8080,
      agiPort: 4573,
      vicidialWebUrl: simulatorUrl(0),
      five9Url: simulatorUrl(1),
      sigmamindUrl: simulatorUrl(2),
      database: { ...vicidialTables, password: databasePassword },
      databaseName: vicidialTables.name,
    },
    users,
  );
  const { vicidial, ...others } = config.dialers;
  return {
    config: {
      ...config,
      // The private addresses of the balancer: it tells who really asks.
      server: {
        host: '0.0.0.0',
        port: 8080,
        publicUrl: places.balancerUrl,
        trustedProxies: ['uniquelocal'],
        drainMs: 4000,
      },
      store: { kind: 'mysql', ...store, password: reference('PATCHBAY_DB_PASSWORD') },
      secret: reference('PATCHBAY_HASH_KEY'),
      dialers: {
        ...others,
        vicidial: {
          ...vicidial,
          fastAgi: { host: '0.0.0.0', port: 4573, allow: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] },
        },
      },
    },
    callCentre: { secrets, places, databasePassword },
    users,
  };
}

function reference(name: string): string {
  return `$\{${name}}`;
}
