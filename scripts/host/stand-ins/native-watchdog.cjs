'use strict';
// Stands in for the native watchdog: an extension host ends when the server that started it is gone.
const process = require('node:process');
const { setInterval } = require('node:timers');

const LOOK_EVERY_MS = 2000;

exports.start = (parent) => {
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(87);
    }
  }, LOOK_EVERY_MS).unref();
};
