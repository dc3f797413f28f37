export * from './channels.js';
export * from './close-codes.js';
export * from './cursor.js';
export * from './drone.js';
export * from './envelope.js';
export * from './events.js';
export * from './relay-frames.js';
export * from './serial-number.js';
