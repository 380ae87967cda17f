import type { Tl } from '../../types.js';
import type { Json } from '../../http/json.js';

/** InlineKeyboardMarkup; other keyboards are never shown in messages. */
export function markupJson(markup: Tl | undefined): Json | undefined {
  if (markup?._ !== 'replyInlineMarkup') return undefined;
  const rows = (markup['rows'] ?? []) as Tl[];
  return {
    inline_keyboard: rows.map((row) => ((row['buttons'] ?? []) as Tl[]).map(buttonJson)),
  };
}

function buttonJson(button: Tl): Json {
  const text = button['text'];
  switch (button._) {
    case 'keyboardButtonUrl':
      return { text, url: button['url'] };
    case 'keyboardButtonCallback':
      return { text, callback_data: (button['data'] as Buffer).toString() };
    case 'keyboardButtonWebView':
    case 'keyboardButtonSimpleWebView':
      return { text, web_app: { url: button['url'] } };
    case 'keyboardButtonSwitchInline': {
      const field = button['same_peer'] === true ? 'switch_inline_query_current_chat' : 'switch_inline_query';
      return { text, [field]: button['query'] };
    }
    case 'keyboardButtonCopy':
      return { text, copy_text: { text: button['copy_text'] } };
    default:
      return { text };
  }
}
