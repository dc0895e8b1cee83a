// Clients of databases, and the programs that dump and restore them.

import type { Table } from '../spec.ts';

const PG =
  '-h/--host=host -p/--port=any -U/--username=any -d/--dbname=any -w/--no-password -W/--password -e -q/--quiet -v/--set/--variable=any';

export const DATABASES: Table = {
  'psql|pgcli|cockroach-sql|yugabyte|ysqlsh|edb-psql': `@any -c/--command=psql -f/--file=x ${PG} -l/--list+read -o/--output=w -L/--log-file=w -A -t -x -X -1 -a -b -E -H -n -s -S -z -0 -F=any -P=any -R=any -T=any --csv --version+read --help+read <=psql 0:+execute!interactive+read+write`,
  'mysql|mariadb|mycli|mysqlsh|litecli|usql|clickhouse-client|clickhouse|duckdb|trino|presto|beeline|hive|spark-sql|sqlcmd|osql|isql|tsql|sqlplus|db2|fbsql|isql-fb|bsqldb|vsql|snowsql|steampipe-query|osqueryi|dolt|questdb|impala-shell|cqlsh|sqlline|tidb|monetdb-mclient|mclient|redash|harlequin|gobang|rainfrog':
    '@any,my -e/--execute/--query/-q/-Q=my -h/--host=host -P/--port=any -u/--user=any -p=?+secret --password=?+secret -D/--database=any -f/--file=x -i=x -t -B -N -s -v -r -A --init-command=my --tee=w --pager=sh -S/--socket=any --ssl-ca=r --defaults-file=r --defaults-extra-file=r -o=w -E -H -X --protocol=any -S=any -d=any -d -U=any --default-character-set=any --local-infile=?+read -V/--version+read <=my 0:+execute!interactive+read+write',
  dolt: 'verbs -* -q=my',
  'sqlite3|sqlite|sqlcipher':
    '@r,lite -cmd=lite -init=x -batch -bail -csv -json -column -header -noheader -html -line -list -markdown -table -box -readonly -separator=any -nullvalue=any -newline=any -echo -interactive!interactive+execute -safe -version+read -help+read -ascii -quote -tabs -vfs=any -nofollow -deserialize -A=any+write -append -stats -zip <=lite 0:+execute+read+write!interactive',
  'mongo|mongosh|redis-cli|keydb-cli|valkey-cli|influx|arangosh|couchbase-cli|cbq|neo4j-admin|cypher-shell|etcdctl|consul-kv|zkCli.sh|zookeepercli|kcat|kafkacat|kafka-topics|kafka-console-producer|kafka-console-consumer|kafka-consumer-groups|kafka-configs|kafka-acls|rpk|rabbitmqctl|rabbitmqadmin|rabbitmq-plugins|rabbitmq-upgrade|nats|mqttx|mosquitto_pub|mosquitto_sub|iredis|memcstat|memctl|rethinkdb|surreal|ldapsearch|ldapmodify|ldapadd|ldapdelete|ldappasswd|elasticdump|curator|opensearch-cli|es-cli|aql|asadm|nodetool|meilisearch|typesense|qdrant|weaviate|pulsar-admin|pika|fauna|edgedb|gel|scylla|hbase|hdfs|hadoop|yarn-hadoop|kudu|pig|sqoop|oozie|flume|pvesm':
    'network read write @opaque -* --eval/-e=code -h/-H/--host=host -a/--pass=any+secret -p=any -u/--user=any',
  'redis-cli|keydb-cli|valkey-cli':
    'sub network -h=host -p=any -a/--pass=any+secret -u=url -n=any --user=any -x --raw --no-auth-warning --tls --scan+read --bigkeys+read --stat+read --latency+read --eval=code --pipe+write --rdb=w+export --cluster=any+process -c --json --pattern=any -r=any -i=any 0:+execute!interactive+read+write',
  'redis-cli|keydb-cli|valkey-cli get|GET|keys|KEYS|info|INFO|ping|PING|ttl|TTL|type|TYPE|exists|EXISTS|hget|HGET|hgetall|HGETALL|lrange|LRANGE|llen|LLEN|smembers|SMEMBERS|zrange|ZRANGE|scan|SCAN|dbsize|DBSIZE|mget|MGET|strlen|STRLEN|memory|MEMORY|monitor|MONITOR|time|TIME|lastsave|LASTSAVE|scard|SCARD|zcard|ZCARD|hkeys|HKEYS|hlen|HLEN|object|OBJECT|slowlog|SLOWLOG|echo|ECHO':
    'read network @any',
  'redis-cli|keydb-cli|valkey-cli set|SET|hset|HSET|lpush|LPUSH|rpush|RPUSH|sadd|SADD|zadd|ZADD|incr|INCR|decr|DECR|expire|EXPIRE|rename|RENAME|append|APPEND|setex|SETEX|mset|MSET|publish|PUBLISH|persist|PERSIST|setnx|SETNX|restore|RESTORE|migrate|MIGRATE':
    'write network @any -x',
  'redis-cli|keydb-cli|valkey-cli del|DEL|flushall|FLUSHALL|flushdb|FLUSHDB|unlink|UNLINK|hdel|HDEL|lpop|LPOP|rpop|RPOP|srem|SREM|zrem|ZREM|ltrim|LTRIM':
    'delete write network @any',
  'redis-cli|keydb-cli|valkey-cli config|CONFIG|shutdown|SHUTDOWN|debug|DEBUG|client|CLIENT|save|SAVE|bgsave|BGSAVE|bgrewriteaof|slaveof|SLAVEOF|replicaof|REPLICAOF|cluster|CLUSTER|acl|ACL':
    'process write permission network @any',
  'redis-cli|keydb-cli|valkey-cli eval|EVAL|evalsha|EVALSHA|fcall|FCALL|script|SCRIPT|module|MODULE|function|FUNCTION':
    'execute network unknown @any',
  'mongo|mongosh|arangosh|influx':
    'network @opaque -* --eval=code -f=x -u=any -p=any+secret 0:+execute!interactive+read+write execute',
  'pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|mongoexport|pg_basebackup|pg_recvlogical|mydumper|sqldump|pgcopydb|redis-dump|dumpling|expdp|exp|bcp|db2move|influxd-backup|cbbackup|pg_receivewal|elasticsearch-dump|sqlpackage|mysqlpump|mariadb-backup|xtrabackup|innobackupex|pgbackrest|barman|wal-g|litestream':
    'export read network @any -* -h/--host=host -f/--file=w -o/--out=w -D=w -r/--result-file=w -p=any -U/-u=any -d=any -t=any -n=any -F=any -j=any --password=any+secret -T=any+write',
  'pg_restore|mongorestore|mongoimport|mysqlimport|mariadb-import|impdp|imp|pgloader|myloader|db2look':
    'write schema network @r -* -h/--host=host -d=any -U/-u=any -c/--clean+delete --drop+delete -C -j=any -t=any -f=w -p=any',
  'createdb|createuser|dropdb|dropuser|initdb|pg_ctl|pg_ctlcluster|pg_createcluster|pg_dropcluster|pg_resetwal|pg_upgrade|vacuumdb|reindexdb|clusterdb|pgbench|pg_archivecleanup|pg_checksums|pg_rewind|mysqladmin|mariadb-admin|mysql_install_db|mariadb-install-db|mysql_upgrade|mysql_secure_installation|mysqlcheck|mariadb-check|pg_repack|mysqlbinlog|mariadb-binlog|pg_promote|repmgr|patronictl|orchestrator-client':
    'write schema process network @any -* -h/--host=host -U/-u=any -D=rw -p=?',
  createdb: `write schema network @any ${PG} -* -O=any -T=any`,
  createuser: `write permission network @any ${PG} -* -s/--superuser+privilege`,
  dropdb: `delete schema network @any ${PG} -* -f/--force!force --if-exists -i`,
  dropuser: `delete permission network @any ${PG} -* --if-exists -i`,
  'mysqlbinlog|mariadb-binlog|pg_controldata|pg_waldump|pg_isready|pg_amcheck|pg_config|pg_lsclusters|pgbadger|pt-query-digest|mysqlshow|mysqlslap':
    'read @any -* -h=host -U=any -D=r -d=any',
  'prisma|sequelize|knex|typeorm|drizzle-kit|flyway|liquibase|dbmate|goose-db|migrate|sqlx|diesel|atlas-db|golang-migrate|sqitch|skeema|gh-ost|pt-online-schema-change|pt-archiver|rails-db|pgroll|bytebase':
    'schema write execute network @opaque -*',
};
