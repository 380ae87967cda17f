/** One part of a multipart/form-data body; `filename` is there when it is a file. */
export interface Part {
  name: string;
  filename?: string;
  mimeType?: string;
  bytes: Buffer;
}

/**
 * Splits a multipart/form-data body. Node's own parser refuses unquoted file names, which bot libraries send.
 * Throws an Error when the content type names no boundary or the body does not follow it.
 */
export function multipart(contentType: string, body: Buffer): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const delimiter = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`);
  if (!boundary) throw new Error('no boundary');
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const end = body.indexOf(Buffer.concat([CRLF, delimiter]), start);
    if (end < 0) throw new Error('a part has no end');
    parts.push(part(body.subarray(start + CRLF.length, end)));
    at = end + CRLF.length;
  }
  throw new Error('no closing boundary');
}

const CRLF = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

function part(raw: Buffer): Part {
  const headEnd = raw.indexOf(HEAD_END);
  if (headEnd < 0) throw new Error('a part has no header');
  const head = raw.toString('utf8', 0, headEnd);
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? '';
  const name = attribute(disposition, 'name');
  if (name === undefined) throw new Error('a part has no name');
  const filename = attribute(disposition, 'filename');
  const mimeType = /^content-type:\s*([^;\r\n]+)/im.exec(head)?.[1]?.trim();
  return {
    name,
    bytes: raw.subarray(headEnd + HEAD_END.length),
    ...(filename === undefined ? {} : { filename }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

/** Quoted or bare, by RFC 7578 and by what libraries really write; `filename*` by RFC 5987. */
function attribute(disposition: string, name: string): string | undefined {
  const extended = new RegExp(`(?:^|;)\\s*${name}\\*=utf-8''([^;]+)`, 'i').exec(disposition)?.[1];
  if (extended !== undefined) return decodeURIComponent(extended.trim());
  const found = new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, 'i').exec(disposition);
  const quoted = found?.[1]?.replace(/\\(.)/g, '$1').replace(/%22/g, '"');
  return quoted ?? found?.[2]?.trim();
}
