import { expect } from 'chai';
import { readRoles, type Role } from '../../src/app/roles.js';
import { asGatewayError } from '../../src/domain/errors.js';

describe('Roles of a process', () => {
  const several = { processes: 'several', http: { kind: 'off' } } as const;
  const roles = (...argv: string[]): Role[] => [...readRoles(argv, several)];
  const refusal = (argv: string[], config: Parameters<typeof readRoles>[1]): string => {
    try {
      readRoles(argv, config);
      return 'taken';
    } catch (error) {
      return asGatewayError(error).message;
    }
  };

  it('O1 without a word a process does everything; several words and repeated options add up', () => {
    expect(roles()).to.have.members(['sessions', 'workers', 'http']);
    expect(roles('--role', 'all')).to.have.members(['sessions', 'workers', 'http']);
    expect(roles('--role', 'sessions,workers')).to.have.members(['sessions', 'workers']);
    expect(roles('--role=sessions', '--role=http')).to.have.members(['sessions', 'http']);
  });

  it('O1 words that mean nothing are refused with those that do', () => {
    expect(refusal(['--role', 'worker'], several)).to.match(/takes all, sessions, workers or http/);
    expect(refusal(['--roles', 'workers'], several)).to.match(/takes only `--role ROLES`/);
    expect(refusal(['workers'], several)).to.match(/takes only `--role ROLES`/);
  });

  it('O1 a part of the work is refused where nobody could do the rest', () => {
    const one = { ...several, processes: 'one' } as const;
    expect(refusal(['--role', 'workers'], one)).to.match(/needs MONGODB_URL and REDIS_URL/);
    expect(refusal(['--role', 'all'], one)).to.equal('taken');
    expect(refusal(['--role', 'http'], several)).to.match(/nothing to do with HTTP_LISTEN=off/);
  });
});
