/** What is known without the addon is what the addon says. */
import { binding } from '#lib/binding';
import { constants } from '#lib/constants';
import * as tables from '#lib/native-rows';

test('the numbers of the kernel', () => {
  expect(Object.keys(constants).length).toBeGreaterThan(80);
  expect(constants).toEqual(binding.constants);
});

test.each(Object.keys(tables) as (keyof typeof tables)[])('the rows: %s', (name) => {
  expect(tables[name]).toEqual(binding[name]);
});
