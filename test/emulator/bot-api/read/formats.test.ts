import { inspect } from 'node:util';
import { expect } from 'chai';
import type { TlValue } from '../../types.js';
import { parseHtml } from './html.js';
import { parseMarkdown } from './markdown.js';
import { parseMarkdownV2 } from './markdown-v2.js';
import type { Formatted } from './formatted.js';

/** `type@offset+length` and what else the entity holds. */
function brief({ text, entities }: Formatted): unknown[] {
  return [
    text,
    ...entities.map(({ _, offset, length, ...rest }) => {
      const place = `${_.replace('messageEntity', '')}@${Number(offset)}+${Number(length)}`;
      const [extra] = Object.values(rest);
      return extra === undefined || extra === '' ? place : `${place} ${inspected(extra)}`;
    }),
  ];
}

function inspected(value: TlValue): string {
  return typeof value === 'bigint' ? value.toString() : inspect(value).replace(/^'|'$/g, '');
}

describe('Bot API: parse modes', () => {
  const html: [source: string, ...expected: unknown[]][] = [
    ['<b>bold <i>both</i></b> plain', 'bold both plain', 'Italic@5+4', 'Bold@0+9'],
    ['a &lt;b&gt; &amp;amp; &#128512; &copy;', 'a <b> &amp; 😀 &copy;'],
    ['😀<u>x</u><s>y</s><tg-spoiler>z</tg-spoiler>', '😀xyz', 'Underline@2+1', 'Strike@3+1', 'Spoiler@4+1'],
    [
      '<a href="https://example.com/?a=1&amp;b=2">site</a>',
      'site',
      'TextUrl@0+4 https://example.com/?a=1&b=2',
    ],
    ['<a href="tg://user?id=7000000001">her</a>', 'her', 'MentionName@0+3 7000000001'],
    ['<a>example.com</a>', 'example.com', 'TextUrl@0+11 http://example.com/'],
    ['<pre><code class="language-ts">let x</code></pre>', 'let x', 'Pre@0+5 ts'],
    ['<code>c</code><pre>p</pre>', 'cp', 'Code@0+1', 'Pre@1+1'],
    ['<blockquote expandable>q</blockquote>', 'q', 'Blockquote@0+1 true'],
    ['<span class="tg-spoiler">s</span><b></b>', 's', 'Spoiler@0+1'],
    ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', 'CustomEmoji@0+2 5368324170671202286'],
  ];
  for (const [source, ...expected] of html) {
    it(`O2 HTML ${source}`, () => expect(brief(parseHtml(source))).to.deep.equal(expected));
  }

  const markdown: [source: string, ...expected: unknown[]][] = [
    [
      '*bold _italic_* __under__ ~gone~ ||hush||',
      'bold italic under gone hush',
      'Italic@5+6',
      'Bold@0+11',
      'Underline@12+5',
      'Strike@18+4',
      'Spoiler@23+4',
    ],
    ['1\\. _it_\\!', '1. it!', 'Italic@3+2'],
    ['`a*b\\`c` ```ts\nlet x\n```', 'a*b`c let x\n', 'Code@0+5', 'Pre@6+6 ts'],
    ['[site](https://example.com/a\\)b)', 'site', 'TextUrl@0+4 https://example.com/a)b'],
    ['![👍](tg://emoji?id=5368324170671202286)', '👍', 'CustomEmoji@0+2 5368324170671202286'],
    ['>one\n>two\nafter', 'one\ntwo\nafter', 'Blockquote@0+7'],
    ['>one\n>two||', 'one\ntwo', 'Blockquote@0+7 true'],
    ['_*both*_', 'both', 'Bold@0+4', 'Italic@0+4'],
  ];
  for (const [source, ...expected] of markdown) {
    it(`O2 MarkdownV2 ${JSON.stringify(source)}`, () => {
      expect(brief(parseMarkdownV2(source))).to.deep.equal(expected);
    });
  }

  it('O2 Markdown, the old one', () => {
    expect(brief(parseMarkdown('*b* _i_ [t](example.com) `c` \\_x 1. ```js\ncode```'))).to.deep.equal([
      'b i t c _x 1. code',
      'Bold@0+1',
      'Italic@2+1',
      'TextUrl@4+1 http://example.com/',
      'Code@6+1',
      'Pre@14+4 js',
    ]);
  });

  const refused: [parse: (text: string) => Formatted, source: string, why: string][] = [
    [parseHtml, 'ü <x>', 'Unsupported start tag "x" at byte offset 3'],
    [parseHtml, '<b>open', `Can't find end tag corresponding to start tag "b"`],
    [parseHtml, '<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    [parseHtml, '5 < 6', 'Unsupported start tag "" at byte offset 2'],
    [parseMarkdownV2, 'No.', `Character '.' is reserved and must be escaped with the preceding '\\'`],
    [parseMarkdownV2, 'ü *x', `Can't find end of Bold entity at byte offset 3`],
    [parseMarkdown, 'snake_case', `Can't find end of the entity starting at byte offset 5`],
  ];
  for (const [parse, source, why] of refused) {
    it(`O2 ${parse.name} refuses ${JSON.stringify(source)} in Telegram's words`, () => {
      expect(() => parse(source)).to.throw(`Bad Request: can't parse entities: ${why}`);
    });
  }
});
