// Shell text, parsed as bash parses it: every command of pipelines, lists, loops, functions, substitutions and
// redirections counts, whether it would run or not. What the parser could not read is unknown.

import {
  type Command,
  forEachChild,
  type HereDoc,
  type HereString,
  type ParsedScript,
  parse,
  type Pipeline,
  type Redirect,
  type SyntaxNode,
} from 'unbash';
import { can, type Findings, LIMITS, mayParse, unknown } from './findings.ts';
import { commandFacts, type Feed } from './command.ts';
import { variable } from './environment.ts';
import { host } from './hosts.ts';
import { path } from './paths.ts';
import { shellWord } from './shell-word.ts';
import { literal, type Word } from './word.ts';

const OPENS = /[$<>]\(|\$\{|`|\(\(|@\(/g;
const MAX_OPENED = 200;

type Walk = {
  readonly found: Findings;
  readonly depth: number;
  readonly feed: Feed;
  nodes: number;
};

/** `depth`: how many texts this one was found within. */
export function readShell(found: Findings, text: string, depth: number): void {
  if (depth > LIMITS.depth) return unknown(found, 'depth');
  if (!mayParse(found, text.length)) {
    can(found, 'execute');
    return;
  }
  // Each opened bracket may make the parser read the rest again.
  if ((text.match(OPENS)?.length ?? 0) > MAX_OPENED) {
    can(found, 'execute');
    return unknown(found, 'depth');
  }
  script({ found, depth, feed: 'inherited', nodes: 5000 }, parse(text));
}

function script(walk: Walk, tree: ParsedScript): void {
  if (tree.errors !== undefined && tree.errors.length > 0) unknown(walk.found, 'syntax');
  forEachChild(tree, (child) => visit(walk, child));
}

function visit(walk: Walk, node: SyntaxNode): void {
  if (walk.nodes-- <= 0) return unknown(walk.found, 'tooLong');
  switch (node.type) {
    case 'Pipeline':
      return pipeline(walk, node);
    case 'Command':
      return simple(walk, node);
    case 'Redirect':
      return redirect(walk, node);
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      return nested(walk, node.script);
    case 'TestCommand':
    case 'ArithmeticCommand':
      can(walk.found, 'read');
      return forEachChild(node, (child) => visit(walk, child));
    case 'Function':
      // Its name may hide a program of the same name from every later command.
      unknown(walk.found, 'program');
      return forEachChild(node, (child) => visit(walk, child));
    case 'Assignment':
      if ('type' in node.value && node.value.type === 'Word' && !safeLocal(node.name))
        variable(walk.found, node.name, shellWord(node.value), walk.depth);
      return forEachChild(node, (child) => visit(walk, child));
    default:
      return forEachChild(node, (child) => visit(walk, child));
  }
}

/** Lower case is a script's own variable by convention, and no program or shell reads one that is not exported. */
const safeLocal = (name: string): boolean =>
  /^[a-z][a-z0-9_]*$/.test(name) && !/^(path|cdpath|fpath)$/.test(name);

function nested(walk: Walk, tree: ParsedScript | undefined): void {
  if (walk.depth >= LIMITS.depth) return unknown(walk.found, 'depth');
  if (tree === undefined) return unknown(walk.found, 'syntax');
  if (!mayParse(walk.found, tree.end - tree.pos)) return;
  const inside = { ...walk, depth: walk.depth + 1, feed: 'inherited' as const };
  script(inside, tree);
  walk.nodes = inside.nodes;
}

function pipeline(walk: Walk, node: Pipeline): void {
  for (const [index, part] of node.commands.entries()) {
    const inside = index === 0 ? walk : { ...walk, feed: 'piped' as const };
    visit(inside, part);
    if (inside !== walk) walk.nodes = inside.nodes;
  }
}

function simple(walk: Walk, node: Command): void {
  const { found, depth } = walk;
  let feed: Feed = walk.feed;
  for (const redirection of node.redirects) {
    if (redirection.type === 'Redirect') {
      redirect(walk, redirection);
      if (redirection.operator === '<') feed = 'piped';
    } else feed = feedOf(redirection);
  }
  const prefix = node.prefix.filter((each) => each.type === 'Assignment');
  const alone = node.name === undefined;
  if (alone && prefix.length > 0) can(found, 'read');
  for (const each of prefix) {
    if (alone && safeLocal(each.name)) continue;
    const value =
      each.value.type === 'Word' ? shellWord(each.value) : { ...literal(''), known: false };
    variable(found, each.name, value, depth);
  }
  if (node.name !== undefined) {
    const args = node.args.map(
      (each): Word => (each.type === 'Word' ? shellWord(each) : assignmentWord(each.text)),
    );
    commandFacts(found, [shellWord(node.name), ...args], feed, depth);
  }
  forEachChild(node, (child) => {
    if (child.type !== 'Redirect') substitutions(walk, child);
  });
}

const assignmentWord = (text: string): Word => ({
  text,
  known: !/[$`]/.test(text),
  pattern: false,
});

/** Below the words of a command only what runs matters. */
function substitutions(walk: Walk, node: SyntaxNode): void {
  if (walk.nodes-- <= 0) return unknown(walk.found, 'tooLong');
  if (/^(CommandExpansion|ProcessSubstitution|ArithmeticCommandExpansion)$/.test(node.type))
    return visit(walk, node);
  forEachChild(node, (child) => substitutions(walk, child));
}

function feedOf(redirection: HereDoc | HereString): Feed {
  if (redirection.type === 'HereString') {
    const word = redirection.target && shellWord(redirection.target);
    return word?.known === true ? { text: word.text } : 'piped';
  }
  const expands = redirection.delimiter?.quoted !== true && /[$`]/.test(redirection.body.text);
  return expands ? 'piped' : { text: redirection.body.text };
}

function redirect(walk: Walk, node: Redirect): void {
  const { found } = walk;
  if (node.target === undefined) return unknown(found, 'syntax');
  forEachChild(node, (child) => substitutions(walk, child));
  const word = shellWord(node.target);
  const duplicates = node.operator === '>&' || node.operator === '<&';
  if (duplicates && /^(\d+-?|-|\$)$/.test(word.text)) return;
  if (!word.known) unknown(found, 'variable');
  const socket = /^\/dev\/(?:tcp|udp)\/([^/]+)/.exec(word.text);
  const reads = node.operator === '<' || node.operator === '<&' || node.operator === '<>';
  if (socket) {
    can(found, reads ? 'download' : 'upload');
    if (duplicates || node.operator === '<>' || node.operator === '&>')
      can(found, 'download', 'upload');
    return host(found, { ...word, text: socket[1] ?? '' });
  }
  if (reads) can(found, 'read');
  if (node.operator !== '<' && node.operator !== '<&') {
    if (/^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$/.test(word.text)) return;
    can(found, 'write');
  }
  path(found, word, node.operator === '<' ? 'r' : 'w');
}
