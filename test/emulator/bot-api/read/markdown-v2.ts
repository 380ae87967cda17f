import { badRequest } from '../errors.js';
import { byteOffset, closed, emojiId, linkEntity, type Formatted, type OpenEntity } from './formatted.js';

const RESERVED = '_*[]()~`>#+-=|{}.!';

/** Longest first. */
const MARKS: readonly (readonly [mark: string, type: string])[] = [
  ['```', 'Pre'],
  ['`', 'Code'],
  ['||', 'Spoiler'],
  ['__', 'Underline'],
  ['![', 'CustomEmoji'],
  ['[', 'TextUrl'],
  ['*', 'Bold'],
  ['_', 'Italic'],
  ['~', 'Strike'],
];

/** Names in Telegram's error texts. */
const SPOKEN: Readonly<Record<string, string>> = { Strike: 'Strikethrough', Pre: 'Pre' };

/** parse_mode MarkdownV2 (core.telegram.org/bots/api#markdownv2-style). Throws "can't parse entities: …". */
export function parseMarkdownV2(source: string): Formatted {
  return new Reading(source).read();
}

class Reading {
  readonly #source: string;
  readonly #open: OpenEntity[] = [];
  readonly #done: Formatted['entities'] = [];
  #text = '';
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Formatted {
    while (this.#at < this.#source.length) this.#step();
    this.#endQuote();
    const left = this.#open.at(-1);
    if (left) {
      const offset = byteOffset(this.#source, left.at);
      throw unparsed(`Can't find end of ${SPOKEN[left.type] ?? left.type} entity at byte offset ${offset}`);
    }
    return { text: this.#text, entities: this.#done };
  }

  #step(): void {
    const char = this.#source[this.#at] ?? '';
    const next = this.#source.charCodeAt(this.#at + 1);
    if (char === '\\' && next > 0 && next <= 126) {
      this.#text += this.#source[this.#at + 1] ?? '';
      this.#at += 2;
      return;
    }
    if (this.#endsHere()) this.#close();
    else if (this.#isPlain(char)) this.#take(char);
    else if (char === '\n') this.#newLine();
    else if (char === '>' && this.#atLineStart()) this.#quote();
    else this.#mark(char);
  }

  /** In code only its own end is special. */
  #isPlain(char: string): boolean {
    const inCode = ['Code', 'Pre'].includes(this.#open.at(-1)?.type ?? '');
    return inCode || !(RESERVED + '\n').includes(char);
  }

  #mark(char: string): void {
    const mark = MARKS.find(([one]) => this.#source.startsWith(one, this.#at));
    if (!mark) {
      throw unparsed(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
    }
    this.#begin(...mark);
  }

  #take(char: string): void {
    this.#text += char;
    this.#at += 1;
  }

  #begin(mark: string, type: string): void {
    const entity: OpenEntity = { type, offset: this.#text.length, at: this.#at, mark };
    this.#at += mark.length;
    if (type === 'Pre') {
      const language = /^([^\s`]*)\r?\n/.exec(this.#source.slice(this.#at));
      entity.fields = { language: language?.[1] ?? '' };
      this.#at += language?.[0].length ?? 0;
    }
    this.#open.push(entity);
  }

  /** Whether the innermost entity ends at this place. */
  #endsHere(): boolean {
    const last = this.#open.at(-1);
    if (!last || last.type === 'Blockquote') return false;
    const end = last.type === 'TextUrl' || last.type === 'CustomEmoji' ? ']' : last.mark;
    if (!this.#source.startsWith(end, this.#at)) return false;
    return last.type !== 'Italic' || this.#source[this.#at + 1] !== '_';
  }

  #close(): void {
    const entity = this.#open.pop();
    if (!entity) return;
    const linked = entity.type === 'TextUrl' || entity.type === 'CustomEmoji';
    this.#at += linked ? 1 : entity.mark.length;
    if (!linked) {
      this.#done.push(...closed(entity, this.#text.length));
      return;
    }
    const url = this.#address() ?? this.#text.slice(entity.offset);
    if (entity.type === 'TextUrl') {
      const link = linkEntity(url);
      if (link) this.#done.push(...closed({ ...entity, ...link }, this.#text.length));
      return;
    }
    const document_id = emojiId(url);
    if (document_id === undefined) throw unparsed('Custom emoji URL must have an emoji identifier');
    this.#done.push(...closed({ ...entity, fields: { document_id } }, this.#text.length));
  }

  /** `(url)` behind a closing bracket. */
  #address(): string | undefined {
    if (this.#source[this.#at] !== '(') return undefined;
    const start = this.#at;
    let url = '';
    for (this.#at += 1; this.#at < this.#source.length; this.#at += 1) {
      const char = this.#source[this.#at] ?? '';
      if (char === ')') {
        this.#at += 1;
        return url;
      }
      if (char === '\\') this.#at += 1;
      url += this.#source[this.#at] ?? '';
    }
    throw unparsed(`Can't find end of a URL at byte offset ${byteOffset(this.#source, start)}`);
  }

  /** Empty entities in front (`**>`) only keep two quotations apart. */
  #atLineStart(): boolean {
    return this.#text === '' || this.#text.endsWith('\n');
  }

  #quote(): void {
    if (!this.#open.some(({ type }) => type === 'Blockquote')) {
      this.#open.push({ type: 'Blockquote', offset: this.#text.length, at: this.#at, mark: '>' });
    }
    this.#at += 1;
  }

  #newLine(): void {
    if (this.#source[this.#at + 1] !== '>') this.#endQuote();
    this.#take('\n');
  }

  /** `||` as the very last thing of a quotation makes it expandable. */
  #endQuote(): void {
    const last = this.#open.at(-1);
    const expandable = last?.type === 'Spoiler' && last.offset === this.#text.length;
    const quote = this.#open.at(expandable ? -2 : -1);
    if (quote?.type !== 'Blockquote') return;
    this.#open.splice(this.#open.indexOf(quote));
    const fields = expandable ? { fields: { collapsed: true as const } } : {};
    this.#done.push(...closed({ ...quote, ...fields }, this.#text.length));
  }
}

function unparsed(why: string): Error {
  return badRequest(`can't parse entities: ${why}`);
}
