import type { Tl } from '../../types.js';
import { badRequest, notImplemented } from '../errors.js';
import { Params } from '../params.js';

const CALLBACK_DATA_MAX = 64;

/** `reply_markup` → TL; undefined when it is not given. */
export function readMarkup(params: Params): Tl | undefined {
  const markup = params.object('reply_markup');
  if (!markup) return undefined;
  const selective = markup.flag('selective') ? { selective: true } : {};
  if (markup.has('inline_keyboard')) {
    return { _: 'replyInlineMarkup', rows: rows(markup, 'inline_keyboard', inlineButton) };
  }
  if (markup.has('keyboard')) return replyKeyboard(markup, selective);
  if (markup.flag('remove_keyboard')) return { _: 'replyKeyboardHide', ...selective };
  if (markup.flag('force_reply')) {
    return { _: 'replyKeyboardForceReply', single_use: true, ...selective, ...placeholder(markup) };
  }
  return undefined;
}

function replyKeyboard(markup: Params, selective: Partial<Tl>): Tl {
  return {
    _: 'replyKeyboardMarkup',
    rows: rows(markup, 'keyboard', keyButton),
    ...(markup.flag('resize_keyboard') ? { resize: true } : {}),
    ...(markup.flag('one_time_keyboard') ? { single_use: true } : {}),
    ...(markup.flag('is_persistent') ? { persistent: true } : {}),
    ...selective,
    ...placeholder(markup),
  };
}

function placeholder(markup: Params): Partial<Tl> {
  const text = markup.text('input_field_placeholder');
  return text === undefined ? {} : { placeholder: text };
}

function rows(markup: Params, field: string, button: (one: Params) => Tl): Tl[] {
  return (markup.list(field) ?? [])
    .map((row) => {
      if (!Array.isArray(row)) throw badRequest(`can't parse ${field}: expected an Array of Array`);
      const buttons = row.map((one: unknown) => button(buttonParams(one)));
      return { _: 'keyboardButtonRow', buttons };
    })
    .filter(({ buttons }) => buttons.length > 0);
}

/** A key may be its text alone. */
function buttonParams(button: unknown): Params {
  if (typeof button === 'string') return new Params([['text', button]]);
  if (typeof button !== 'object' || button === null) throw badRequest("can't parse keyboard button");
  return new Params(Object.entries(button));
}

function inlineButton(button: Params): Tl {
  const text = button.requiredText('text');
  const url = button.text('url');
  const data = button.text('callback_data');
  if (url !== undefined) return { _: 'keyboardButtonUrl', text, url };
  if (data !== undefined) {
    if (Buffer.byteLength(data) > CALLBACK_DATA_MAX) throw badRequest('BUTTON_DATA_INVALID');
    return { _: 'keyboardButtonCallback', text, data: Buffer.from(data) };
  }
  const webApp = button.object('web_app');
  if (webApp) return { _: 'keyboardButtonWebView', text, url: webApp.requiredText('url') };
  const copy = button.object('copy_text');
  if (copy) return { _: 'keyboardButtonCopy', text, copy_text: copy.requiredText('text') };
  if (button.has('switch_inline_query')) {
    return { _: 'keyboardButtonSwitchInline', text, query: button.text('switch_inline_query') ?? '' };
  }
  if (button.has('switch_inline_query_current_chat')) {
    const query = button.text('switch_inline_query_current_chat') ?? '';
    return { _: 'keyboardButtonSwitchInline', same_peer: true, text, query };
  }
  for (const kind of ['login_url', 'pay', 'callback_game', 'switch_inline_query_chosen_chat']) {
    if (button.has(kind)) throw notImplemented(`inline button ${kind}`);
  }
  throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
}

function keyButton(button: Params): Tl {
  const text = button.requiredText('text');
  if (button.flag('request_contact')) return { _: 'keyboardButtonRequestPhone', text };
  if (button.flag('request_location')) return { _: 'keyboardButtonRequestGeoLocation', text };
  if (button.has('request_poll')) return { _: 'keyboardButtonRequestPoll', text };
  const webApp = button.object('web_app');
  if (webApp) return { _: 'keyboardButtonSimpleWebView', text, url: webApp.requiredText('url') };
  for (const kind of ['request_users', 'request_chat']) {
    if (button.has(kind)) throw notImplemented(`keyboard button ${kind}`);
  }
  return { _: 'keyboardButton', text };
}
