// A small shop's database with made-up people in it: the same rows every time, addresses only under example.com (RFC 2606).

import Database from 'better-sqlite3';

const FIRST = ['Amara', 'Bilal', 'Chiara', 'Dmitri', 'Elif', 'Farah', 'Goran', 'Hana', 'Ivo'];
const LAST = ['Abara', 'Bergström', 'Castillo', 'Dubois', 'Eriksen', 'Ferrari', 'Grün', 'Horvat'];
const CITIES = ['Lisbon', 'Graz', 'Tartu', 'Ghent', 'Brno', 'Cork', 'Turin'];
const PLANS = ['free', 'plus', 'business'];
const CUSTOMERS = 240;
const ORDERS = 1310;

const SCHEMA = `
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, city TEXT NOT NULL, plan TEXT NOT NULL
  ) STRICT;
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id), cents INTEGER NOT NULL,
    placed TEXT NOT NULL
  ) STRICT;
`;

export function makeShop(path: string): void {
  const db = new Database(path);
  try {
    db.exec(SCHEMA);
    db.transaction(() => {
      const customer = db.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?)');
      for (let id = 1; id <= CUSTOMERS; id += 1) {
        const first = pick(FIRST, id);
        const last = pick(LAST, Math.floor(id / FIRST.length));
        const email = `${first}.${last}.${id}@example.com`.toLowerCase();
        customer.run(id, `${first} ${last}`, email, pick(CITIES, id * 5), pick(PLANS, id * id));
      }
      const order = db.prepare('INSERT INTO orders VALUES (?, ?, ?, ?)');
      for (let id = 1; id <= ORDERS; id += 1) {
        const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(id / 3))).toISOString().slice(0, 10);
        order.run(id, 1 + ((id * 37) % CUSTOMERS), 490 + ((id * 7919) % 24_000), day);
      }
    })();
  } finally {
    db.close();
  }
}

/** Undefined where there is no such table. */
export function rowsIn(path: string, table: 'customers' | 'orders'): number | undefined {
  const db = new Database(path, { readonly: true });
  try {
    const there = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    if (there.get(table) === undefined) return undefined;
    const count: unknown = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    return Number(count);
  } finally {
    db.close();
  }
}

const pick = (from: readonly string[], n: number): string => from[n % from.length] ?? '';
