// A component's free fields: read as a list, edited as JSON.
import { isJsonObject, parseStrictJson } from '@taylordash/core/json';
import { Braces } from 'lucide-react';
import { useState } from 'react';
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { Section } from './section.tsx';
import type { Edit } from './use-edit.ts';

interface Props {
  component: GraphNode;
  writes: boolean;
  edit: Edit;
  error: string | undefined;
}

export function Metadata({ component, writes, edit, error }: Props) {
  const [text, setText] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const fields = Object.entries(component.metadata);
  if (!writes && fields.length === 0) return null;
  const save = () => {
    const parsed = parseStrictJson(text ?? '');
    if (!parsed.ok || !isJsonObject(parsed.value)) {
      setWrong(true);
      return;
    }
    void edit({ metadata: parsed.value });
    setText(null);
  };
  return (
    <Section
      title={strings.panel.metadata}
      error={error}
      aside={
        writes &&
        text === null && (
          <IconButton
            label={strings.panel.metadata_edit}
            side="left"
            onClick={() => setText(JSON.stringify(component.metadata, null, 2))}
          >
            <Braces size={16} aria-hidden />
          </IconButton>
        )
      }
    >
      {text === null && fields.length === 0 && <p className="text-13 text-text-3">{strings.panel.metadata_none}</p>}
      {text === null && fields.length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-13">
          {fields.map(([key, value]) => (
            <div key={key} className="contents">
              <dt className="text-text-3">{key}</dt>
              <dd className="min-w-0 break-words font-mono text-12/[20px]">
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {text !== null && (
        <>
          <TextArea
            label={strings.panel.metadata_edit}
            label_hidden
            rows={8}
            autoFocus
            spellCheck={false}
            value={text}
            className="font-mono"
            error={wrong ? strings.panel.metadata_wrong : undefined}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
          />
          <div className="flex justify-end gap-2">
            <Button kind="plain" onClick={() => setText(null)}>
              {strings.cancel}
            </Button>
            <Button kind="primary" onClick={save}>
              {strings.save}
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}
