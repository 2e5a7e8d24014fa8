'use strict';
/**
 * Lets Node load the project's TypeScript, and keeps the loader away from packages: they are JavaScript already, and
 * passing the AWS clients through it would double the time that a command takes to start.
 */
const Module = require('node:module');

const plain = Module._extensions['.js'];
require('tsx/cjs');
const transforming = Module._extensions['.js'];
Module._extensions['.js'] = (module, file) =>
  file.includes('/node_modules/') ? plain(module, file) : transforming(module, file);
