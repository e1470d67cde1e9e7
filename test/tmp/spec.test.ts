import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { lintTemplate, renderTemplate, checkTemplate, defineTemplate } from 'wa-coexist/templates';
import { template } from 'wa-coexist/messages';
test('specs', () => {
  const all = JSON.parse(readFileSync('/work/shared/specs/facebook-openapi_examples.json', 'utf8')) as { op: string; kind: string; name: string; value: any }[];
  let count = 0;
  const run = (name: string, value: any) => {
    count += 1;
    const text = JSON.stringify(value).replaceAll('<TEMPLATE_NAME>', 'example').replaceAll('{{Flow-ID}}', '123').replaceAll('{{Flow-Name}}', 'flow');
    for (const f of lintTemplate(JSON.parse(text))) console.log(f.severity, name, f.path, f.message);
  };
  for (const e of all) {
    if (!/template/i.test(e.op)) continue;
    if (e.kind === 'request') run(e.name, e.value);
    else if (e.kind === 'response 200' && e.op.startsWith('GET')) for (const t of e.value.data ?? [e.value]) run(e.name, t);
  }
  console.log('count', count);
  const d = defineTemplate({ name: 'x', language: ['en', 'es'], category: 'UTILITY', components: [{ type: 'BODY', text: 'Hi {{a}} and {{b}} x' }, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'x' }, { type: 'URL', text: 'x', url: 'https://x/{{1}}' }] }] });
  const m = template(d, { body: { a: '1', b: '2' }, buttons: [null, { urlSuffix: '1' }] }, { language: 'es' });
  checkTemplate(d, m);
  console.log(JSON.stringify(m), JSON.stringify(renderTemplate(d, { body: { a: '1', b: '2' }, buttons: [null, { urlSuffix: '1' }] })));
  try { checkTemplate(d, template(d, { body: { a: '1' }, buttons: [{ payload: 'x' }] } as never, { language: 'es' })); } catch (e) { console.log(String(e)); }
});
