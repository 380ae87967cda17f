import type { Call, Method } from '../call.js';
import { badRequest, conflict } from '../errors.js';
import type { Json } from '../../http/json.js';
import type { Update } from '../updates/inbox.js';

const LIMIT_MAX = 100;
const TIMEOUT_MAX_SECONDS = 50;

/** How a bot's program gets its updates. */
export const UPDATES: Readonly<Record<string, Method>> = {
  getUpdates,
  setWebhook,
  deleteWebhook: (call) => {
    call.inboxes.setWebhook(call.bot, undefined, call.onWebhookReply);
    if (call.params.flag('drop_pending_updates')) call.inboxes.open(call.bot).clear();
    return true;
  },
  getWebhookInfo,
};

async function getUpdates(call: Call): Promise<Update[]> {
  const { params, inboxes, bot } = call;
  if (inboxes.webhook(bot.id)) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  const inbox = inboxes.open(bot);
  readAllowed(call);
  const limit = params.int('limit') ?? LIMIT_MAX;
  const timeout = Math.min(Math.max(params.int('timeout') ?? 0, 0), TIMEOUT_MAX_SECONDS);
  const offset = params.int('offset') ?? 0;
  if (offset !== 0) inbox.confirm(offset);
  return inbox.poll(limit < 1 || limit > LIMIT_MAX ? LIMIT_MAX : limit, timeout * 1000);
}

function setWebhook(call: Call): boolean {
  const { params, inboxes, bot, onWebhookReply } = call;
  const url = params.text('url');
  const inbox = inboxes.open(bot);
  readAllowed(call);
  if (params.flag('drop_pending_updates')) inbox.clear();
  if (url === undefined) {
    inboxes.setWebhook(bot, undefined, onWebhookReply);
    return true;
  }
  requireLoopback(url);
  const secretToken = params.text('secret_token');
  const maxConnections = params.int('max_connections') ?? 40;
  inboxes.setWebhook(
    bot,
    { url, maxConnections, ...(secretToken === undefined ? {} : { secretToken }) },
    onWebhookReply,
  );
  return true;
}

function getWebhookInfo({ inboxes, bot }: Call): Json {
  const inbox = inboxes.open(bot);
  const webhook = inboxes.webhook(bot.id);
  const error = webhook?.lastError;
  return {
    url: webhook?.settings.url ?? '',
    has_custom_certificate: false,
    pending_update_count: inbox.pending,
    ...(webhook ? { max_connections: webhook.settings.maxConnections } : {}),
    ...(error ? { last_error_date: error.date, last_error_message: error.message } : {}),
    ...(inbox.allowed ? { allowed_updates: inbox.allowed } : {}),
  };
}

/** Telegram wants HTTPS from outside; this one never leaves the machine. */
function requireLoopback(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(parsed?.hostname ?? '');
  if (parsed?.protocol !== 'http:' || !loopback) {
    throw badRequest('bad webhook: this Telegram delivers to http:// on loopback only');
  }
}

/** Without the parameter the earlier setting stays. */
function readAllowed({ params, inboxes, bot }: Call): void {
  const allowed = params.list('allowed_updates');
  if (allowed) inboxes.open(bot).allow(allowed.map(String));
}
