import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { flattenTemplateValue, markdownToWhatsApp, template, whatsAppToMarkdown } from 'wa-coexist/messages';
import { sendMessage } from 'wa-coexist';
import { templateComponents } from 'wa-coexist/templates';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

test.each([
  ['**bold** and __bold__', '*bold* and *bold*'],
  ['*italic* and _italic_', '_italic_ and _italic_'],
  ['***both***', '*_both_*'],
  ['**bold with *italic* inside**', '*bold with _italic_ inside*'],
  ['~~gone~~', '~gone~'],
  ['`code` and ``a ` b``', '`code` and ```a ` b```'],
  ['```ts\nconst a = 1 * 2;\n```', '```\nconst a = 1 * 2;\n```'],
  ['~~~\nx\n~~~', '```\nx\n```'],
  ['# Title\n## **Second** #', '*Title*\n*Second*'],
  ['[our page](https://shop.example "Shop")', 'our page (https://shop.example)'],
  ['[https://shop.example](https://shop.example)', 'https://shop.example'],
  ['![A shoe](https://shop.example/shoe.png)', 'A shoe (https://shop.example/shoe.png)'],
  ['* one\n+ two\n- **three**\n1. four', '- one\n- two\n- *three*\n1. four'],
  ['> a *quote*', '> a _quote_'],
  ['2 \\* 3 = 6 and snake_case_name', '2 * 3 = 6 and snake_case_name'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['un**frigging**believable', 'unfriggingbelievable'],
  ['2*3*4=24, and *2*3* too', '2*3*4=24, and _2*3_ too'],
  ['https://shop.example/a*b*c and <https://shop.example/a_b>', 'https://shop.example/a*b*c and https://shop.example/a_b'],
  ['<mailto:shop@shop.example> or <shop@shop.example>, 1 < 2 > 0', 'shop@shop.example or shop@shop.example, 1 < 2 > 0'],
  ['* * *\n***\n- - -\n* one', '* * *\n***\n- - -\n- one'],
  ['**not closed', '**not closed'],
  ['[not a link] (x)', '[not a link] (x)'],
])('Markdown %j becomes %j', (markdown, text) => {
  expect(markdownToWhatsApp(markdown)).toBe(text);
});

test.each([
  ['*Ready* at _nine_, ~ten~', '**Ready** at _nine_, ~~ten~~'],
  ['*_both_*', '**_both_**'],
  ['`a*b` ```x_y```', '`a*b` ```x_y```'],
  ['```a\nb```', '```\na\nb\n```'],
  ['5 * 3 [x] #1', '5 \\* 3 \\[x\\] #1'],
  ['#1', '\\#1'],
  ['+ one\n+1', '\\+ one\n+1'],
  ['* one\n> two', '* one\n> two'],
])('WhatsApp text %j becomes %j', (text, markdown) => {
  expect(whatsAppToMarkdown(text)).toBe(markdown);
});

test('a text is unchanged after a conversion to Markdown and back', () => {
  const piece = fc.constantFrom(
    'bread',
    'é',
    '漢字',
    ' ',
    ' and ',
    ', ',
    '*bold*',
    '_italic_',
    '~gone~',
    '*_both_*',
    '`code`',
    '2 * 3',
    'a_b',
    '[x]',
    '(y)',
    '!',
    '\\',
    '<b>',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(' ').replace(/^ +/gm, '');
      expect(markdownToWhatsApp(whatsAppToMarkdown(text))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test.each(['*', '_', '**a ', '[', '![', '`', '``a` ', '~', '# ', '\\', '> ', '](', '[a](', '*a_b~', '-', ' \n'])(
  'the time for a megabyte of %j is linear in both directions',
  (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const startedAt = performance.now();
    markdownToWhatsApp(text);
    whatsAppToMarkdown(text);
    flattenTemplateValue(text);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  },
);

test('a flattened value passes the check of template values', async () => {
  const { client } = recordingClient(acceptedMessage);
  expect(flattenTemplateValue(' 2 loaves\r\n\t1 cake      now ')).toBe('2 loaves 1 cake now');
  expect(flattenTemplateValue('a    b')).toBe('a    b');
  const space = fc.constantFrom('a', ' ', '\n', '\r', '\t', '\u2028', '\u0085', '    ', '\u00a0');
  await fc.assert(
    fc.asyncProperty(fc.array(space), async (pieces) => {
      const value = flattenTemplateValue(`x${pieces.join('')}y`);
      await sendMessage(client, { to: '15550100987', ...template('ready', 'en', templateComponents({ body: [value] })) });
    }),
    { numRuns: 300 },
  );
});
