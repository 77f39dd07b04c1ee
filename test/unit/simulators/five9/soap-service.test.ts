import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { ada, api, type CallCenter, envelope, faultIn, mapping, openCallCenter, post, textOf } from './call-center.ts';

const summary = (text: string) =>
  `<crmUpdateSettings>${mapping('number1', 'ai_summary')}<skipHeaderLine>false</skipHeaderLine><crmAddMode>DONT_ADD</crmAddMode><crmUpdateMode>UPDATE_SOLE_MATCHES</crmUpdateMode></crmUpdateSettings><record><fields>${ada}</fields><fields>${text}</fields></record>`;

const byNumber = (number: string) =>
  `<lookupCriteria><criteria><field>number1</field><value>${number}</value></criteria></lookupCriteria>`;

describe('the SOAP service of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter();
  });
  afterEach(() => center.five9.stop());

  it('answers in the very bytes that were recorded from the real service', async () => {
    const found = await center.soap('getContactRecords', byNumber(ada));
    const nobody = await center.soap('getContactRecords', byNumber('7205550199'));
    const closed = await center.soap('closeSession');

    const open =
      '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header/><env:Body><ns2:getContactRecordsResponse xmlns:ns2="http://service.admin.ws.five9.com/" xmlns:ns3="http://jaxb.dev.java.net/array"><return>';
    expect(found.status).toBe(200);
    expect(found.body.startsWith(`${open}<fields>number1</fields><fields>number2</fields>`)).toBe(true);
    expect(found.body).toContain(`<records><values><data>${ada}</data><data></data><data></data><data>Ada</data>`);
    expect(nobody.body).toContain('<return/></ns2:getContactRecordsResponse></env:Body></env:Envelope>');
    expect(closed.body).toMatch(
      /<env:Body><ns2:closeSessionResponse xmlns:ns2="[^"]+" xmlns:ns3="[^"]+"\/><\/env:Body>/,
    );
  });

  it('answers a contact update as recorded, and writes the field', async () => {
    const { body } = await center.soap('updateCrmRecord', summary('Likes &lt;b&gt; &amp; caf&#233;'));

    expect(body).toMatch(
      /<return><failureMessage><\/failureMessage><importIdentifier>[0-9a-f-]{36}<\/importIdentifier>.*<keyFields>number1<\/keyFields><success>true<\/success><uploadDuplicatesCount>0<\/uploadDuplicatesCount><uploadErrorsCount>0<\/uploadErrorsCount><warningsCount\/><crmRecordsDeleted>0<\/crmRecordsDeleted><crmRecordsInserted>0<\/crmRecordsInserted><crmRecordsUpdated>1<\/crmRecordsUpdated><\/return>/,
    );
    expect(center.five9.state(ada).contact?.fields.ai_summary).toBe('Likes <b> & café');
    expect(center.five9.effects()).toMatchObject([{ kind: 'fields', record: ada, by: 'api', isChange: true }]);
  });

  it('puts the contact id in a first column when it is asked to', async () => {
    const { body } = await center.soap(
      'getContactRecords',
      '<lookupCriteria><contactIdField>contact_id</contactIdField><criteria><field>number1</field><value>7205550101</value></criteria></lookupCriteria>',
    );

    expect(body).toContain('<return><fields>contact_id</fields><fields>number1</fields>');
    expect(body).toContain(`<data>${center.five9.state(ada).contact?.id}</data><data>${ada}</data>`);
  });

  it('gives at most 1,000 contacts', async () => {
    const contacts = Array.from({ length: 1100 }, () => ({ fields: { city: 'Golden' } }));
    center.five9.seed({ contacts });

    const { body } = await center.soap('getContactRecords', '<lookupCriteria/>');

    expect(body.split('<records>').length - 1).toBe(1000);
  });

  it('refuses a wrong password with an HTML page', async () => {
    const response = await fetch(`${center.five9.url}/wsadmin/v13/AdminWebService`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('api@example.com:wrong')}` },
      body: envelope('getApiVersions', ''),
    });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Basic');
    expect(await response.text()).toContain('<html>');
  });

  it('serves the WSDL of the project, on older paths too', async () => {
    const response = await fetch(`${center.five9.url}/wsadmin/v12/AdminWebService?wsdl&user=api`);

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('asyncUpdateCampaignDispositions');
  });

  it.each([
    [
      'a wrong order',
      '<lookupCriteria><criteria><value>1</value><field>number1</field></criteria></lookupCriteria>',
      'IncorrectArgumentFault',
    ],
    ['a qualified child', '<tns:lookupCriteria/>', 'IncorrectArgumentFault'],
    ['an unknown child', '<lookup/>', 'IncorrectArgumentFault'],
    [
      'an empty optional element',
      '<lookupCriteria><contactIdField></contactIdField></lookupCriteria>',
      'IncorrectArgumentFault',
    ],
    [
      'a nil element',
      '<lookupCriteria><contactIdField xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></lookupCriteria>',
      'IncorrectArgumentFault',
    ],
    [
      'a missing child',
      '<lookupCriteria><criteria><value>1</value></criteria></lookupCriteria>',
      'MissedArgumentFault',
    ],
    [
      'an unknown field',
      '<lookupCriteria><criteria><field>nothing</field><value>1</value></criteria></lookupCriteria>',
      'CrmFieldNotFoundFault',
    ],
  ])('refuses %s', async (_what, inner, fault) => {
    const { status, body } = await center.soap('getContactRecords', inner);

    expect({ status, fault: faultIn(body) }).toEqual({ status: 500, fault });
    expect(body).toContain('<env:Fault><faultcode>env:Server</faultcode><faultstring>');
  });

  it('passes over a misplaced child in silence when it is not strict', async () => {
    await center.five9.stop();
    center = await openCallCenter({ switches: { strict: false } });

    const { status, body } = await center.soap('getContactRecords', `<criteria/>${byNumber(ada)}`);

    expect(status).toBe(200);
    expect(body).toContain('Ada');
  });

  it('serves one call at a time per user', async () => {
    center.five9.slow(150);
    const slow = center.soap('getApiVersions');
    await eventually(() => expect(center.five9.requests()).toHaveLength(1));

    const second = await center.soap('getApiVersions');
    const first = await slow;
    const third = await center.soap('getApiVersions');

    expect(faultIn(second.body)).toBe('UserAlreadyLoggedInFault');
    expect([first.status, third.status]).toEqual([200, 200]);
  });

  it('fails as it is told to, so many times and for the operation named', async () => {
    center.five9.failNext('sessionClosed', { times: 1, operation: 'closeSession' });
    center.five9.failNext('serviceUnavailable503Html', { times: 1 });

    const unavailable = await center.soap('getApiVersions');
    const fine = await center.soap('getApiVersions');
    const closed = await center.soap('closeSession');

    expect([unavailable.status, fine.status]).toEqual([503, 200]);
    expect(unavailable.body).toContain('<html>');
    expect(faultIn(closed.body)).toBe('AdminSessionClosedFault');
  });

  it('takes effect and keeps the answer back', async () => {
    const givingUp = new AbortController();
    center.five9.failNext('timeoutAfterEffect');

    const request = fetch(`${center.five9.url}/wsadmin/v13/AdminWebService`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${api.name}:${api.password}`)}` },
      body: envelope('updateCrmRecord', summary('Was written')),
      signal: givingUp.signal,
    });
    await eventually(() => expect(center.five9.state(ada).contact?.fields.ai_summary).toBe('Was written'));
    const next = await center.soap('getApiVersions');
    givingUp.abort();

    await expect(request).rejects.toThrow();
    expect(next.status).toBe(200);
  });

  it('cuts the connection while it is down', async () => {
    center.five9.failNext('down', { times: -1 });

    await expect(center.soap('getApiVersions')).rejects.toThrow();
    center.five9.heal();
    expect((await center.soap('getApiVersions')).status).toBe(200);
  });

  it('answers an envelope that is not well-formed with a fault without detail', async () => {
    const { status, body } = await post(center.five9.url, '<soap:Envelope>', api);

    expect(status).toBe(500);
    expect(textOf(body, 'faultcode')).toBe('env:Client');
    expect(body).not.toContain('<detail>');
  });

  it('takes name patterns for regular expressions', async () => {
    const lists = await center.soap('getListsInfo', '<listNamePattern>Spring.*</listNamePattern>');
    const bad = await center.soap('getListsInfo', '<listNamePattern>(</listNamePattern>');

    expect(lists.body).toContain('<return><name>Spring leads</name><size>3</size></return>');
    expect(lists.body).not.toContain('AI callbacks');
    expect(faultIn(bad.body)).toBe('InvalidRegexpPatternFault');
  });
});
