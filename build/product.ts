// The names that packaging goes by.

export const APP_NAME = 'Countersign';
/** Not `countersign`: that word in a terminal is the command line, which a guard's configuration names. */
export const PROGRAM = 'countersign-app';
export const ELECTRON = '45.4.1';
