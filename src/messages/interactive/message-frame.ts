import type { MessageContent } from '../outgoing/envelope.js';
import { withDocumentName } from '../document-name.js';
import type { MediaHeader, TextHeader } from '../outgoing/interactive-parts.js';
import type { InteractiveMessage } from '../outgoing/interactive.js';

/** Content of an interactive message of one kind, without a recipient. */
export type InteractiveContent<Kind extends InteractiveMessage['interactive']> = Omit<MessageContent<InteractiveMessage>, 'interactive'> & {
  readonly interactive: Kind;
};

/** Optional footer of an interactive message. */
export interface FooterOption {
  /** Footer text, at most 60 characters. */
  readonly footer?: string | undefined;
}

/** Optional header and footer of an interactive message. */
export interface FrameOptions extends FooterOption {
  /** Header: a text of at most 60 characters, or a file. */
  readonly header?: string | TextHeader | MediaHeader | undefined;
}

/** Optional header and footer of an interactive message that accepts no file. */
export interface TextFrameOptions extends FooterOption {
  /** Header text, at most 60 characters. */
  readonly header?: string | undefined;
}

export const textHeader = (header: string): { readonly header: TextHeader } => ({ header: { type: 'text', text: header } });

export const footerOf = (footer: string | undefined): { readonly footer?: { readonly text: string } } =>
  footer === undefined ? {} : { footer: { text: footer } };

export const textFrame = ({
  header,
  footer,
}: TextFrameOptions): { readonly header?: TextHeader; readonly footer?: { readonly text: string } } => ({
  ...(header !== undefined && textHeader(header)),
  ...footerOf(footer),
});

/** Adds the file name of a document. */
const named = (header: TextHeader | MediaHeader): TextHeader | MediaHeader =>
  header.type === 'document' ? { ...header, document: withDocumentName(header.document) } : header;

/** Header and footer in Meta's shape. */
export interface BuiltFrame {
  readonly header?: TextHeader | MediaHeader;
  readonly footer?: { readonly text: string };
}

/** Builds the header and the footer of a message. */
export const buildFrame = ({ header, footer }: FrameOptions): BuiltFrame => ({
  ...(typeof header === 'string' ? textHeader(header) : header && { header: named(header) }),
  ...footerOf(footer),
});
