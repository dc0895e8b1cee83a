// `run-sql DATABASE STATEMENT`: runs one SQL statement and says that it did.

import Database from 'better-sqlite3';

const [database = '', statement = ''] = process.argv.slice(2);
const db = new Database(database, { fileMustExist: true });
db.prepare(statement).run();
db.close();
process.stdout.write(`done: ${statement}\n`);
