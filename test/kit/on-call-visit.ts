// A broker with a rota, its people, and time that passes while everybody stays connected: what tests of being on call stand on.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromB64 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement, type Statement } from '../../shared/statement/statement.ts';
import { person, reviewer } from './guard-world.ts';
import { holding, saidBy } from './test-policies.ts';
import type { WireClient } from './wire-client.ts';
import { type Visit, visit } from './wire-visit.ts';
import {
  type House,
  makeOrg,
  noticeBy,
  type Org,
  type Person,
  requestBy,
  type Signed,
} from './wire-world.ts';

export const BOTH = holding('medium', '1 of ops and 1 of sec');
const OPS = holding('medium', '1 of ops');

const ALWAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** On call at all times, and asked in vain after twenty seconds. */
export const always = (who: string[], next: string[] = ['bob'], more: object = {}) => ({
  zone: 'UTC',
  unseenAfter: '20s',
  shifts: [{ days: ALWAYS, from: '00:00', until: '24:00', who }],
  next,
  ...more,
});

type Escalation = Statement<'escalation'>;

/** The escalations that this connection has the text of, in the order of the log. */
export function escalations(client: WireClient): readonly Escalation[] {
  return [...client.leaves()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, { payload }]) => {
      const bytes = payload === undefined ? undefined : fromB64(payload);
      const read = bytes && decodeStatement('escalation', bytes);
      return read?.ok ? [read.value] : [];
    });
}
export const stepsOf = (client: WireClient): readonly string[] =>
  escalations(client).map(({ step, asked, why }) => `${step} ${asked.join('+')} ${why}`);

/** Alice, Bob and Carl are in `ops`, Dora in `sec`. */
export class OnCallVisit {
  readonly org: Org;
  readonly house: House;
  readonly carl: Person;
  readonly dora: Person;
  readonly #visit: Visit;
  #clients: WireClient[] = [];

  private constructor(of: { org: Org; at: Visit; carl: Person; dora: Person }) {
    this.org = of.org;
    this.#visit = of.at;
    this.house = of.at.house;
    this.carl = of.carl;
    this.dora = of.dora;
  }

  static async open(): Promise<OnCallVisit> {
    const [carl, dora] = [person('carl'), person('dora')];
    const org = makeOrg((keyring): Keyring => {
      const reviewers = keyring.reviewers.map((one) => ({ ...one, groups: ['ops'] }));
      return {
        ...keyring,
        reviewers: [
          ...reviewers,
          { ...reviewer(carl), groups: ['ops'] },
          { ...reviewer(dora), groups: ['sec'] },
        ],
        groups: [
          { id: 'ops', name: 'Operations' },
          { id: 'sec', name: 'Security' },
        ],
      };
    });
    return new OnCallVisit({ org, at: await visit(org), carl, dora });
  }

  /** Written where the broker looks for it, and read. */
  rota(groups: object): void {
    const path = join(this.house.root, 'broker', 'rota.json');
    writeFileSync(path, JSON.stringify({ v: 1, groups }));
    this.house.time.advance(5_000);
  }

  async asGuard(): Promise<WireClient> {
    const client = await this.#visit.asGuard();
    this.#clients.push(client);
    return client;
  }

  async asReviewer(who: Person): Promise<WireClient> {
    const client = await this.#visit.asReviewer(who);
    this.#clients.push(client);
    return client;
  }

  /** This connection is over, or all of them are. */
  forget(client?: WireClient): void {
    this.#clients = client === undefined ? [] : this.#clients.filter((one) => one !== client);
  }

  async restart(): Promise<void> {
    await this.house.restart();
    this.forget();
  }

  /** Time passes and everybody stays connected: what was sent and answered is waited for. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10_000) {
      this.house.time.advance(Math.min(left, 10_000));
      for (const client of this.#clients) {
        const answer = await client.ask('prove', { first: 0, second: 1 });
        invariant(answer === 'badStatement', 'the broker answers');
      }
    }
  }

  async until(holds: () => boolean): Promise<void> {
    for (let tries = 0; !holds(); tries++) {
      invariant(tries <= 200, 'it comes within some turns');
      await new Promise((resolve) => setImmediate(resolve));
      await this.pass(1);
    }
  }

  /** As many steps as these, and all that there are by then. */
  async steps(client: WireClient, count: number): Promise<readonly string[]> {
    await this.until(() => stepsOf(client).length >= count);
    return stepsOf(client);
  }

  async ask(guard: WireClient, change: Partial<Request> = {}): Promise<Signed> {
    const policy = saidBy(OPS, 'medium', 'ops');
    const asked = { policy, ttlMs: 3600_000, ...change };
    const request = requestBy(this.org.guard, this.house.time, asked);
    const answer = await guard.ask('request', { envelope: request.envelope });
    invariant(typeof answer === 'number', `the request is taken: ${answer}`);
    return request;
  }

  notice(
    client: WireClient,
    who: Person,
    { sha256 }: Signed,
    what: Parameters<typeof noticeBy>[3],
  ): Promise<number | string> {
    const { envelope } = noticeBy(who, this.house.time, sha256, what);
    return client.ask('notice', { envelope });
  }

  leave(): Promise<void> {
    this.forget();
    return this.#visit.leave();
  }
}
