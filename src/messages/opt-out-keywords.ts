import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { foldText } from '../runtime/fold-text.js';

/** Words that stop marketing messages, and words that allow them again. */
export interface OptOutWords {
  readonly stop: readonly string[];
  readonly resume?: readonly string[] | undefined;
}

/** Recognizes opt-outs in messages of customers. */
export interface OptOutKeywords {
  /**
   * Reads a text. Only whole messages count: `stop`, but not `don't stop`.
   *
   * @param text - The text of the customer.
   */
  match(text: string): 'stop' | 'resume' | undefined;
}

/** Languages with a list of words in the library. */
export type OptOutLanguage = 'de' | 'en' | 'es' | 'fr' | 'hi' | 'id' | 'it' | 'pt';

/** Options of {@link createOptOutKeywords}. */
export interface OptOutKeywordsOptions {
  /**
   * Languages whose words count.
   * @defaultValue all languages of {@link OptOutLanguage}
   */
  readonly languages?: readonly OptOutLanguage[] | undefined;
  /** Additional words, for example by language. */
  readonly words?: OptOutWords | Readonly<Record<string, OptOutWords>> | undefined;
}

/** All lists contain `stop`, because customers write it in any language. */
const words: Readonly<Record<OptOutLanguage, OptOutWords>> = {
  de: { stop: ['stop', 'stopp', 'abmelden', 'abbestellen', 'keine Werbung'], resume: ['anmelden'] },
  en: {
    stop: ['stop', 'stop all', 'stopall', 'unsubscribe', 'opt out', 'optout', 'opt-out'],
    resume: ['start', 'unstop', 'subscribe', 'opt in', 'optin', 'opt-in'],
  },
  es: {
    stop: ['stop', 'parar', 'baja', 'dar de baja', 'darme de baja', 'no más mensajes', 'cancelar suscripción'],
    resume: ['alta', 'suscribirme'],
  },
  fr: {
    stop: ['stop', 'arrêt', 'arrêter', 'désabonner', 'me désabonner', 'se désabonner', 'désinscrire', 'me désinscrire', 'désinscription'],
    resume: ["m'abonner", "s'abonner"],
  },
  hi: { stop: ['stop', 'बंद करें', 'बंद करे', 'रोकें', 'स्टॉप'], resume: ['शुरू करें'] },
  id: { stop: ['stop', 'berhenti', 'berhenti berlangganan'], resume: ['berlangganan'] },
  it: { stop: ['stop', 'disiscrivimi', 'cancellami', 'annulla iscrizione'], resume: ['iscrivimi'] },
  pt: {
    stop: ['stop', 'parar', 'pare', 'sair', 'descadastrar', 'cancelar inscrição', 'não quero mais'],
    resume: ['inscrever', 'quero receber'],
  },
};

/** Longer messages aren't keywords. */
const longestMessage = 100;

/**
 * Creates the words with which customers stop marketing messages, such as STOP and BAJA. The whole message must match.
 * Case, accents, the kind of hyphens and apostrophes, and punctuation at the ends don't matter. STOP counts in each
 * language of the library. Pass the result to a sender as `optOutKeywords`. The sender then rejects marketing messages
 * to these people, as after an opt-out in WhatsApp itself.
 *
 * @param options - The languages and your own words. See {@link OptOutKeywordsOptions}.
 * @throws `InvalidArgumentError` if a language is unknown
 *
 * @example
 * ```ts
 * import { createOptOutKeywords } from 'wa-coexist/messages';
 *
 * const keywords = createOptOutKeywords({ languages: ['en', 'es'], words: { stop: ['remove me'] } });
 * keywords.match('¡Baja!'); // 'stop'
 * keywords.match("Don't stop"); // undefined
 * ```
 */
export function createOptOutKeywords(options: OptOutKeywordsOptions = {}): OptOutKeywords {
  const { languages = Object.keys(words) as readonly OptOutLanguage[], words: own = {} } = options;
  const known = languages.map((language) => {
    if (Object.hasOwn(words, language)) return words[language];
    throw new InvalidArgumentError(
      'createOptOutKeywords',
      'languages',
      `must be some of ${Object.keys(words).join(', ')}. Pass other languages in words`,
    );
  });
  const isList = (value: OptOutWords | Readonly<Record<string, OptOutWords>>): value is OptOutWords => Array.isArray(value.stop);
  const lists = [...known, ...(isList(own) ? [own] : Object.values(own))];
  const meanings = new Map<string, 'stop' | 'resume'>();
  for (const { resume = [] } of lists) for (const word of resume) meanings.set(foldText(word), 'resume');
  // A word in both lists is an opt-out.
  for (const { stop } of lists) for (const word of stop) meanings.set(foldText(word), 'stop');
  return {
    match: (text) => (typeof text === 'string' && text.length <= longestMessage ? meanings.get(foldText(text)) : undefined),
  };
}
