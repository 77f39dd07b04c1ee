import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import { CampaignRow, StatusRow } from '../../../connectors/vicidial/tables/schema.ts';
import { proposeMappingCommand } from '../../../connectors/vicidial/write/propose-mapping.ts';
import { reviewCampaigns } from '../../../connectors/vicidial/write/review-campaigns.ts';

const status = (code: string, name: string, flags: readonly string[] = [], campaign = '') =>
  StatusRow.parse({
    ...{ status: code, status_name: name, campaign_id: campaign },
    ...Object.fromEntries(flags.map((flag) => [flag, 'Y'])),
  });
const campaign = (id: string, dialStatuses: string) =>
  CampaignRow.parse({ campaign_id: id, dial_statuses: dialStatuses });

const shipped = [
  status('NEW', 'New Lead'),
  status('DROP', 'Agent Not Available'),
  status('DNC', 'DO NOT CALL', ['dnc', 'human_answered']),
  status('DNCL', 'DO NOT CALL Hopper', ['dnc']),
  status('SALE', 'Sale Made', ['sale', 'human_answered']),
  status('NI', 'Not Interested', ['not_interested', 'human_answered']),
  status('CALLBK', 'Call Back', ['scheduled_callback']),
  status('CBHOLD', 'Call Back Hold', ['scheduled_callback']),
  status('A', 'Answering Machine', ['answering_machine']),
  status('AA', 'Answering Machine Auto', ['answering_machine']),
  status('DC', 'Disconnected Number', ['unworkable']),
  status('N', 'No Answer'),
  status('NA', 'No Answer AutoDial'),
  status('B', 'Busy'),
  status('XFER', 'Call Transferred'),
];

const site = (campaigns: readonly CampaignRow[], own: readonly StatusRow[] = []) => ({
  statuses: async () => [...shipped, ...own],
  campaigns: async () => [...campaigns],
  inGroups: async () => ['SALESLINE'],
});

function configWith(campaigns: Record<string, Record<string, string>>) {
  return VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://127.0.0.1/vicidial/non_agent_api.php', user: 'u', pass: 'p' },
    database: { host: '127.0.0.1', user: 'u', password: 'p' },
    timeZone: 'America/Denver',
    campaigns: Object.fromEntries(Object.entries(campaigns).map(([id, dispositions]) => [id, { dispositions }])),
  });
}

describe('reviewCampaigns', () => {
  const review = (
    mapping: Record<string, Record<string, string>>,
    campaigns = [campaign('SPRING', ' NEW NA B A DROP -'), campaign('AUTUMN', ' NEW DNC CBHOLD -')],
    own: readonly StatusRow[] = [status('AIHU', 'AI hung up', [], 'SPRING')],
  ) => reviewCampaigns({ id: 'vicidial', config: configWith(mapping), reads: site(campaigns, own) });

  it('passes what the site has, a retry outcome on a dial status among it', async () => {
    const dispositions = { sale: 'SALE', hung_up: 'AIHU', no_answer: 'NA', voicemail: 'A', busy: 'B', failed: 'DROP' };

    expect(await review({ SPRING: dispositions, SALESLINE: { sale: 'SALE' }, '*': { sale: 'SALE' } })).toEqual([]);
  });

  it.each(['opt_out', 'sale', 'not_interested', 'wrong_number', 'callback', 'qualified', 'transferred'])(
    'holds a campaign that would dial again after %s',
    async (outcome) => {
      const holds = await review({ SPRING: { [outcome]: 'NA', no_answer: 'NA' } });

      expect(holds).toMatchObject([
        { campaign: 'SPRING', why: `${outcome} maps to NA, which the campaign dials again` },
      ]);
      expect(holds[0]?.hint).toContain(`dialers.vicidial.campaigns.SPRING.dispositions.${outcome}`);
    },
  );

  it('takes no part of a status for a dial status', async () => {
    expect(await review({ SPRING: { sale: 'N' } })).toEqual([]);
  });

  it('holds only the campaign that has the fault, with all of its faults', async () => {
    const holds = await review({
      SPRING: { sale: 'SALE' },
      AUTUMN: { opt_out: 'DNC', hung_up: 'AIHU', sale: 'NOSUCH', callback: 'CALLBK' },
    });

    expect(holds).toEqual([
      {
        campaign: 'AUTUMN',
        why: 'VICIdial has no status "AIHU", "NOSUCH"; opt_out maps to DNC, which the campaign dials again; the campaign dials CBHOLD, so that callbacks would not be waited for',
        hint: expect.stringContaining('Take DNC out'),
      },
    ]);
  });

  it('holds a campaign that VICIdial does not have', async () => {
    const holds = await review({ Spring: { sale: 'SALE' } });

    expect(holds).toMatchObject([{ campaign: 'Spring', why: 'VICIdial has no campaign or in-group "Spring"' }]);
  });

  it("knows another campaign's own status not, and `*` none but the system's", async () => {
    const holds = await review({ AUTUMN: { hung_up: 'AIHU' }, '*': { hung_up: 'AIHU' } });

    expect(holds.map((hold) => [hold.campaign, hold.why])).toEqual([
      ['AUTUMN', 'VICIdial has no status "AIHU"'],
      ['*', 'VICIdial has no status "AIHU"'],
    ]);
  });

  it('says nothing where the statuses can not be read', async () => {
    const reads = { ...site([]), statuses: async () => null };

    expect(await reviewCampaigns({ id: 'vicidial', config: configWith({ X: { sale: 'NO' } }), reads })).toEqual([]);
  });

  it('leaves a code of seven letters to the configuration, which refuses it', () => {
    expect(() => configWith({ SPRING: { sale: 'SALEMAD' } })).toThrow(/1 to 6 letters/);
  });
});

describe('propose-mapping', () => {
  const own = [
    status('AIQUAL', 'AI qualified', ['human_answered'], 'SPRING'),
    status('AINOTQ', 'Not qualified', [], 'SPRING'),
    status('WRONG', 'Wrong Number', ['unworkable'], 'SPRING'),
    status('AIHU', 'Customer hung up', [], 'SPRING'),
    status('AUTSAL', 'Sale of autumn', ['sale'], 'AUTUMN'),
  ];
  const spring = campaign('SPRING', ' NEW NA B A AA DROP -');

  async function propose(words: string[], isJson: boolean, campaigns = [spring, campaign('AUTUMN', ' NEW -')]) {
    const lines: string[] = [];
    const command = proposeMappingCommand('vicidial', site(campaigns, own));
    const code = await command.run(words, {}, { write: (line) => void lines.push(line), isTerminal: false, isJson });
    return { code, lines };
  }
  const proposalsOf = async (words: string[], campaigns?: CampaignRow[]) => {
    const { lines } = await propose(words, true, campaigns);
    const rows = lines.map((line) => JSON.parse(line));
    return Object.fromEntries(rows.map((row) => [row.outcome, row.status]));
  };

  it('takes flags before names, own statuses before those of the system, and none of the dialer itself', async () => {
    expect(await proposalsOf(['SPRING'])).toEqual({
      opt_out: 'DNC',
      sale: 'SALE',
      qualified: 'AIQUAL',
      not_qualified: 'AINOTQ',
      callback: 'CALLBK',
      not_interested: 'NI',
      wrong_number: 'WRONG',
      language: null,
      transferred: 'XFER',
      voicemail: 'A',
      no_answer: 'N',
      busy: 'B',
      hung_up: 'AIHU',
      failed: null,
    });
  });

  it('knows only the statuses of the campaign itself', async () => {
    expect(await proposalsOf(['AUTUMN'])).toMatchObject({ sale: 'AUTSAL', qualified: null, wrong_number: 'DC' });
  });

  it('gives a final outcome nothing that is dialled again, and says what to do', async () => {
    const { lines } = await propose(['SPRING'], false, [campaign('SPRING', ' NEW DNC SALE XFER -')]);

    expect(lines).toContain(
      '          # opt_out: only DNC fits, and the campaign dials it again: take it out of the dial statuses, or add a status',
    );
    expect(lines).toContain('          # failed: no status whose name says so: add one');
  });

  it('prints a part of the configuration that passes the review, with a reason for each line', async () => {
    const { code, lines } = await propose([], false);
    const { campaigns } = parse(lines.join('\n')).dialers.vicidial;
    const mapping = Object.fromEntries(
      Object.entries(campaigns).map(([id, value]) => [id, (value as { dispositions: object }).dispositions]),
    ) as Record<string, Record<string, string>>;

    const holds = await reviewCampaigns({
      id: 'vicidial',
      config: configWith(mapping),
      reads: site([spring, campaign('AUTUMN', ' NEW -')], own),
    });

    expect(code).toBe(0);
    expect(Object.keys(mapping)).toEqual(['SPRING', 'AUTUMN']);
    expect(holds).toEqual([]);
    expect(lines).toContain('          opt_out: "DNC" # DO NOT CALL: a system status, flag dnc');
    expect(lines.filter((line) => line.startsWith('          ')).every((line) => /#|: no status/.test(line))).toBe(
      true,
    );
  });

  it('tells when there is no such campaign', async () => {
    expect(await propose(['NOSUCH'], false)).toEqual({ code: 1, lines: ['VICIdial has no campaign NOSUCH.'] });
  });
});
