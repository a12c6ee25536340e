// The order of the test files: what takes long first, so that no worker is left alone with it at the end.
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Long because they wait, for servers and disks; and long because they work, in a browser mostly. They take turns. */
const waiting = /^test\/reliability\/|^server\/src\/db\/embedded/;
const working = /^test\/journeys\/|^cli\/|^server\/src\/http\/|^web\/src\/work\/merged/;
const longest = /^test\/(?:journeys\/pages|reliability\/(?:kills|faults))\./;

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const path = ({ moduleId }: TestSpecification) => relative(this.ctx.config.root, moduleId);
    const rank = (file: TestSpecification) => (longest.test(path(file)) ? 0 : path(file).startsWith('server/') ? 2 : 1);
    // Within a rank as ever: by the cache of earlier runs, which CI has not.
    const sorted = (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    const [first, second] = [waiting, working].map((kind) => sorted.filter((file) => kind.test(path(file))));
    const turns = sorted.flatMap((_, turn) => [first, second].flatMap((kind) => kind?.slice(turn, turn + 1) ?? []));
    // Of the rest, those of the server take longer than those of rules alone.
    const rest = sorted.filter((file) => !turns.includes(file));
    return [...turns, ...rest.sort((a, b) => rank(b) - rank(a))];
  }
}
