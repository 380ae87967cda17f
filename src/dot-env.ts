/**
 * What `npm start` and `npm run gateway` load before the program (package.json): the variables of `.env` in the working directory.
 * main.ts and cli.ts do not, because tests, sandbox, faults and benchmarks run them with variables of their own: a developer's `.env`
 * that names a real database would be used there.
 */

import { tellAndExit } from './app/tell.js';
import { addEnvFile } from './config/env-file.js';

try {
  addEnvFile(process.env, '.env');
} catch (error) {
  tellAndExit(error);
  process.exit();
}
