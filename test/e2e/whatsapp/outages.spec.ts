import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpAuthsignal } from 'authsignal-guard';
import { Customer } from '../../support/customer.js';
import { PLATFORMS } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { NumberOwner } from '../../support/number-owner.js';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { GOOD_ANSWER, StubApi } from '../authsignal/stub-api.js';
import { Desk, TENANT, UNENROLLED } from './scenarios/desk.js';
import { outageScenarios } from './scenarios/outages.js';
import { storeScenarios } from './scenarios/stores.js';
import { switchedOff } from './scenarios/switched-off.js';

stopTime();
const town = foundTown(TENANT);

playScenarios('outages', outageScenarios, { town });
playScenarios('stores that fail', storeScenarios, { town });
playScenarios('flows that are switched off', switchedOff, { town });

describe('an Authsignal that answers twice', () => {
  let stub: StubApi;
  let hosts: Hosts;
  const stuttered = new Desk({
    options: () => ({
      authsignal: new HttpAuthsignal({ apiSecretKey: 'stub-secret', apiUrl: stub.apiUrl }),
      secret: 'key-material-of-the-bank',
    }),
  });
  beforeAll(async () => {
    stub = await StubApi.start();
    hosts = new Hosts(town());
  });
  afterEach(() => stub.becomeGood());
  afterAll(async () => {
    await hosts.close();
    await stub.stop();
  });

  it.each(PLATFORMS)('is asked once for each message on %s', async (platform) => {
    const customer = new Customer(await hosts.of(stuttered.bank, platform), town(), UNENROLLED);
    const owner = new NumberOwner(customer, stuttered.app);
    stub.respond = ({ socket }) => {
      const body = JSON.stringify(GOOD_ANSWER);
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
      socket.write(`${head}\r\n\r\n${body}${head}\r\n\r\n${body}`);
    };
    for (const _start of [1, 2, 3]) {
      const before = stub.arrivals.length;
      const answer = await owner.start('sign-in', owner.newPhone());
      expect(answer.status).toBe(200);
      owner.handleIn(answer);
      expect(stub.arrivals.slice(before).map(({ target }) => target)).toEqual(['/v1/challenge']);
    }
  });
});

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
