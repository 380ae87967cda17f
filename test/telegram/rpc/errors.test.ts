import { expect } from 'chai';
import {
  deathReason,
  floodAgain,
  floodSeconds,
  isRpcError,
  isTransient,
  migration,
  rpcErrorOf,
  rpcFailure,
} from '../../../src/telegram/rpc/errors.js';
import { GatewayError } from '../../../src/domain/errors.js';

const failure = (code: number, text: string) => rpcFailure(code, text, 'messages.sendMessage');

describe("Telegram's refusals", () => {
  it('are split once into type and number, wherever the number stands', () => {
    const splits = [
      [420, 'FLOOD_WAIT_3', 'FLOOD_WAIT', 3],
      [303, 'FILE_MIGRATE_4', 'FILE_MIGRATE', 4],
      [400, 'FILE_PART_12_MISSING', 'FILE_PART_MISSING', 12],
      [500, 'INTERDC_2_CALL_ERROR', 'INTERDC_CALL_ERROR', 2],
      [400, 'PEER_ID_INVALID', 'PEER_ID_INVALID', undefined],
      [401, '2FA_CONFIRM_WAIT_20', '2FA_CONFIRM_WAIT', 20],
    ] as const;
    for (const [code, text, type, argument] of splits) {
      const error = rpcErrorOf(failure(code, text));
      expect([error?.code, error?.type, error?.argument], text).to.deep.equal([code, type, argument]);
    }
  });

  it('become one of our codes', () => {
    const codes = [
      [420, 'FLOOD_WAIT_3', 'FLOOD_WAIT'],
      [420, 'SLOWMODE_WAIT_30', 'FLOOD_WAIT'],
      [401, 'SESSION_REVOKED', 'SESSION_DEAD'],
      [400, 'RANDOM_ID_DUPLICATE', 'ALREADY_SENT'],
      [400, 'PHONE_CODE_INVALID', 'CODE_INVALID'],
      [400, 'PASSWORD_HASH_INVALID', 'PASSWORD_INVALID'],
      [500, 'RPC_CALL_FAIL', 'TELEGRAM_UNREACHABLE'],
      [-503, 'Timeout', 'TELEGRAM_UNREACHABLE'],
      [400, 'SOMETHING_NEW', 'TELEGRAM_REFUSED'],
    ] as const;
    for (const [code, text, ours] of codes) expect(failure(code, text).code, text).to.equal(ours);
    expect(failure(420, 'FLOOD_WAIT_3').message).to.contain('3 seconds');
  });

  it('are classified without anybody comparing texts', () => {
    expect(floodSeconds(failure(420, 'FLOOD_PREMIUM_WAIT_5'))).to.equal(5);
    expect(floodSeconds(floodAgain(failure(420, 'SLOWMODE_WAIT_9'), 4, 'x'))).to.equal(4);
    expect(floodSeconds(failure(400, 'X'))).to.equal(undefined);
    expect(migration(failure(303, 'PHONE_MIGRATE_4'))).to.deep.equal({ dc: 4, scope: 'session' });
    expect(migration(failure(303, 'FILE_MIGRATE_5'))).to.deep.equal({ dc: 5, scope: 'call' });
    expect(migration(failure(400, 'PEER_ID_INVALID'))).to.equal(undefined);
    expect(deathReason(failure(406, 'AUTH_KEY_DUPLICATED'))).to.equal('AUTH_KEY_DUPLICATED');
    expect(deathReason(failure(401, 'SESSION_PASSWORD_NEEDED'))).to.equal(undefined);
    expect(isTransient(failure(500, 'INTERNAL'))).to.equal(true);
    expect(isTransient(new GatewayError('ANSWER_LOST'))).to.equal(true);
    expect(isTransient(failure(400, 'PEER_ID_INVALID'))).to.equal(false);
    expect(isRpcError(failure(400, 'A_B'), 'X', 'A_B')).to.equal(true);
    expect(isRpcError(new Error('A_B'), 'A_B')).to.equal(false);
  });
});
