/** Runs in every test file: what a failed test left open must not make later tests fail. */
import { closeAll } from './cleanup';

afterEach(closeAll);
