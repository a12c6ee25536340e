// A picture as SVG, complete in itself.
import type { Picture, Shape } from './picture.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands between tags and in attributes; what XML cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return [...text]
    .filter((sign) => /[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]|[\u{10000}-\u{10FFFF}]/u.test(sign))
    .map((sign) => escapes[sign] ?? sign)
    .join('');
}

const round = (value: number) => String(Math.round(value * 100) / 100);

function element(shape: Shape): string {
  switch (shape.is) {
    case 'box': {
      const place = `x="${round(shape.x)}" y="${round(shape.y)}" width="${shape.width}" height="${shape.height}"`;
      return `<rect ${place} rx="${shape.radius}" fill="${shape.fill}" stroke="${shape.line}"/>`;
    }
    case 'path': {
      const moved = shape.x !== 0 || shape.y !== 0 || shape.scale !== 1;
      const place = moved ? ` transform="translate(${round(shape.x)} ${round(shape.y)}) scale(${shape.scale})"` : '';
      const line =
        shape.line === undefined
          ? ''
          : ` stroke="${shape.line}" stroke-width="${shape.width ?? 1}" stroke-linecap="round"`;
      return `<path d="${shape.d}"${place} fill="${shape.fill ?? 'none'}"${line}/>`;
    }
    case 'text': {
      const place = `x="${round(shape.x)}" y="${round(shape.y)}" dominant-baseline="central"`;
      const end = shape.end === true ? ' text-anchor="end"' : '';
      const font = `font-size="${shape.size}" font-weight="${shape.weight}"`;
      return `<text ${place}${end} ${font} fill="${shape.fill}">${escapeXml(shape.text)}</text>`;
    }
  }
}

export function toSvg({ title, width, height, background, font, shapes }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escapeXml(font)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    ...shapes.map(element),
    '</svg>',
    '',
  ].join('\n');
}
