// What the greenhouse example consists of, as data.

/**
 * One part: `began` and `ended` in days before today; `tasks` as `[name, days before today when done, or null]`, in the order in
 * which they are done. What has a `progress` is judged by hand, the rest follows its tasks.
 */
export interface Part {
  key: string;
  name: string;
  type: string;
  description?: string;
  needs: readonly string[];
  at: readonly [column: number, row: number];
  began: number | null;
  ended: number | null;
  progress?: number;
  blocked?: string;
  due?: number;
  slipped?: number;
  tasks: readonly (readonly [name: string, done: number | null])[];
}

export const parts: readonly Part[] = [
  {
    key: 'site',
    name: 'Choose the site',
    type: 'milestone',
    needs: [],
    at: [0, 1],
    began: 42,
    ended: 39,
    tasks: [
      ['Track the sun for a week', 40],
      ['Check the frost pocket by the hedge', 39],
    ],
  },
  {
    key: 'plan',
    name: 'Plan and material list',
    type: 'document',
    needs: ['site'],
    at: [1, 1],
    began: 39,
    ended: 34,
    tasks: [
      ['Draw to scale', 37],
      ['Price polycarbonate against glass', 35],
      ['Order the aluminium profiles', 34],
    ],
  },
  {
    key: 'base',
    name: 'Foundation',
    type: 'structure',
    needs: ['plan'],
    at: [2, 0],
    began: 34,
    ended: 26,
    due: -28,
    slipped: -26,
    tasks: [
      ['Dig out and level', 31],
      ['Lay the gravel bed', 29],
      ['Pour the strip footing', 26],
    ],
  },
  {
    key: 'frame',
    name: 'Frame',
    type: 'structure',
    needs: ['base'],
    at: [3, 0],
    began: 25,
    ended: 15,
    tasks: [
      ['Assemble the gables', 21],
      ['Raise and square it', 17],
      ['Anchor to the footing', 15],
    ],
  },
  {
    key: 'glazing',
    name: 'Glazing',
    type: 'structure',
    needs: ['frame'],
    at: [4, 0],
    began: 14,
    ended: null,
    due: 3,
    slipped: 10,
    tasks: [
      ['Cut the panels', 10],
      ['Fit the roof panels', 5],
      ['Seal the ridge', null],
    ],
  },
  {
    key: 'trench',
    name: 'Trench and conduit',
    type: 'wiring',
    needs: ['base'],
    at: [3, 1],
    began: 24,
    ended: 18,
    tasks: [
      ['Dig the trench to the house', 20],
      ['Pull the conduit', 18],
    ],
  },
  {
    key: 'power',
    name: 'Power and wiring',
    type: 'wiring',
    needs: ['trench', 'frame'],
    at: [4, 1],
    began: 12,
    ended: null,
    progress: 30,
    blocked: 'The electrician has no date before the inspection is booked',
    tasks: [
      ['Mount the distribution box', 9],
      ['Run cable to the bench', null],
      ['Book the inspection', null],
    ],
  },
  {
    key: 'water',
    name: 'Rainwater tank',
    type: 'water',
    needs: ['base'],
    at: [3, 2],
    began: 22,
    ended: 13,
    tasks: [
      ['Set the tank on blocks', 16],
      ['Connect the gutter', 13],
    ],
  },
  {
    key: 'pump',
    name: 'Pump',
    type: 'water',
    needs: ['power', 'water'],
    at: [5, 1],
    began: null,
    ended: null,
    tasks: [
      ['Fit the foot valve', null],
      ['Wire the float switch', null],
      ['Measure the flow', null],
    ],
  },
  {
    key: 'drip',
    name: 'Drip irrigation',
    type: 'water',
    needs: ['pump'],
    at: [6, 1],
    began: null,
    ended: null,
    tasks: [
      ['Lay the main line', null],
      ['Punch the emitters', null],
    ],
  },
  {
    key: 'sensors',
    name: 'Climate sensors',
    type: 'sensor',
    description: 'Two ESP32 boards: air by the door, soil in the long bed.',
    needs: ['frame'],
    at: [4, 2],
    began: 11,
    ended: null,
    tasks: [
      ['Flash the boards', 8],
      ['Calibrate the soil probe', 4],
      ['Mount out of the sun', null],
    ],
  },
  {
    key: 'vents',
    name: 'Automatic vents',
    type: 'automation',
    needs: ['glazing', 'sensors', 'power'],
    at: [5, 0],
    began: null,
    ended: null,
    tasks: [
      ['Fit the actuators', null],
      ['Set the opening curve', null],
    ],
  },
  {
    key: 'beds',
    name: 'Raised beds',
    type: 'garden',
    needs: ['base'],
    at: [3, 3],
    began: 10,
    ended: null,
    due: 5,
    tasks: [
      ['Build the long bed', 6],
      ['Fill with compost', 2],
      ['Build the corner bed', null],
    ],
  },
  {
    key: 'planting',
    name: 'First planting',
    type: 'garden',
    needs: ['drip', 'vents', 'beds'],
    at: [7, 1],
    began: null,
    ended: null,
    due: 28,
    tasks: [
      ['Sow tomatoes indoors', null],
      ['Plant out', null],
      ['Label everything', null],
    ],
  },
];
