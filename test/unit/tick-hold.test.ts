/** What is held back until the end of a tick, when letting one go fails. */
import { releaseAll, TickHold } from '#lib/association/tick-hold';

/** What is thrown by a tick of its own; Jest would take it for the test's. */
function thrownLater(run: () => void): unknown[] {
  const ticks: (() => void)[] = [];
  const spy = jest.spyOn(process, 'nextTick').mockImplementation((tick) => {
    ticks.push(tick as () => void);
  });
  const thrown: unknown[] = [];
  try {
    run();
    for (let tick = ticks.shift(); tick; tick = ticks.shift()) {
      try {
        tick();
      } catch (error) {
        thrown.push(error);
      }
    }
  } finally {
    spy.mockRestore();
  }
  return thrown;
}

function twoHolds() {
  const log: string[] = [];
  const broken = new TickHold(() => {
    log.push('broken');
    throw new Error('broken');
  });
  const good = new TickHold(() => log.push('good'));
  return { log, broken, good };
}

test('one that throws is reported, and keeps neither the others nor what comes later', () => {
  const { log, broken, good } = twoHolds();
  const thrown = thrownLater(() => {
    broken.hold();
    good.hold();
  });
  expect([log, thrown]).toEqual([['broken', 'good'], [new Error('broken')]]);
  thrownLater(() => {
    good.hold();
  });
  expect(log).toEqual(['broken', 'good', 'good']);
});

test('who lets all go is not told what one of them throws', () => {
  const { log, broken, good } = twoHolds();
  const thrown = thrownLater(() => {
    broken.hold();
    good.hold();
    releaseAll();
    expect(log).toEqual(['broken', 'good']);
  });
  expect([log, thrown]).toEqual([['broken', 'good'], [new Error('broken')]]);
});

test('what is held again meanwhile leaves with a tick of its own', () => {
  const log: string[] = [];
  const other = new TickHold(() => log.push('other'));
  const one = new TickHold(() => {
    log.push('one');
    other.hold();
  });
  thrownLater(() => {
    one.hold();
    releaseAll();
    expect(log).toEqual(['one']);
  });
  expect(log).toEqual(['one', 'other']);
});
