using SynthStudio.Catalog.Tests.Ledger;

namespace SynthStudio.Catalog.Tests;

// The catalog keeps the same promises in every database.

[TestClass]
public sealed class StoreTestsOnSqlite() : StoreTests(Provider.Sqlite);

[TestClass]
public sealed class StoreTestsOnPostgres() : StoreTests(Provider.Postgres);

[TestClass]
public sealed class ProjectStorageTestsOnSqlite() : ProjectStorageTests(Provider.Sqlite);

[TestClass]
public sealed class ProjectStorageTestsOnPostgres() : ProjectStorageTests(Provider.Postgres);

[TestClass]
public sealed class StoredSumTestsOnSqlite() : StoredSumTests(Provider.Sqlite);

[TestClass]
public sealed class StoredSumTestsOnPostgres() : StoredSumTests(Provider.Postgres);

[TestClass]
public sealed class LeaseStoreTestsOnSqlite() : LeaseStoreTests(Provider.Sqlite);

[TestClass]
public sealed class LeaseStoreTestsOnPostgres() : LeaseStoreTests(Provider.Postgres);

[TestClass]
public sealed class ProgressLogTestsOnSqlite() : ProgressLogTests(Provider.Sqlite);

[TestClass]
public sealed class ProgressLogTestsOnPostgres() : ProgressLogTests(Provider.Postgres);

[TestClass]
public sealed class ProjectorTestsOnSqlite() : ProjectorTests(Provider.Sqlite);

[TestClass]
public sealed class ProjectorTestsOnPostgres() : ProjectorTests(Provider.Postgres);

[TestClass]
public sealed class ObjectSweepTestsOnSqlite() : ObjectSweepTests(Provider.Sqlite);

[TestClass]
public sealed class ObjectSweepTestsOnPostgres() : ObjectSweepTests(Provider.Postgres);

[TestClass]
public sealed class BudgetTestsOnSqlite() : BudgetTests(Provider.Sqlite);

[TestClass]
public sealed class BudgetTestsOnPostgres() : BudgetTests(Provider.Postgres);

[TestClass]
public sealed class PopulationTestsOnSqlite() : PopulationTests(Provider.Sqlite);

[TestClass]
public sealed class PopulationTestsOnPostgres() : PopulationTests(Provider.Postgres);

[TestClass]
public sealed class ChainTestsOnSqlite() : ChainTests(Provider.Sqlite);

[TestClass]
public sealed class ChainTestsOnPostgres() : ChainTests(Provider.Postgres);

[TestClass]
public sealed class OrleansTestsOnSqlite() : OrleansTests(Provider.Sqlite);

[TestClass]
public sealed class OrleansTestsOnPostgres() : OrleansTests(Provider.Postgres);

[TestClass]
public sealed class WebhookTestsOnSqlite() : WebhookTests(Provider.Sqlite);

[TestClass]
public sealed class WebhookTestsOnPostgres() : WebhookTests(Provider.Postgres);

[TestClass]
public sealed class AttemptStoreTestsOnSqlite() : AttemptStoreTests(Provider.Sqlite);

[TestClass]
public sealed class AttemptStoreTestsOnPostgres() : AttemptStoreTests(Provider.Postgres);

[TestClass]
public sealed class AccountStoreTestsOnSqlite() : AccountStoreTests(Provider.Sqlite);

[TestClass]
public sealed class AccountStoreTestsOnPostgres() : AccountStoreTests(Provider.Postgres);

[TestClass]
public sealed class ApiKeyLimitTestsOnSqlite() : ApiKeyLimitTests(Provider.Sqlite);

[TestClass]
public sealed class ApiKeyLimitTestsOnPostgres() : ApiKeyLimitTests(Provider.Postgres);

[TestClass]
public sealed class ProjectKeyTestsOnSqlite() : ProjectKeyTests(Provider.Sqlite);

[TestClass]
public sealed class ProjectKeyTestsOnPostgres() : ProjectKeyTests(Provider.Postgres);

[TestClass]
public sealed class AssistantStoreTestsOnSqlite() : AssistantStoreTests(Provider.Sqlite);

[TestClass]
public sealed class AssistantStoreTestsOnPostgres() : AssistantStoreTests(Provider.Postgres);

[TestClass]
public sealed class TransferTestsOnSqlite() : TransferTests(Provider.Sqlite);

[TestClass]
public sealed class TransferTestsOnPostgres() : TransferTests(Provider.Postgres);

[TestClass]
public sealed class SecretSealTestsOnSqlite() : SecretSealTests(Provider.Sqlite);

[TestClass]
public sealed class SecretSealTestsOnPostgres() : SecretSealTests(Provider.Postgres);

[TestClass]
public sealed class StoredUsageTestsOnSqlite() : StoredUsageTests(Provider.Sqlite);

[TestClass]
public sealed class StoredUsageTestsOnPostgres() : StoredUsageTests(Provider.Postgres);
