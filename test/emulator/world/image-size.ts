/** Pixels of a JPEG or PNG from its first bytes; 800 × 600 for anything else. */
export function imageSize(head: Buffer): { width: number; height: number } {
  if (head.length >= 24 && head.readUInt32BE(0) === 0x89504e47) {
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  }
  return (head.length > 4 && head.readUInt16BE(0) === 0xffd8 ? jpegSize(head) : undefined) ?? FALLBACK;
}

const FALLBACK = { width: 800, height: 600 };

/** Walks the segments up to the frame header (SOF0 to SOF15 without the tables between them). */
function jpegSize(head: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < head.length && head[at] === 0xff) {
    const marker = head[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) };
    at += 2 + head.readUInt16BE(at + 2);
  }
  return undefined;
}
