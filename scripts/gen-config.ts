// Generates what follows from the table of settings: docs/configuration.md and .env.example.
import { configFields } from '../server/src/config.ts';

interface Setting {
  doc: string;
  default: string;
  secret?: true;
}

export async function generateConfig(): Promise<Map<string, string>> {
  const fields = Object.entries<Setting>(configFields);
  return new Map([
    ['docs/configuration.md', page(fields)],
    ['.env.example', example(fields)],
  ]);
}

function page(fields: readonly [string, Setting][]): string {
  const rows = fields.map(
    ([name, { doc, default: value, secret }]) =>
      `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${doc.replaceAll('|', '\\|')}${secret ? ' Secret: never logged.' : ''} |`,
  );
  return `# Configuration

Everything has a default: \`npm start\` needs no setting. What is to be otherwise is set in the environment of the process. An
empty variable counts as unset; a bad one stops the start with a line that names it and not its value.

| variable | default | what it is |
|---|---|---|
${rows.join('\n')}

Generated from \`server/src/config.ts\` by \`npm run gen\`; \`.env.example\` has the same as a file to copy
(\`node --env-file=.env\`, a service manager's environment file, a container's).
`;
}

function example(fields: readonly [string, Setting][]): string {
  const blocks = fields.map(([name, { doc, default: value }]) => `# ${doc}\n#${name}=${value}\n`);
  return `# Settings of TaylorDash. Take the # away where something is to be otherwise.\n\n${blocks.join('\n')}`;
}
