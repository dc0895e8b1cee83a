// What each key does, for the help screen.

export const KEYS: readonly (readonly [string, string])[] = [
  ['j', 'next request'],
  ['k', 'previous request'],
  ['o or Enter', 'open the card'],
  ['Space', 'bring the next unread line into view'],
  ['a', 'approve; hold it where the tier asks for a hold; not for critical'],
  ['d', 'deny, at once'],
  ['/', 'filter'],
  ['h', 'desk or history'],
  ['?', 'this help'],
  ['Escape', 'close, go back'],
];
