/** The numbers «[1]» in an answer's text: where they stand, and where those go that the text does not place. */

export const MARK = /\s*\[(\d+)\]/g;

/** A text without its numbers. */
export function bare(text) {
  return text.replace(MARK, '').trim();
}

/** A text without numbers, bullets and line breaks, to find one in another. */
export function plain(text) {
  return bare(text).replace(/[\s•]+/g, ' ');
}

/** The numbers that stand in a text. */
export function numbersIn(text) {
  return new Set([...text.matchAll(MARK)].map((match) => Number(match[1])));
}

/**
 * A block's text and items, each with the numbers that belong to it, and `rest`: those of the block as a whole. Of
 * several sources, one whose quote holds a single item of a list belongs to that item.
 */
export function placed(block, sources) {
  const { text } = block;
  const items = [...(block.items ?? [])];
  const there = numbersIn([text, ...items].join(' '));
  const missing = (block.citations ?? []).filter((number) => !there.has(number));
  const whole = [];
  for (const number of missing) {
    const quote = plain(sources.find((source) => source.number === number)?.quote ?? '');
    const held = items.flatMap((item, i) => (quote.includes(plain(item)) ? [i] : []));
    if (missing.length > 1 && held.length === 1) items[held[0]] += ` [${number}]`;
    else whole.push(number);
  }
  return { text, items, rest: whole.map((number) => ` [${number}]`).join('') };
}

/** The blocks of an answer; one that has none is a paragraph a line. */
export function blocksOf(answer) {
  return answer.blocks?.length ? answer.blocks : answer.answer.split(/\n+/).map((text) => ({ kind: 'paragraph', text }));
}

/** An answer line by line, with its numbers, as it is copied and read aloud. */
export function answerLines(answer) {
  return blocksOf(answer).flatMap((block) => {
    const { text, items, rest } = placed(block, answer.citations ?? []);
    const bullets = items.map((item, i) => `• ${item}${!text && i === items.length - 1 ? rest : ''}`);
    return text ? [text + rest, ...bullets] : bullets;
  });
}
