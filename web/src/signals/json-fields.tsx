// JSON as a person reads it: every field with its type; what is inside an object stands indented below it.
import { signalStrings as words } from '../strings/signals.ts';

const deepest = 4;

function typeOf(value: unknown): keyof typeof words.types {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

export function JsonFields({ value, depth = 0 }: { value: object; depth?: number }) {
  return (
    <ul className={depth === 0 ? 'text-13' : 'border-line border-l pl-3'}>
      {Object.entries(value).map(([key, inner]: [string, unknown]) => {
        const nested = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && depth < deepest;
        return (
          <li key={key} className="py-0.5">
            <span className="font-medium">{key}</span>
            <span className="text-12 text-text-3"> {words.types[typeOf(inner)]} </span>
            {nested ? <JsonFields value={inner} depth={depth + 1} /> : <Value value={inner} />}
          </li>
        );
      })}
    </ul>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null) return null;
  return <span className="break-words text-text-2">{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}
