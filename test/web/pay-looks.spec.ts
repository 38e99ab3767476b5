import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { accentFor, contrast } from '../../src/web/accent.js';
import { wordsFor } from '../../src/application/words/words.js';
import { dueWords, Formats } from '../../src/web/pay/formats.js';
import { startPayFixture, type PayFixture } from '../support/pay-fixtures.js';

describe('the colour of a branch', () => {
  const grounds = [
    { light: '#f4f5f8', dark: '#0f1216' },
    { light: '#ffffff', dark: '#181c22' },
  ];

  it.each(['#ffcc00', '#ffffff', '#000000', '#0f766e', '#ff0000', '#808080'])(
    '%s is readable in both modes',
    (colour) => {
      const accent = accentFor(colour, grounds)!;
      for (const ground of grounds) {
        expect(contrast(accent.light, ground.light)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(accent.dark, ground.dark)).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it('stays as it is where it can be read as it is', () => {
    expect(accentFor('#0f766e', grounds)!.light).toBe('#0f766e');
  });

  it.each(['red', '#fff', '#12345g', 'url(x)', '', undefined])('is none for %s', (colour) => {
    expect(accentFor(colour, grounds)).toBeUndefined();
  });
});

describe('dates and money', () => {
  it('puts the due date in words, as the calendar of the branch has it', () => {
    const lateEvening = new Date('2026-12-17T03:30:00Z');
    const newYork = new Formats('en-US', 'USD', 'America/New_York');
    const tokyo = new Formats('en-US', 'USD', 'Asia/Tokyo');
    const words = (formats: Formats, date: string) => dueWords(formats.daysUntil(date, lateEvening), wordsFor('en-US'));
    expect(words(newYork, '2026-12-16')).toBe('Due today');
    expect(words(tokyo, '2026-12-16')).toBe('1 day overdue');
    expect(words(newYork, '2026-12-17')).toBe('Due tomorrow');
    expect(words(newYork, '2026-12-20')).toBe('Due in 4 days');
    expect(words(newYork, '2026-12-10')).toBe('6 days overdue');
  });

  it('counts days over the change of the clocks', () => {
    const formats = new Formats('en-US', 'USD', 'America/New_York');
    expect(formats.daysUntil('2026-11-03', new Date('2026-10-31T16:00:00Z'))).toBe(3);
  });
});

describe('stylesheet, scripts and fonts', () => {
  let fixture: PayFixture;
  beforeAll(async () => {
    fixture = await startPayFixture();
  });
  afterAll(() => fixture.stop());

  it('may be kept for ever under the address that the page gives', async () => {
    const page = await request(fixture.origin).get('/pay/nothing');
    const [path] = /\/assets\/[^"]+site\.css/.exec(page.text)!;
    const answer = await request(fixture.origin).get(path).set('Accept-Encoding', 'br');
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'content-encoding': 'br',
    });
  });

  it('are served, but not to be kept, to a page of another build', async () => {
    const answer = await request(fixture.origin).get('/assets/000000000000/pay.js');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('are only these', async () => {
    for (const name of ['tokens.css', 'tsconfig.json', '..%2fviews.ts', '%2e%2e%2fviews.ts', 'nothing.js']) {
      expect((await request(fixture.origin).get(`/assets/000000000000/${name}`)).status).toBe(404);
    }
  });
});
