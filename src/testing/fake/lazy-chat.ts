import { chatOf } from './chats.js';
import type { BusinessNumber, ChatMessage } from './entities.js';
import type { FakeChat, FakeChatMessage } from './fake-phone.js';
import { shownMessage } from './shown-message.js';
import type { World } from './world.js';

/** A chat whose messages are created when they are read: a number can have thousands of chats. */
export class LazyChat implements FakeChat {
  readonly customerWaId: string;
  readonly #world: World;
  readonly #number: BusinessNumber;

  constructor(world: World, number: BusinessNumber, customerWaId: string) {
    this.customerWaId = customerWaId;
    this.#world = world;
    this.#number = number;
  }

  get customerName(): string | undefined {
    return this.#world.people.get(this.customerWaId)?.name;
  }

  get messages(): readonly FakeChatMessage[] {
    return chatOf(this.#world, this.#number, this.customerWaId).map(shownMessage);
  }

  get messageCount(): number {
    return chatOf(this.#world, this.#number, this.customerWaId).length;
  }

  get lastMessage(): FakeChatMessage | undefined {
    const last = this.#last();
    return last && shownMessage(last);
  }

  get lastMessageAt(): Date | undefined {
    const last = this.#last();
    return last && new Date(last.atMs);
  }

  /** The members for JSON, because getters are on the prototype. */
  toJSON(): FakeChat {
    const { customerWaId, customerName, messages, messageCount, lastMessage, lastMessageAt } = this;
    return { customerWaId, customerName, messages, messageCount, lastMessage, lastMessageAt };
  }

  #last(): ChatMessage | undefined {
    const id = this.#number.chats.get(this.customerWaId)?.findLast((messageId) => this.#world.messages.has(messageId));
    return id === undefined ? undefined : this.#world.messages.get(id);
  }
}
