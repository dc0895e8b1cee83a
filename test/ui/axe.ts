// What axe finds on a screen, in one theme after another. A theme that changes nothing but colours can change what the colour
// rules say and no other rule: that it does no more is looked up for each screen, and where it does more all rules are asked.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/** The rules of axe's `cat.color` that are on. */
const COLOUR = ['color-contrast', 'link-in-text-block'];

export type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

const builder = (page: Page): AxeBuilder => {
  // In one frame axe's older way asks the same, without a blank page for each answer.
  expect(page.frames()).toHaveLength(1);
  return new AxeBuilder({ page }).setLegacyMode();
};

/** By every rule. */
export const violations = async (page: Page): Promise<Violations> =>
  (await builder(page).analyze()).violations;

/** A page as the rules see it that are not about colours. */
export type Shape = string;

export type Theme = {
  /** False where the system's own pairs are used: axe would judge ours. */
  readonly ourColours: boolean;
  /** The shape that was last judged by every rule. */
  readonly judged: Shape | undefined;
};

/** By every rule; by the colour rules alone where the page still has the shape that was judged. */
export async function violationsIn(
  page: Page,
  { ourColours, judged }: Theme,
): Promise<{ readonly found: Violations; readonly shape: Shape }> {
  const shape = await shapeOf(page);
  const axe = builder(page);
  const off = ourColours ? [] : ['color-contrast'];
  if (shape === judged) axe.withRules(COLOUR.filter((rule) => !off.includes(rule)));
  else axe.disableRules(off);
  return { found: (await axe.analyze()).violations, shape };
}

/** The nodes with their attributes and texts, numbers aside (a countdown goes on), and how each of them is shown. */
const shapeOf = (page: Page): Promise<Shape> =>
  page.evaluate(() => {
    const SHOWN = (
      'display visibility opacity position overflow-x overflow-y clip clip-path font-size font-weight ' +
      'text-decoration-line pointer-events z-index text-indent content-visibility'
    ).split(' ');
    const nodes = [...document.querySelectorAll('*')].map((node) => {
      const { width, height } = node.getBoundingClientRect();
      const wide = node.scrollWidth > node.clientWidth;
      const high = node.scrollHeight > node.clientHeight;
      const style = getComputedStyle(node);
      const shown = SHOWN.map((name) => style.getPropertyValue(name));
      return [width > 0, height > 0, wide, high, ...shown].join(' ');
    });
    return [document.documentElement.outerHTML.replaceAll(/\d+/g, '0'), ...nodes].join('\n');
  });
