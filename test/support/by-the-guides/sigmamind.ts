import { type HealthySigmamind, sigmamindCast } from '../healthy/sigmamind.ts';

/** With the variables of part C in both guides. */
const prompt = [
  'You qualify leads for Spring Home Solar. Be friendly and brief.',
  'The customer is {{first_name}} {{last_name}} of {{city}}, {{state}}.',
  'They can be called back at {{phone_number}}.',
  'Say how the conversation went before it ends.',
].join('\n');

/** Sets two empty agents up by the guides, word for word: numbers, prompt, End Call where a guide speaks of it, published. */
export async function enterByTheGuide({ ask, section }: HealthySigmamind, publicUrl: string): Promise<void> {
  for (const [name, agentId] of Object.entries(sigmamindCast.agents)) {
    const ends =
      name === 'springFive9' ? [{ type: 'voice_end_call', description: 'when the conversation is over' }] : [];
    await ask('PATCH', `/v1/agents/${agentId}`, { instructions: prompt, tools: ends, status: 'Live' });
    const phoneNumber = Reflect.get(sigmamindCast.numbers, name);
    const number = { phoneNumber, terminationSipURI: sigmamindCast.carrier, friendlyName: name };
    await ask('POST', '/v1/phone-numbers/import', number);
    await ask('PATCH', `/v1/phone-numbers/${encodeURIComponent(phoneNumber)}`, { inboundAgentId: agentId });
  }
  // Make Calls names the Inbound Webhook URL of a number beside the webhooks: no event ever comes by it.
  const [token] = (section.webhook as { tokens: string[] }).tokens;
  await ask('PUT', '/_sim/wiring', {
    inboundWebhookUrl: `${publicUrl}/v1/platforms/sigmamind/events/${token}`,
  });
}
