/** How the lines of a client's chat stand in the topic: the desk bot posts them, the primary's with its mark. */
export function mirrored(lines: readonly string[], client: string, mark: '🤖' | '📱'): string[] {
  return lines.map((line) => {
    const [who = ''] = line.split(': ', 1);
    const words = line.slice(who.length + 2);
    return who === client ? `Desk: ${words}` : `Desk: ${mark} ${words}`;
  });
}
