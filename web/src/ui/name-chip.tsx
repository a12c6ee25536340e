// The name of who changed something just now.
export function NameChip({ name }: { name: string }) {
  return (
    <span className="enter-fade shrink-0 rounded-full bg-accent px-2 text-12 font-medium text-on-accent" role="status">
      {name}
    </span>
  );
}
