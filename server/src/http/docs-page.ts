// The API as a page to read: every endpoint with its input and answer, and every problem, from the same tables.
import { apiBase, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { problems } from '@taylordash/core/problems';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

export function docsPage(): string {
  const groups = Map.groupBy(Object.entries<EndpointSpec>(endpoints), ([, spec]) => spec.tag);
  const sections = [...groups].map(
    ([tag, list]) =>
      `<section><h2>${escapeHtml(tag)}</h2>${list.map(([name, spec]) => article(name, spec)).join('')}</section>`,
  );
  const rows = Object.entries(problems).map(
    ([code, [status, title]]) =>
      `<tr id="problem-${code}"><td><code>${code}</code><td>${status}<td>${escapeHtml(title)}`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>TaylorDash API</title><link rel="stylesheet" href="/api/docs.css"><main><h1>TaylorDash API</h1>
<p>Machines read <a href="${apiBase}/openapi.json">openapi.json</a>. Programs sign in with POST ${apiBase}/auth/login and send the token as <code>Authorization: Bearer …</code>.</p>
${sections.join('\n')}
<section><h2>Problems</h2><p>Every refusal is <code>application/problem+json</code> with one of these codes.</p><table><thead><tr><th>Code<th>Status<th>Meaning</thead><tbody>${rows.join('')}</tbody></table></section></main></html>`;
}

function article(name: string, spec: EndpointSpec): string {
  const part = (title: string, schema: unknown) =>
    schema
      ? `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`
      : '';
  const list = (spec.problems ?? []).map((code) => `<a href="#problem-${code}"><code>${code}</code></a>`).join(' ');
  return `<article id="${name}"><h3><b>${spec.method}</b> ${escapeHtml(apiBase + spec.path)}</h3><p>${escapeHtml(spec.summary)}. <i>${escapeHtml(spec.access)}</i></p>
${part('Query', spec.query)}${part('Body', spec.body)}${part(`Answer ${spec.reply.status}`, spec.reply.schema)}${list ? `<p>${list}</p>` : ''}</article>`;
}

export const docsStyle = `:root{color-scheme:light dark;font:14px/20px system-ui,sans-serif}main{max-width:56rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:3rem;text-transform:capitalize}h3{font:600 14px/20px ui-monospace,monospace;margin:1.5rem 0 0}h3 b{color:#05707c}article p{margin:.25rem 0}
table{border-collapse:collapse}td,th{padding:.25rem 1rem .25rem 0;text-align:left;vertical-align:top}pre{overflow:auto;max-height:24rem;padding:.75rem;border:1px solid #7b8ca8;border-radius:6px}
@media(prefers-color-scheme:dark){h3 b,a{color:#22d3ee}}tr:target{outline:2px solid #22d3ee}`;
