import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '../../../../shared/bytes.ts';
import { envName, scriptArgument, scriptLine } from '../../../../main/guard/exec/script.ts';
import { type Yard, yard } from './kit.ts';

const parse = (text: string) => {
  const line = scriptLine(utf8(text).subarray(0, 256));
  return line.ok ? line.value : line.code;
};

test.each([
  ['#!/bin/sh\nx', { interpreter: '/bin/sh', argument: undefined }],
  ['#! \t/bin/sh  -e  x \t\nx', { interpreter: '/bin/sh', argument: '-e  x' }],
  ['#!/bin/sh', { interpreter: '/bin/sh', argument: undefined }],
  ['#!/bin/sh\r\nx', { interpreter: '/bin/sh\r', argument: undefined }],
  ['#!sh\n', { interpreter: 'sh', argument: undefined }],
  ['# !/bin/sh\n', undefined],
  ['', undefined],
  ['#!\n', 'notExecutable'],
  [`#!/${'x'.repeat(300)}\n`, 'notExecutable'],
  [`#!/bin/sh ${'x'.repeat(300)}\n`, 'notExecutable'],
])('reads %j as the kernel does', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  ['node', { name: 'node', plain: true }],
  ['node --flag', { name: 'node --flag', plain: true }],
  ['-S node --flag', { name: 'node', plain: false }],
  ['--split-string=node x', { name: 'node', plain: false }],
  ['-S A=b node', undefined],
  ['-S "node" x', undefined],
  ['-i', undefined],
  ['A=b', undefined],
])('env %j names %j', (argument, expected) => {
  expect(envName({ interpreter: '/usr/bin/env', argument })).toEqual(expected);
  expect(envName({ interpreter: '/bin/sh', argument })).toBeUndefined();
});

let place: Yard;
beforeAll(async () => {
  place = await yard();
  await place.script('x.js', '');
  await place.script('pre.js', '');
});
afterAll(() => place.remove());

test.each([
  ['node x.js a', 1],
  ['node --flag x.js', 2],
  ['node -r ./pre.js x.js', 3],
  ['node --import=./pre.js x.js', 2],
  ['node -e x.js x.js', undefined],
  ['node -- x.js', 2],
  ['node absent.js x.js', undefined],
  ['node .', undefined],
  ['node', undefined],
  ['python3.11 -u x.js', 2],
  ['python3 -m x.js x.js', undefined],
  ['python3 -Ic code x.js', undefined],
  ['bash -eu -o pipefail x.js', 4],
  ['sh -c x.js', undefined],
  ['perl -w x.js', 2],
  ['perl -ne x.js x.js', undefined],
  ['perl -Mfeature=say x.js', 2],
  ['perl -MTime::HiRes x.js', 2],
  ['perl -lane x.js x.js', undefined],
  ['ruby -rset x.js', 2],
  ['ruby -ne x.js x.js', undefined],
  ['python3 -Ximporttime x.js', 2],
  ['node --env-file pre.js x.js', 3],
  ['ruby x.js', 1],
  ['php x.js', 1],
  ['cat x.js', undefined],
])('%s has its script at %s', (line, expected) => {
  const argv = line.split(' ');
  expect(scriptArgument([argv[0] ?? ''], argv, place.work)).toBe(expected);
});
