// What the greenhouse example consists of, as data. Days count from the day on which it is added: those of what happened backwards.
import type { Repeats } from '@taylordash/core/entities';

/** Where nothing else is said, a task is listed with its part, belongs to nobody and has no due date. */
export interface PartTask {
  name: string;
  listed?: number;
  done?: number;
  /** In that many days; at an hour on the wall, or that day. Set with who does it, `planned` days ago; else when listed. */
  due?: number;
  hour?: number;
  planned?: number;
  /** 1 is urgent, 4 is low. */
  priority?: number;
  labels?: readonly string[];
  estimate_minutes?: number;
  /** With the day on which it was ticked. */
  steps?: readonly (readonly [text: string, ticked: number | null])[];
  repeats?: Repeats;
}

/** One part. What has `by_hand` is judged so, on these days; the rest follows its tasks. */
export interface Part {
  key: string;
  name: string;
  type: string;
  description?: string;
  needs: readonly string[];
  at: readonly [column: number, row: number];
  /** When it was drawn, and when its tasks were listed. */
  drawn: number;
  listed: number;
  began?: number;
  ended?: number;
  by_hand?: readonly (readonly [day: number, progress: number])[];
  blocked?: { day: number; reason: string };
  due?: number;
  slipped?: { day: number; to: number };
  tasks: readonly PartTask[];
}

export const parts: readonly Part[] = [
  {
    ...{ key: 'site', name: 'Choose the site', type: 'milestone', needs: [], at: [0, 1] },
    ...{ drawn: 42, listed: 42, began: 42, ended: 39 },
    tasks: [
      { name: 'Track the sun for a week', done: 40 },
      { name: 'Check the frost pocket by the hedge', done: 39 },
    ],
  },
  {
    ...{ key: 'plan', name: 'Plan and material list', type: 'document', needs: ['site'], at: [1, 1] },
    ...{ drawn: 42, listed: 39, began: 38, ended: 34 },
    tasks: [
      { name: 'Draw to scale', done: 37, estimate_minutes: 180 },
      { name: 'Price polycarbonate against glass', done: 35, labels: ['buy'] },
      { name: 'Order the aluminium profiles', done: 34, labels: ['buy'] },
    ],
  },
  {
    ...{ key: 'base', name: 'Foundation', type: 'structure', needs: ['plan'], at: [2, 0] },
    ...{ drawn: 42, listed: 35, began: 33, ended: 26, due: -26 },
    tasks: [
      { name: 'Dig out and level', done: 31, estimate_minutes: 480 },
      { name: 'Lay the gravel bed', done: 29 },
      { name: 'Pour the strip footing', done: 26, labels: ['weather'] },
    ],
  },
  {
    ...{ key: 'frame', name: 'Frame', type: 'structure', needs: ['base'], at: [3, 0] },
    ...{ drawn: 42, listed: 27, began: 25, ended: 15 },
    tasks: [
      { name: 'Assemble the gables', done: 21 },
      { name: 'Raise and square it', done: 17 },
      { name: 'Anchor to the footing', done: 15 },
    ],
  },
  {
    ...{ key: 'glazing', name: 'Glazing', type: 'structure', needs: ['frame'], at: [4, 0] },
    ...{ drawn: 42, listed: 16, began: 14, due: 3, slipped: { day: 6, to: 10 } },
    tasks: [
      { name: 'Cut the panels', done: 10 },
      { name: 'Fit the roof panels', done: 5, labels: ['weather'] },
      {
        ...{ name: 'Seal the ridge', due: -1, planned: 5, priority: 1, labels: ['weather'], estimate_minutes: 120 },
        steps: [
          ['Degrease the profile', 3],
          ['Lay the tape', 2],
          ['Silicone the joint', null],
          ['Try it with the hose', null],
        ],
      },
    ],
  },
  {
    ...{ key: 'trench', name: 'Trench and conduit', type: 'wiring', needs: ['base'], at: [3, 1] },
    ...{ drawn: 41, listed: 26, began: 24, ended: 18 },
    tasks: [
      { name: 'Dig the trench to the house', done: 20 },
      { name: 'Pull the conduit', done: 18, labels: ['electric'] },
    ],
  },
  {
    ...{ key: 'power', name: 'Power and wiring', type: 'wiring', needs: ['trench', 'frame'], at: [4, 1] },
    ...{ drawn: 41, listed: 13, began: 12 },
    by_hand: [
      [11, 20],
      [7, 40],
      [3, 60],
    ],
    blocked: { day: 1, reason: 'The electrician has no date before the inspection is booked' },
    tasks: [
      { name: 'Mount the distribution box', done: 9, labels: ['electric'] },
      { name: 'Run cable to the bench', labels: ['electric'], estimate_minutes: 180, priority: 3 },
      {
        ...{ name: 'Book the inspection', due: 1, hour: 10, planned: 1, priority: 1 },
        ...{ labels: ['electric', 'phone'], estimate_minutes: 15 },
      },
    ],
  },
  {
    ...{ key: 'water', name: 'Rainwater tank', type: 'water', needs: ['base'], at: [3, 2] },
    ...{ drawn: 41, listed: 23, began: 22, ended: 13 },
    tasks: [
      { name: 'Set the tank on blocks', done: 16 },
      { name: 'Connect the gutter', done: 13, labels: ['weather'] },
    ],
  },
  {
    ...{ key: 'pump', name: 'Pump', type: 'water', needs: ['power', 'water'], at: [5, 2] },
    ...{ drawn: 41, listed: 19 },
    tasks: [
      { name: 'Fit the foot valve', priority: 2, labels: ['buy'] },
      { name: 'Wire the float switch', labels: ['electric'] },
    ],
  },
  {
    ...{ key: 'drip', name: 'Drip irrigation', type: 'water', needs: ['water'], at: [4, 3] },
    ...{ drawn: 40, listed: 12 },
    tasks: [
      { name: 'Lay the main line', due: 6, planned: 4, estimate_minutes: 90 },
      { name: 'Punch the emitters', priority: 4 },
    ],
  },
  {
    ...{ key: 'beds', name: 'Raised beds', type: 'garden', needs: ['base'], at: [3, 4] },
    ...{ drawn: 40, listed: 11, began: 10, due: 5 },
    tasks: [
      { name: 'Build the long bed', done: 6, labels: ['wood'] },
      { name: 'Fill with compost', done: 2 },
      {
        ...{ name: 'Build the corner bed', due: 4, planned: 2, priority: 3, labels: ['wood'], estimate_minutes: 150 },
        steps: [
          ['Saw four boards', null],
          ['Screw the corners', null],
          ['Line it with fleece', null],
        ],
      },
    ],
  },
  {
    ...{
      key: 'planting',
      name: 'First planting',
      type: 'garden',
      needs: ['pump', 'drip', 'vents', 'beds'],
      at: [6, 3],
    },
    ...{ drawn: 40, listed: 14, due: 28 },
    tasks: [
      { name: 'Sow tomatoes indoors', done: 12 },
      { name: 'Plant out', labels: ['weather'] },
      {
        ...{ name: 'Water the seedlings', listed: 4, due: -2, planned: 4, done: 2, estimate_minutes: 10 },
        repeats: { every: 2, unit: 'day' },
      },
    ],
  },
  {
    ...{ key: 'sensors', name: 'Climate sensors', type: 'sensor', needs: ['frame'], at: [4, -1] },
    description: 'Two ESP32 boards: air by the door, soil in the long bed.',
    ...{ drawn: 30, listed: 15, began: 11 },
    tasks: [
      { name: 'Flash the boards', done: 8, labels: ['electric'] },
      { name: 'Calibrate the soil probe', done: 4 },
      { name: 'Mount out of the sun', due: 2, planned: 3, priority: 2, labels: ['electric'], estimate_minutes: 45 },
    ],
  },
  {
    ...{
      key: 'vents',
      name: 'Automatic vents',
      type: 'automation',
      needs: ['glazing', 'sensors', 'power'],
      at: [5, 0],
    },
    ...{ drawn: 28, listed: 8 },
    tasks: [
      { name: 'Fit the actuators', priority: 3 },
      { name: 'Set the opening curve', priority: 4 },
    ],
  },
];
