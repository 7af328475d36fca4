// To be required before a program: the libraries named in MISSING cannot be loaded, and the functions of the C library
// named in WRONG do nothing and say that all went well.
const Module = require('node:module');
const { MISSING = '', WRONG = '' } = process.env;
const missing = MISSING.split(',').filter(Boolean);
const wrong = WRONG.split(',').filter(Boolean);
const load = Module._load;

const isWrong = (/** @type {string} */ declaration) =>
  wrong.some((name) => declaration.includes(` ${name}(`));

Module._load = function (request, ...more) {
  if (missing.some((name) => request === name || request.startsWith(`${name}/`)))
    throw new Error(`Cannot find the binary of ${request}\nin all these places`);
  const loaded = load.call(this, request, ...more);
  if (request !== 'koffi' || wrong.length === 0) return loaded;
  return {
    ...loaded,
    load: (name) => {
      const library = loaded.load(name);
      return { func: (declaration) => (isWrong(declaration) ? () => 0 : library.func(declaration)) };
    },
  };
};
