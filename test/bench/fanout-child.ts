// Many reviewers in one process: N connections that follow, to our broker or to a bare socket that only repeats what it is
// told. Tells its parent when the last of them has the next request.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { OursConfig } from './ours-house.ts';
import { keyOf, openWire } from './ours-wire.ts';

export type FanoutConfig =
  | { readonly system: 'ours'; readonly config: OursConfig; readonly count: number }
  | { readonly system: 'bare'; readonly port: number; readonly count: number };

/** Under the broker's bound on connections from one address that have not logged in. */
const AT_ONCE = 10;
const REQUEST = 'application/vnd.countersign.request.v1+json';

const [, , text = ''] = process.argv;
// Written by the parent of this very program.
const to = JSON.parse(text) as FanoutConfig;
process.on('disconnect', () => process.exit());

let heard = 0;
function hear(): void {
  heard += 1;
  if (heard < to.count) return;
  heard = 0;
  process.send?.({ all: true });
}

async function openOne(): Promise<void> {
  if (to.system === 'bare') {
    const socket = new WebSocket(`ws://127.0.0.1:${to.port}`, { perMessageDeflate: false });
    socket.on('message', hear);
    await once(socket, 'open');
    return;
  }
  const { config } = to;
  const wire = await openWire(config, 'reviewer', keyOf(config.keys.reviewerSession), (message) => {
    if (message.t !== 'leaves') return;
    const { from, entries } = message.body;
    wire.tell('got', { cursor: from + entries.length });
    for (const { leaf } of entries) if (leaf.includes(REQUEST)) hear();
  });
  wire.tell('follow', { cursor: Number(wire.session.checkpoint.split('\n')[1]) });
}

for (let n = 0; n < to.count; n += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, to.count - n) }, openOne));
}
process.send?.({ ready: true });
