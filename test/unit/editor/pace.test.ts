import assert from 'node:assert/strict';
import { Pace } from '../../../src/editor/output/pace';

describe('how often a document is updated', () => {
  let now = 0;
  let pace: Pace;
  beforeEach(() => {
    now = 0;
    pace = new Pace(500, () => now);
  });
  const update = (tookMs: number): void => {
    pace.begin();
    now += tookMs;
    pace.done();
  };

  it('is soon as long as it costs little', () => {
    assert.equal(pace.restMs, 500);
    update(20);
    assert.equal(pace.restMs, 500);
  });

  it('leaves the editor nine tenths of the time, and is soon again once it costs less', () => {
    update(1000);
    assert.equal(pace.restMs, 9000);
    update(10);
    assert.equal(pace.restMs, 500);
  });

  it('waits for one that takes long, and not for ever for one whose end nobody tells', () => {
    pace.begin();
    now += 1500;
    assert.equal(pace.restMs, 13_500);
    now += 1_000_000;
    assert.equal(pace.restMs, 20_000);
  });
});
