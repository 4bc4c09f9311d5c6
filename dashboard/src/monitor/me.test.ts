import { describe, expect, it } from 'vitest';
import { objection, type Person } from './me';

const needs = { view: 'viewer', control: 'operator', publish: 'operator', administer: 'admin' } as const;
const VIEWER: Person = { name: 'vera', role: 'viewer', may: ['view'], needs, read_only: false };

describe('what somebody may', () => {
  it('is nothing to object to', () => {
    expect(objection(VIEWER, 'view')).toBeNull();
  });

  it('says who may instead', () => {
    expect(objection(VIEWER, 'control')).toBe('You are a viewer here: this takes an operator.');
    expect(objection({ ...VIEWER, role: 'none', may: [] }, 'view')).toBe(
      'You are without a role here: this takes a viewer.',
    );
  });

  it('is less with a token that leaves it out', () => {
    expect(objection({ ...VIEWER, name: 'ci', role: 'operator' }, 'control')).toBe(
      'The token ci leaves this out.',
    );
  });

  it('is only looking where the monitor is read only', () => {
    const admin: Person = { ...VIEWER, role: 'admin', may: ['view', 'administer'], read_only: true };
    expect(objection(admin, 'administer')).toContain('read only');
    expect(objection(admin, 'view')).toBeNull();
  });
});
