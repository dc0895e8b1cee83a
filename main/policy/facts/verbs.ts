// Command lines of clouds and forges are nouns with a verb somewhere: `aws ec2 terminate-instances`, `gcloud run deploy`,
// `gh pr merge`. The verb says what it does, some nouns make it more; a line without a known verb is unknown.

import type { Capability } from './capability.ts';
import { can, type Findings, unknown } from './findings.ts';

const VERBS: Readonly<Record<string, readonly Capability[]>> = {
  read: ['read'],
  write: ['write'],
  delete: ['delete'],
  deploy: ['write', 'deploy'],
  process: ['process'],
  permission: ['permission', 'write'],
  execute: ['execute'],
  upload: ['upload', 'write'],
  download: ['download'],
  export: ['export', 'download'],
  secret: ['secret', 'read'],
};
const WORDS: Readonly<Record<string, string>> = {
  read: 'list ls get describe show view status info search find help version check diff validate query exists tail logs log scan lookup wait whoami whois print read inspect history events stat estimate explain preview plan top batch-get select count inventory checks watch url open browse peek',
  write:
    'create add update set put edit modify new init register tag untag attach associate configure config apply patch rename move mv copy cp clone import enable submit insert comment close reopen merge review sync checkout fork save change request upgrade resize scale replace renew rebase lock unlock pin unpin transfer restore undelete run-instances allocate assign link unlink batch-write append mark subscribe publish send post convert label increase decrease switch use activate reset invoke-url ready cherry-pick',
  delete:
    'delete rm remove destroy terminate purge drop deregister detach disassociate release erase clear uninstall prune del deallocate discard cancel abandon empty revert batch-delete delete-objects unregister',
  deploy: 'deploy release promote rollout rollback publish-version submit-build launch up',
  process:
    'stop start restart reboot kill suspend resume pause disable shutdown poweroff hibernate down redeploy drain',
  permission:
    'grant revoke authorize deauthorize allow deny add-iam-policy-binding remove-iam-policy-binding set-iam-policy attach-role-policy attach-user-policy attach-group-policy put-role-policy put-user-policy put-bucket-policy put-bucket-acl put-object-acl put-key-policy add-permission invite assume-role impersonate share set-policy login logout auth add-user-to-group modify-db-snapshot-attribute modify-image-attribute update-assume-role-policy create-access-key create-login-profile',
  execute:
    'exec execute ssh run invoke call eval run-command send-command start-session shell console execute-command ssh-into session api start-query-execution test trigger dispatch run-code repl',
  upload: 'upload push import-image copy-to',
  download: 'download pull fetch clone',
  export: 'export dump backup snapshot copy-snapshot copy-db-snapshot create-export-task',
  secret:
    'get-secret-value get-password-data get-session-token get-login-password print-access-token get-access-token print-identity-token get-credentials get-parameter get-parameters decrypt list-keys access get-upload-url regenerate credential get-federation-token generate-access-token',
};
const NOUNS: Readonly<Record<string, Capability>> = {
  ...nouns(
    'secret',
    'secret secrets secretsmanager keyvault vault kms credentials credential password passwords token tokens access-key access-keys apikey api-key service-account-keys ssh-key gpg-key',
  ),
};
const RIGHTS = new Set([
  'auth',
  'iam',
  'iam-policy',
  'role',
  'roles',
  'policy',
  'policies',
  'member',
  'members',
  'collaborator',
  'user',
  'users',
  'service-accounts',
  'ad',
  'rbac',
  'acl',
  'permission',
  'permissions',
  'firewall',
  'security-group',
  'sso-admin',
  'organizations',
  'deploy-key',
  'team',
  'group',
]);

function nouns(capability: Capability, words: string): Record<string, Capability> {
  return Object.fromEntries(words.split(' ').map((word) => [word, capability]));
}

const KIND_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) =>
    words.split(' ').map((word) => [word, kind] as const),
  ),
);

/** What the line does; returns the words up to and with the verb. */
export function verb(found: Findings, words: readonly string[]): readonly string[] {
  const plain = words.map((word) => word.toLowerCase());
  const at = plain.findIndex((word, index) => kindOf(word, index === 0) !== undefined);
  const kind = at < 0 ? undefined : kindOf(plain[at] ?? '', at === 0);
  if (kind === undefined) {
    unknown(found, words.length === 0 ? 'arguments' : 'subcommand');
    return words.slice(0, 2).filter((word) => /^[a-z0-9-]+$/i.test(word));
  }
  const capabilities = VERBS[kind] ?? [];
  can(found, ...capabilities);
  for (const word of plain.slice(0, at + 1)) {
    const also = NOUNS[word];
    if (also) can(found, also);
    if (kind !== 'read' && RIGHTS.has(word)) can(found, 'permission');
  }
  return words.slice(0, at + 1);
}

/** `get secrets`, `delete role/x,secret/y`: what the kinds of objects add to a subcommand. */
export function kinds(found: Findings, words: readonly string[], action: string): void {
  const pieces = words.flatMap((word) => word.toLowerCase().split(/[/,.]/)).slice(0, 64);
  for (const piece of pieces) {
    const also = NOUNS[piece];
    if (also) can(found, also);
    if (!/^(get|describe|logs|explain)$/.test(action) && RBAC.has(piece)) can(found, 'permission');
  }
}
const RBAC = new Set(
  'role roles clusterrole clusterroles rolebinding rolebindings clusterrolebinding clusterrolebindings serviceaccount serviceaccounts sa networkpolicy networkpolicies podsecuritypolicy csr token'.split(
    ' ',
  ),
);

/** The whole word, or what stands before its first dash: `describe-instances`. */
function kindOf(word: string, isFirst: boolean): string | undefined {
  const whole = KIND_OF.get(word);
  // A service may be called like a verb (`gcloud run`, `az network watcher run`); alone in front it is a noun first.
  if (
    whole !== undefined &&
    !(
      isFirst &&
      /^(run|config|tag|auth|policy|access|token|lock|backup|search|logs|session|share|deploy|release|label|batch|test|import|invoke|inspect|events|monitor)$/.test(
        word,
      )
    )
  )
    return whole;
  const dash = word.indexOf('-');
  return dash > 0 ? KIND_OF.get(word.slice(0, dash)) : undefined;
}
