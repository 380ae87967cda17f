import type { Tl } from '../../types.js';
import { EDIT_TIME_LIMIT } from '../../world/acts/edit.js';
import type { Ask, Open } from '../ask.js';

/** What a client asks before it has an account. */
export const HELP: Readonly<Record<string, Open>> = {
  'help.getConfig': config,
  'help.getNearestDc': ({ caller }) => ({
    _: 'nearestDc',
    country: 'DE',
    this_dc: caller.dc,
    nearest_dc: caller.dc,
  }),
  'help.getTermsOfServiceUpdate': ({ world }) => ({
    _: 'help.termsOfServiceUpdateEmpty',
    expires: world.now() + 3600,
  }),
  'help.getPromoData': ({ world }) => ({ _: 'help.promoDataEmpty', expires: world.now() + 3600 }),
};

/** What help.getConfig says of every data centre at any time. */
export const CONFIG_FACTS = {
  dc_txt_domain_name: '',
  chat_size_max: 200,
  megagroup_size_max: 200_000,
  forwarded_count_max: 100,
  online_update_period_ms: 210_000,
  offline_blur_timeout_ms: 5000,
  offline_idle_timeout_ms: 30_000,
  online_cloud_timeout_ms: 300_000,
  notify_cloud_delay_ms: 30_000,
  notify_default_delay_ms: 1500,
  push_chat_period_ms: 60_000,
  push_chat_limit: 2,
  edit_time_limit: EDIT_TIME_LIMIT,
  revoke_time_limit: 2_147_483_647,
  revoke_pm_time_limit: 2_147_483_647,
  rating_e_decay: 2_419_200,
  stickers_recent_limit: 200,
  channels_read_media_period: 604_800,
  call_receive_timeout_ms: 20_000,
  call_ring_timeout_ms: 90_000,
  call_connect_timeout_ms: 30_000,
  call_packet_timeout_ms: 10_000,
  me_url_prefix: 'https://t.me/',
  caption_length_max: 1024,
  message_length_max: 4096,
  webfile_dc_id: 4,
  revoke_pm_inbox: true,
};

/** `this_dc` is the DC whose port was dialled. */
function config({ desk, caller, world }: Ask): Tl {
  const dc_options = desk.dcs.map((id): Tl => {
    const { host, port } = desk.addressOf(id);
    return { _: 'dcOption', id, ip_address: host, port, static: true };
  });
  return {
    _: 'config',
    date: world.now(),
    expires: world.now() + 3600,
    test_mode: false,
    this_dc: caller.dc,
    dc_options,
    ...CONFIG_FACTS,
  };
}
