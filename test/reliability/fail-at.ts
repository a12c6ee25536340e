// Breaks the connection of the N-th statement that the server in this process sends, before the statement or before its answer.
import pg from 'pg';

export type Moment = 'before' | 'after';

export interface FailAt {
  /** The n-th statement from now on fails. Statements of connections whose name begins so count, the server's where left out. */
  arm(n: number, moment: Moment, application?: string): void;
  /** Disarms; whether it came to the n-th. */
  disarm(): boolean;
  /** Statements go through as ever. */
  remove(): void;
}

/** What of pg's client its types leave out. */
interface Inside {
  connection: { stream: { destroy(): void } };
  connectionParameters: { application_name?: string };
}

type Query = (this: pg.Client, ...request: unknown[]) => unknown;

/** Every connection of the process goes through here: pools, the leader's, the owner's. */
export function failAt(): FailAt {
  const original = pg.Client.prototype.query as Query;
  let armed: { n: number; moment: Moment; application: string } | null = null;
  let count = 0;
  const cut = (client: pg.Client) => (client as unknown as Inside).connection.stream.destroy();
  const query: Query = function (...request) {
    const { application_name = '' } = (this as unknown as Inside).connectionParameters;
    const counts = armed !== null && application_name.startsWith(armed.application) && ++count === armed.n;
    if (!counts) return original.apply(this, request);
    if (armed?.moment === 'before') {
      cut(this);
      return original.apply(this, request);
    }
    return Promise.resolve(original.apply(this, request)).then(() => {
      cut(this);
      throw new Error('Connection terminated unexpectedly');
    });
  };
  pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
  return {
    arm(n, moment, application = 'taylordash') {
      count = 0;
      armed = { n, moment, application };
    },
    disarm() {
      const reached = armed !== null && count >= armed.n;
      armed = null;
      return reached;
    },
    remove() {
      pg.Client.prototype.query = original as typeof pg.Client.prototype.query;
    },
  };
}
