// What a notice says and offers.

export interface Notice {
  text: string;
  tone?: 'plain' | 'problem';
  action?: NoticeAction;
  /** A second one, after the first: to undo, and to look at it. */
  also?: NoticeAction;
}

export interface NoticeAction {
  label: string;
  run: () => void;
}

export type ShownNotice = Notice & { key: number };
