// Clouds and platforms: nouns with a verb, and the few lines whose verb alone would say too little.

import type { Table } from '../spec.ts';

export const CLOUDS: Table = {
  aws: 'verbs network -* --profile/--region/--output/--query/--filters/--filter/--tags/--parameters/--cidr-blocks=any --endpoint-url=url --no-verify-ssl!force --force!force --dry-run/--dryrun!dryRun --recursive!recursive --cli-input-json=body --with-decryption+secret --no-cli-pager --debug --user-data=body --zip-file=any+upload',
  'aws help': 'read execute !interactive',
  'aws s3':
    'sub network --profile/--region/--output=any --endpoint-url=url --no-sign-request --no-cli-pager --debug',
  'aws s3 ls': 'read network @any -*',
  'aws s3 cp|sync|mv':
    'network upload download read write @opaque -* --recursive!recursive --delete+delete --dryrun!dryRun --acl=any+permission --exclude=any --include=any --grants=any+permission',
  'aws s3 rm|rb':
    'delete network @any -* --recursive!recursive --force!force --dryrun!dryRun --include=any --exclude=any',
  'aws s3 mb|website': 'write network @any -*',
  'aws s3 presign': 'secret export network @any -*',
  'aws configure': 'secret write @any -* 0:!interactive',
  'aws configure list|list-profiles': 'read @any -*',
  'aws configure get|export-credentials': 'read secret @any -*',
  'aws sts get-caller-identity': 'read network',
  'aws sso|sts login|logout|assume-role|get-session-token':
    'permission secret network @any -* --role-arn=any',
  'aws iam': 'verbs network -*',
  'aws iam list-users|list-roles|list-policies|get-user|get-role|get-policy|list-attached-role-policies|list-groups|get-account-summary|list-access-keys|get-role-policy|get-policy-version|list-role-policies':
    'read network @any -*',
  'aws kms': 'verbs network -*',
  'aws ecs|lambda|ssm|emr|glue|batch|states|codebuild|ec2|ecr|rds|dynamodb|cloudformation|eks':
    'verbs network -*',
  gcloud:
    'verbs network -* --project/--region/--zone/--format/--filter/--limit/--sort-by/--account/--configuration=any -q/--quiet!force --impersonate-service-account=any+privilege --key-file=r+secret --async',
  'gcloud help': 'read execute !interactive @any -*',
  'gcloud config set|unset': 'write @any -*',
  'gcloud auth list': 'read @any -*',
  'gcloud auth': 'verbs network -*',
  'gcloud secrets': 'verbs network -*',
  'gcloud compute ssh|scp|start-iap-tunnel':
    'execute network upload download @opaque -* --command=sh --tunnel-through-iap --ssh-flag=any',
  bq: 'verbs network -* --project_id=any --use_legacy_sql=any',
  'bq query':
    'network @sql -* --use_legacy_sql=any --format=any --destination_table=any+write -n=any',
  'bq extract': 'network export @any -*',
  'bq load|insert|mk': 'network write upload @opaque -*',
  'bq rm': 'network delete @any -* -f!force -r!recursive -t -d',
  'bq ls|show|head': 'network read @any -* -n=any',
  az: 'verbs network -* -g/--resource-group=any -n/--name=any -o/--output=any --query=any --subscription=any -l/--location=any -y/--yes!force --no-wait --ids=any --vault-name=any --only-show-errors --scripts=sh',
  'az account show|list|set': 'read network @any -* --subscription=any -o=any',
  'az login|logout': 'permission secret network @any -*',
  'az keyvault': 'verbs network -*',
  'az role|ad': 'verbs network -*',
  'doctl|ibmcloud|openstack|linode-cli|exo|hcloud|vultr-cli|scw|oci|aliyun|tccli|upctl|civo|flyctl|fly|heroku|vercel|netlify|railway|render|surge|now|firebase|amplify|eb|copilot-aws|sam|chalice|up|dapr|cf-cli|ionosctl|gandi|cli4|flarectl|wrangler|supabase|planetscale|pscale|neon|neonctl|turso|atlas|confluent|databricks|snow|sentry-cli|datadog-ci|newrelic|pd|opsgenie|circleci|buildkite-agent|travis|drone|concourse|jenkins-cli|teamcity|spacelift|env0|steampipe|cloudquery|prowler|scoutsuite|cloudsplaining|infracost|checkov|tfsec|terrascan|sqsc|octez-client|sui|solana|near|stripe|twilio|shopify|salesforce|sf|sfdx|cntlm|auth0|okta|lacework|gcpdiag|cs|wacli|komac|fdroid|deployctl|val|modal|replicate|ollama|vastai|runpodctl|ossutil|coscmd|qshell|upcloud|ovhai|scaleway':
    'verbs network -* -f!force -y/--yes!force --force!force --token=any+secret --api-key=any+secret',
  'eb|sam|firebase|surge|vercel|netlify|amplify|chalice|up|now':
    'verbs network deploy execute -* --token=any+secret',
  'eb logs|status|health|list|events|printenv': 'read execute network @any -*',
  'checkov|tfsec|terrascan|infracost|prowler|scoutsuite|gcpdiag':
    'read network @any -* -d/--directory=r -f=r -o=any',
  'ollama list|ps|show': 'read network @any',
};
