// PostgreSQL's statements by the names of its parse tree, and the functions that only compute or read.

import type { Capability } from './capability.ts';

type Meaning = { readonly verb: string; readonly capabilities: readonly Capability[] };

const ROWS: Readonly<Record<string, string>> = {
  SelectStmt: 'select read',
  ExplainStmt: 'explain read',
  VariableShowStmt: 'show read',
  DeclareCursorStmt: 'declare read',
  FetchStmt: 'fetch read',
  ClosePortalStmt: 'close read',
  PrepareStmt: 'prepare read',
  DeallocateStmt: 'deallocate read',
  TransactionStmt: 'transaction read',
  ConstraintsSetStmt: 'set read',
  ListenStmt: 'listen read',
  UnlistenStmt: 'unlisten read',
  PLAssignStmt: 'set read',
  InsertStmt: 'insert write',
  UpdateStmt: 'update write',
  MergeStmt: 'merge write',
  NotifyStmt: 'notify write',
  DeleteStmt: 'delete delete write',
  TruncateStmt: 'truncate delete write',
  CopyStmt: 'copy',
  LockStmt: 'lock process',
  VacuumStmt: 'vacuum write',
  ClusterStmt: 'cluster write',
  RepackStmt: 'repack write',
  ReindexStmt: 'reindex write',
  CheckPointStmt: 'checkpoint process',
  DiscardStmt: 'discard write',
  RefreshMatViewStmt: 'refresh write',
  VariableSetStmt: 'set write',
  AlterSystemStmt: 'alter write permission',
  CallStmt: 'call execute unknown',
  ExecuteStmt: 'execute execute unknown',
  DoStmt: 'do execute unknown',
  LoadStmt: 'load execute',
  GrantStmt: 'grant permission',
  GrantRoleStmt: 'grant permission',
  CreateRoleStmt: 'create permission',
  AlterRoleStmt: 'alter permission',
  AlterRoleSetStmt: 'alter permission',
  DropRoleStmt: 'drop permission delete',
  ReassignOwnedStmt: 'reassign permission',
  DropOwnedStmt: 'drop permission delete schema',
  AlterOwnerStmt: 'alter permission schema',
  AlterDefaultPrivilegesStmt: 'alter permission',
  CreatePolicyStmt: 'create permission schema',
  AlterPolicyStmt: 'alter permission schema',
  SecLabelStmt: 'label permission',
  CreateUserMappingStmt: 'create permission secret',
  AlterUserMappingStmt: 'alter permission secret',
  DropUserMappingStmt: 'drop permission delete',
  DropStmt: 'drop schema delete',
  DropdbStmt: 'drop schema delete',
  DropTableSpaceStmt: 'drop schema delete',
  DropSubscriptionStmt: 'drop schema delete',
  CreateStmt: 'create schema',
  CreateTableAsStmt: 'create schema write',
  CreatedbStmt: 'create schema',
  CreateSchemaStmt: 'create schema',
  CreateSeqStmt: 'create schema',
  AlterSeqStmt: 'alter schema',
  CreateDomainStmt: 'create schema',
  CompositeTypeStmt: 'create schema',
  CreateEnumStmt: 'create schema',
  CreateRangeStmt: 'create schema',
  AlterEnumStmt: 'alter schema',
  AlterDomainStmt: 'alter schema',
  IndexStmt: 'create schema',
  ViewStmt: 'create schema',
  RuleStmt: 'create schema execute',
  CreateTrigStmt: 'create schema execute',
  CreateEventTrigStmt: 'create schema execute',
  AlterEventTrigStmt: 'alter schema',
  CreateFunctionStmt: 'create schema execute',
  AlterFunctionStmt: 'alter schema',
  CreateExtensionStmt: 'create schema execute',
  AlterExtensionStmt: 'alter schema execute',
  CreatePLangStmt: 'create schema execute',
  CreateCastStmt: 'create schema',
  CreateTableSpaceStmt: 'create schema write',
  CreateForeignServerStmt: 'create schema network',
  CreateForeignTableStmt: 'create schema network',
  CreateFdwStmt: 'create schema execute',
  ImportForeignSchemaStmt: 'import schema network',
  CreatePublicationStmt: 'create schema export',
  AlterPublicationStmt: 'alter schema export',
  CreateSubscriptionStmt: 'create schema network download',
  AlterSubscriptionStmt: 'alter schema network',
  AlterTableStmt: 'alter schema',
  AlterDatabaseStmt: 'alter schema',
  AlterDatabaseSetStmt: 'alter schema',
  AlterObjectSchemaStmt: 'alter schema',
  AlterTypeStmt: 'alter schema',
  RenameStmt: 'alter schema',
  CommentStmt: 'comment schema',
  CreateStatsStmt: 'create schema',
  DefineStmt: 'create schema',
};

export const STATEMENTS: Readonly<Record<string, Meaning>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, row]) => {
    const [verb = name, ...words] = row.split(' ');
    // Each word of the rows above is one of the closed set; spec.test.ts checks it.
    return [name, { verb, capabilities: words as Capability[] }];
  }),
);

export const READING_FUNCTIONS: ReadonlySet<string> = new Set(
  `count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg bool_and bool_or every stddev variance
  percentile_cont percentile_disc mode rank dense_rank row_number ntile lag lead first_value last_value nth_value corr
  abs ceil ceiling floor round trunc mod power sqrt exp ln log sign random greatest least width_bucket
  length char_length octet_length lower upper initcap trim btrim ltrim rtrim substr substring overlay position strpos
  replace translate reverse repeat left right lpad rpad split_part concat concat_ws format quote_literal quote_ident
  to_char to_date to_timestamp to_number md5 sha256 encode decode regexp_match regexp_matches regexp_replace
  regexp_split_to_array regexp_split_to_table starts_with ascii chr string_to_array array_to_string unnest cardinality
  array_length array_append array_position array_upper array_lower generate_series generate_subscripts
  now current_timestamp clock_timestamp statement_timestamp transaction_timestamp timeofday age extract date_part
  date_trunc date_bin make_date make_interval make_timestamp justify_days timezone date time datetime julianday strftime
  coalesce nullif ifnull isnull if json_build_object jsonb_build_object json_build_array jsonb_build_array row_to_json
  to_json to_jsonb json_extract jsonb_array_elements json_array_elements json_array_elements_text jsonb_array_elements_text
  jsonb_object_keys json_object_keys jsonb_each jsonb_each_text jsonb_typeof json_typeof jsonb_pretty jsonb_path_query
  json_array_length jsonb_array_length jsonb_extract_path_text json_extract_path_text
  version current_database current_schema current_user session_user pg_size_pretty pg_total_relation_size
  pg_relation_size pg_table_size pg_indexes_size pg_database_size pg_get_viewdef pg_get_functiondef pg_get_constraintdef
  pg_get_indexdef pg_typeof pg_backend_pid pg_is_in_recovery obj_description col_description to_regclass
  to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery ts_rank ts_headline similarity gen_random_uuid
  uuid_generate_v4 group_concat char year month day hour minute datediff date_add date_sub date_format unix_timestamp
  from_unixtime database user hex unhex instr printf typeof total`.split(/\s+/),
);
