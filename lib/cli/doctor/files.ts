/** Files that may be missing, or not for this user. */
import { readdirSync, readFileSync } from 'node:fs';

export function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function contents(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
