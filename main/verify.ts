// Entry of the verifier that stands alone: one file, any Node from 20.12 on, nothing beside it.

import { verifyCommand } from './cli/verify.ts';

process.exitCode = verifyCommand(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
});
