import { z } from 'zod';
import type { CallOptions, Five9Api } from '../soap/api.ts';

const text = z.preprocess(
  (value) => (typeof value === 'object' || value === undefined ? '' : String(value)),
  z.string(),
);
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : value == null ? [] : [value]), z.array(item));

const Dispositions = listOf(z.object({ name: text, type: text }));
const CallVariables = listOf(z.object({ group: text, name: text, type: text }));
const Groups = listOf(z.object({ name: text }));
const Lists = listOf(z.object({ name: text, size: z.preprocess((size) => Number(size ?? 0), z.number()) }));
const Numbers = listOf(text);
const SkillInfo = z.object({ users: listOf(z.unknown()) });
const Nothing = z.unknown();

/** A contact field as it is created. `mapTo`: what Five9 itself writes into it. */
export interface NewContactField {
  name: string;
  type: string;
  mapTo: string;
  displayAs: 'Short' | 'Long' | 'Invisible';
}

export interface NewCallVariable {
  group: string;
  name: string;
  type: string;
  description: string;
  isReported: boolean;
  /** Hidden in reports and recordings of the screen. */
  isSensitive: boolean;
  /** A Java pattern that the value must fit; empty for any. */
  pattern: string;
}

export interface NewDisposition {
  name: string;
  type: string;
  /** For RedialNumber: how often, and after how many minutes. */
  redial?: { attempts: number; minutes: number };
}

/** A value that a campaign hands to its script. */
export interface ScriptParameter {
  name: string;
  value: string;
}

/** Of an inbound campaign. */
export interface VisualMode {
  isVisualModeEnabled?: boolean;
  isChatEnabled?: boolean;
}

/** The operations that create things in the domain. An operator waits for them. Each may reject with a ConnectorError. */
export type SetupOperations = ReturnType<typeof createSetupOperations>;

export function createSetupOperations({ call }: Pick<Five9Api, 'call'>) {
  const options: CallOptions = { purpose: 'interactive' };
  return {
    async createContactField({ displayAs, mapTo, name, type }: NewContactField): Promise<void> {
      await call('createContactField', { field: { displayAs, mapTo, name, system: false, type } }, Nothing, options);
    },
    async callVariableGroups(): Promise<string[]> {
      return (await call('getCallVariableGroups', {}, Groups, options)).map(({ name }) => name);
    },
    async callVariables(group: string) {
      const found = await call('getCallVariables', { groupName: group }, CallVariables, options);
      return found.filter((variable) => variable.group === group);
    },
    async createCallVariableGroup(name: string, description: string): Promise<void> {
      await call('createCallVariablesGroup', { name, description }, Nothing, options);
    },
    async createCallVariable(wanted: NewCallVariable): Promise<void> {
      const { group, name, type, description, isReported, isSensitive, pattern } = wanted;
      const restrictions = pattern ? [{ type: 'Regexp', value: pattern }] : undefined;
      const variable = {
        ...{ applyToAllDispositions: true, description, group, name, reporting: isReported },
        ...{ restrictions, sensitiveData: isSensitive, type },
      };
      await call('createCallVariable', { variable }, Nothing, options);
    },
    dispositions: () => call('getDispositions', {}, Dispositions, options),
    async createDisposition({ name, type, redial }: NewDisposition): Promise<void> {
      const timer = redial && { days: 0, hours: 0, minutes: redial.minutes, seconds: 0 };
      const typeParameters = redial && { allowChangeTimer: false, attempts: redial.attempts, timer, useTimer: true };
      await call('createDisposition', { disposition: { name, type, typeParameters } }, Nothing, options);
    },
    async assignDispositions(campaignName: string, dispositions: readonly string[]): Promise<void> {
      await call('addDispositionsToCampaign', { campaignName, dispositions }, Nothing, options);
    },
    async createSkill(name: string): Promise<void> {
      await call('createSkill', { skillInfo: { skill: { name } } }, Nothing, options);
    },
    /** How many people have it. Rejects when there is no such skill. */
    async peopleInSkill(skillName: string): Promise<number> {
      return (await call('getSkillInfo', { skillName }, SkillInfo, options)).users.length;
    },
    /** How many records each list has. */
    async lists(): Promise<Map<string, number>> {
      return new Map((await call('getListsInfo', {}, Lists, options)).map(({ name, size }) => [name, size]));
    },
    async createList(listName: string): Promise<void> {
      await call('createList', { listName }, Nothing, options);
    },
    async assignList(campaignName: string, listName: string): Promise<void> {
      await call('addListsToCampaign', { campaignName, lists: [{ listName }] }, Nothing, options);
    },
    /** Numbers of the domain that no campaign has. */
    freeNumbers: () => call('getDNISList', { selectUnassigned: true }, Numbers, options),
    async assignNumber(campaignName: string, number: string): Promise<void> {
      await call('addDNISToCampaign', { campaignName, DNISList: [number] }, Nothing, options);
    },
    /** @param visual what callers see beside the script, as the campaign holds it: left out, it may be switched off */
    async setSchedule(
      campaignName: string,
      scriptName: string,
      params: readonly ScriptParameter[],
      visual: VisualMode = {},
    ): Promise<void> {
      const some = params.length > 0 ? params : undefined;
      await call('setDefaultIVRSchedule', { campaignName, scriptName, params: some, ...visual }, Nothing, options);
    },
  };
}
