// Which components a typed name means: all of its words, in any order; names that begin so come first.
interface Named {
  id: string;
  name: string;
}

export function findByName<N extends Named>(nodes: readonly N[], text: string): N[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const words = wanted.split(/\s+/);
  const rank = (name: string) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  return nodes
    .map((node) => ({ node, name: node.name.toLowerCase() }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ node }) => node);
}
