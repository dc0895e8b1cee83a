// What each key does, for the help screen.

export const KEYS: readonly (readonly [string, string])[] = [
  ['j', 'next request'],
  ['k', 'previous request'],
  ['o or Enter', 'open the card'],
  ['Space', 'bring the next unread line into view'],
  ['a', 'approve; hold it where the tier asks for a hold; not for critical'],
  ['d', 'deny, at once'],
  ['c', 'deny, and propose something else'],
  ['/', 'filter'],
  ['s', 'later: snooze, or leave it to the others'],
  ['h', 'desk or history'],
  [',', 'settings'],
  ['?', 'this help'],
  ['Escape', 'close, go back'],
];
