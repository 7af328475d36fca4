'use strict';
// Stands in for the native logger. Without one, VS Code keeps every log line in memory for ever.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');
const process = require('node:process');
const { clearTimeout, setTimeout } = require('node:timers');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
const WRITE_AFTER_MS = 100;
const loggers = new Set();

class Logger {
  #file;
  #level = LEVELS.indexOf('info');
  #raw = false;
  #waiting = '';
  #timer;

  constructor(_kind, _name, file) {
    this.#file = file;
    loggers.add(this);
  }

  log(level, text) {
    if (level < this.#level) return;
    this.#waiting += this.#raw ? text : `${new Date().toISOString()} [${LEVELS[level]}] ${text}\n`;
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS).unref();
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = '';
    if (!text) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      appendFileSync(this.#file, text);
    } catch {
      // The profile may be gone already, at the very end.
    }
  }

  drop() {
    this.flush();
    loggers.delete(this);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  clearFormatters() {
    this.#raw = true;
  }

  setPattern() {}
}

LEVELS.forEach((name, level) => {
  Logger.prototype[name] = function (text) {
    this.log(level, text);
  };
});

process.on('exit', () => loggers.forEach((logger) => logger.flush()));

// One by one, as VS Code imports this as an ES module and Node must find the names.
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
