/**
 * Replies of customers: wait for one in a handler, or register handlers that survive restarts.
 *
 * @module wa-coexist/conversations
 */

export { createConversations } from './create-conversations.js';
export type {
  Conversation,
  Conversations,
  ConversationsOptions,
  ExpectedReply,
  ExpectReplyOptions,
  MessageSource,
  MissedReply,
  OnReplyOptions,
  WaitOptions,
  WaitResult,
} from './conversations.js';
