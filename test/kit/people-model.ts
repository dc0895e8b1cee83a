// What a request's people may bring about, said a second time and otherwise: sets of names and every assignment of people to
// places tried out. It shares no line with the program, and it is what random histories are held against.

export type Stands = {
  readonly id: string;
  readonly groups: readonly string[];
  /** Of the machine that this key is on. */
  readonly device: string;
};

export type Question = {
  readonly needs: readonly { readonly group: string; readonly count: number }[];
  readonly strict: boolean;
  readonly host: string;
  /** Whom the agent works for, and who answers for it. */
  readonly own: readonly string[];
  readonly endsAt: number;
};

/** Every way to give each place a person of its own is tried. */
export function fills(needs: Question['needs'], people: readonly Stands[]): boolean {
  const places = needs.flatMap(({ group, count }) => Array.from({ length: count }, () => group));
  const byName = people.filter((one, at) => people.findIndex(({ id }) => id === one.id) === at);
  const place = (at: number, left: readonly Stands[]): boolean => {
    const group = places[at];
    if (group === undefined) return true;
    return left.some(
      (one) =>
        fits(group, one) &&
        place(
          at + 1,
          left.filter((other) => other !== one),
        ),
    );
  };
  return place(0, byName);
}

const fits = (group: string, { groups }: Stands): boolean =>
  group === 'anyone' || groups.includes(group);

export class RequestModel {
  readonly asked: Question;
  stage: 'open' | 'decided' | 'ended' = 'open';
  verdict: 'approve' | 'deny' | undefined;
  how: string | undefined;
  seen = false;
  readonly approved: Stands[] = [];
  readonly spoke = new Set<string>();

  constructor(asked: Question) {
    this.asked = asked;
  }

  mayApprove(who: Stands): boolean {
    const { needs, strict, host, own } = this.asked;
    if (own.includes(who.id) || (strict && who.device === host)) return false;
    return needs.some(({ group }) => fits(group, who));
  }

  /** True: it counts, and is in the log. */
  decide(who: Stands, verdict: 'approve' | 'deny', now: number): boolean {
    const asked = this.asked.needs.some(({ group }) => fits(group, who));
    const may = verdict === 'deny' ? asked : this.mayApprove(who);
    if (!may || this.stage !== 'open' || this.spoke.has(who.id) || now >= this.asked.endsAt)
      return false;
    this.spoke.add(who.id);
    if (verdict === 'deny') [this.stage, this.verdict] = ['decided', 'deny'];
    else {
      this.approved.push(who);
      if (fills(this.asked.needs, this.approved))
        [this.stage, this.verdict] = ['decided', 'approve'];
    }
    return true;
  }

  end(how: string): boolean {
    if (this.stage === 'ended') return false;
    // None of these is a change of another request.
    if (how === 'approvedWithChanges') return false;
    if (how === 'approved' && this.verdict !== 'approve') return false;
    this.stage = 'ended';
    this.how = how;
    return true;
  }

  /** The broker's own ending, which never approves. */
  endByBroker(late: boolean): boolean {
    if (this.verdict === 'approve' || (this.verdict === undefined && !late))
      return this.end('withdrawn');
    if (this.verdict === 'deny') return this.end('denied');
    return this.end(this.seen ? 'expiredSeen' : 'expiredUnseen');
  }
}
