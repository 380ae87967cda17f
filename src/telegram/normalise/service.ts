/** Service messages: what happened, by one plain name each. */

import type { tl } from '@mtcute/tl';

import type { Content } from '../../domain/content.js';

/** The name that `MessageEvent.service` carries. */
export function serviceName(action: tl.TypeMessageAction): string {
  if (action._ === 'messageActionTopicEdit' && action.closed !== undefined) {
    return action.closed ? 'topic-closed' : 'topic-reopened';
  }
  return names[action._];
}

/** A service message is shown by name, with the words it holds. */
export function serviceContent(action: tl.TypeMessageAction): Content {
  return {
    text: { text: serviceWords(action), entities: [] },
    placeholder: serviceName(action).replaceAll('-', ' '),
  };
}

function serviceWords(action: tl.TypeMessageAction): string {
  switch (action._) {
    case 'messageActionCustomAction':
      return action.message;
    case 'messageActionWebViewDataSentMe':
      return `${action.text}\n${action.data}`;
    case 'messageActionWebViewDataSent':
      return action.text;
    case 'messageActionChatCreate':
    case 'messageActionChannelCreate':
    case 'messageActionChatEditTitle':
    case 'messageActionTopicCreate':
      return action.title;
    case 'messageActionTopicEdit':
      return action.title ?? '';
    default:
      return '';
  }
}

/** Complete by type: a new layer's actions ask for a name here. */
const names = {
  messageActionEmpty: 'service',
  messageActionChatCreate: 'group-created',
  messageActionChatEditTitle: 'title-changed',
  messageActionChatEditPhoto: 'photo-changed',
  messageActionChatDeletePhoto: 'photo-removed',
  messageActionChatAddUser: 'joined',
  messageActionChatDeleteUser: 'left',
  messageActionChatJoinedByLink: 'joined',
  messageActionChannelCreate: 'channel-created',
  messageActionChatMigrateTo: 'group-upgraded',
  messageActionChannelMigrateFrom: 'group-upgraded',
  messageActionPinMessage: 'pinned',
  messageActionHistoryClear: 'history-cleared',
  messageActionGameScore: 'game-score',
  messageActionPaymentSentMe: 'payment',
  messageActionPaymentSent: 'payment',
  messageActionPhoneCall: 'phone-call',
  messageActionScreenshotTaken: 'screenshot',
  messageActionCustomAction: 'notice',
  messageActionBotAllowed: 'bot-allowed',
  messageActionSecureValuesSentMe: 'passport-data',
  messageActionSecureValuesSent: 'passport-data',
  messageActionContactSignUp: 'joined-telegram',
  messageActionGeoProximityReached: 'proximity-alert',
  messageActionGroupCall: 'video-chat',
  messageActionInviteToGroupCall: 'video-chat-invite',
  messageActionSetMessagesTTL: 'auto-delete-changed',
  messageActionGroupCallScheduled: 'video-chat-scheduled',
  messageActionSetChatTheme: 'theme-changed',
  messageActionChatJoinedByRequest: 'joined',
  messageActionWebViewDataSentMe: 'web-app-data',
  messageActionWebViewDataSent: 'web-app-data',
  messageActionGiftPremium: 'gift-premium',
  messageActionTopicCreate: 'topic-created',
  messageActionTopicEdit: 'topic-edited',
  messageActionSuggestProfilePhoto: 'photo-suggested',
  messageActionRequestedPeer: 'peer-shared',
  messageActionSetChatWallPaper: 'wallpaper-changed',
  messageActionGiftCode: 'gift-code',
  messageActionGiveawayLaunch: 'giveaway-started',
  messageActionGiveawayResults: 'giveaway-results',
  messageActionBoostApply: 'boost',
  messageActionRequestedPeerSentMe: 'peer-shared',
  messageActionPaymentRefunded: 'payment-refunded',
  messageActionGiftStars: 'gift-stars',
  messageActionPrizeStars: 'stars-prize',
  messageActionStarGift: 'gift',
  messageActionStarGiftUnique: 'gift',
  messageActionPaidMessagesRefunded: 'paid-messages-refunded',
  messageActionPaidMessagesPrice: 'message-price-changed',
  messageActionConferenceCall: 'group-call',
  messageActionTodoCompletions: 'checklist-ticked',
  messageActionTodoAppendTasks: 'checklist-extended',
  messageActionSuggestedPostApproval: 'suggested-post-answered',
  messageActionSuggestedPostSuccess: 'suggested-post-published',
  messageActionSuggestedPostRefund: 'suggested-post-refunded',
  messageActionGiftTon: 'gift-ton',
  messageActionSuggestBirthday: 'birthday-suggested',
  messageActionStarGiftPurchaseOffer: 'gift-offer',
  messageActionStarGiftPurchaseOfferDeclined: 'gift-offer-declined',
  messageActionNewCreatorPending: 'owner-change-pending',
  messageActionChangeCreator: 'owner-changed',
  messageActionNoForwardsToggle: 'content-protection-changed',
  messageActionNoForwardsRequest: 'content-protection-request',
} as const satisfies Record<tl.TypeMessageAction['_'], string>;
