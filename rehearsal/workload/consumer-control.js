#!/usr/bin/env node
/**
 * Pauses, resumes and proves the rehearsal's queue consumer: what a runbook runs as the commands of a writer that DNS
 * does not move.
 *
 *   node consumer-control.js CONTROL-FILE pause            finish the job in hand, disconnect, take no more
 *   node consumer-control.js CONTROL-FILE prove            exit 0 only while it is paused and disconnected
 *   node consumer-control.js CONTROL-FILE resume [source|target]   go on, at that side
 *
 * Exit codes: 0 yes or done, 1 no or not reachable, 2 usage.
 */
'use strict';
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');

const [, , controlFile, command, side] = process.argv;
if (
  !controlFile ||
  !['pause', 'resume', 'prove'].includes(command) ||
  ![undefined, 'source', 'target'].includes(side)
) {
  process.stderr.write('usage: consumer-control.js CONTROL-FILE pause|prove|resume [source|target]\n');
  process.exit(2);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

let address;
try {
  address = JSON.parse(readFileSync(controlFile, 'utf8'));
} catch (error) {
  fail(`The consumer's control file ${controlFile} cannot be read: ${error.message}`);
}

const socket = connect(address.port, address.host);
let received = '';
socket.setTimeout(10_000, () => fail('The consumer did not answer within 10 seconds.'));
socket.on('error', (error) =>
  fail(`The consumer cannot be reached at ${address.host}:${address.port}: ${error.message}`),
);
socket.on('connect', () => socket.write(`${JSON.stringify({ command, side })}\n`));
socket.on('data', (chunk) => {
  received += chunk;
  if (!received.includes('\n')) return;
  const answer = JSON.parse(received.split('\n')[0]);
  (answer.ok ? process.stdout : process.stderr).write(`${answer.message}\n`);
  process.exit(answer.ok ? 0 : 1);
});
socket.on('end', () => fail('The consumer closed the connection without an answer.'));
