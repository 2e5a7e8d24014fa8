import type { Client } from './client';

/**
 * Settings of our own sessions; the server or `init_connect` may set any of them otherwise. A known mode that is strict
 * for what we write, but lets zero dates be read. Nothing but the abort signal ends a wait. `/*!50708` is read by MySQL
 * alone, `/*M!` by MariaDB alone (MariaDB documentation, "Comment Syntax").
 */
const settings = `SET SESSION character_set_client = utf8mb4, character_set_results = utf8mb4,
    collation_connection = utf8mb4_bin, time_zone = '+00:00', autocommit = 1, completion_type = NO_CHAIN,
    sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', sql_select_limit = DEFAULT,
    sql_safe_updates = 0, sql_big_selects = 1, sql_quote_show_create = 1, foreign_key_checks = 1, unique_checks = 1,
    group_concat_max_len = 67108864, wait_timeout = 31536000, net_read_timeout = 600, net_write_timeout = 600,
    lock_wait_timeout = 86400, innodb_lock_wait_timeout = 86400
    /*!50708 , max_execution_time = 0 */ /*!80003 , information_schema_stats_expiry = 0 */
    /*M!100400 , max_statement_time = 0, idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0, idle_write_transaction_timeout = 0 */`;

/** Each statement of a reading session is a READ ONLY transaction of its own. */
export async function applySettings(client: Client, access: 'read' | 'write'): Promise<void> {
  await client.query(settings);
  const mode = access === 'read' ? 'READ ONLY' : 'READ WRITE';
  await client.query(`SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, ${mode}`);
}
