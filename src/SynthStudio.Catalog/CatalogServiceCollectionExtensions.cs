using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Secrets;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Catalog.Webhooks;
using SynthStudio.Storage;

namespace SynthStudio.Catalog;

public static class CatalogServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalog in a SQLite file, which one process at a time uses: the stores the API uses and the ports the grains use. The file must
    /// have its schema (<see cref="CatalogSchema.Apply"/>) before the first of them is used. Secrets are sealed by a <see cref="MasterKey"/>, derived from the
    /// ledger's key unless one was added before. Asks for <see cref="TimeProvider"/>,
    /// <see cref="IObjectReader"/> and, to sweep, <see cref="IObjectStore"/>.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="connectionString">For example <c>Data Source=catalog.db</c>.</param>
    /// <param name="ledgerFolder">
    /// Holds the key of the privacy ledger and the anchor that notices an older copy of the database; null takes <c>ledger</c> beside the file.
    /// Keep it out of the database's backups.
    /// </param>
    public static IServiceCollection AddSynthStudioCatalog(this IServiceCollection services, string connectionString, string? ledgerFolder = null)
    {
        var source = new SqliteDataSource(connectionString);
        services.AddSingleton(source);
        ledgerFolder ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(source.ConnectionString).DataSource))!, "ledger");
        services.AddSingleton(_ => LedgerKey.Open(Path.Combine(ledgerFolder, "ledger.key")));
        services.AddSingleton<ILedgerAnchor>(_ => new SqliteLedgerAnchor(Path.Combine(ledgerFolder, "anchor.db")));
        return services.AddCatalog(
            source, options => options.UseSqlite(source.ConnectionString).AddInterceptors(SqliteConnectionSetup.Instance), Guid.CreateVersion7().ToString("N"));
    }

    /// <summary>
    /// Adds the catalog in a PostgreSQL database that any number of processes share. The database must have its schema
    /// (<see cref="PostgresMigrator.CheckAsync"/>). Asks for the same services.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="source">The process's pool (<see cref="PostgresDatabase.Open"/>).</param>
    /// <param name="key">The key of the privacy ledger, the same in all processes.</param>
    /// <param name="anchor">Remembers outside of the database how far the ledger was acknowledged, for all processes.</param>
    public static IServiceCollection AddSynthStudioCatalog(
        this IServiceCollection services, PostgresDataSource source, LedgerKey key, Func<IServiceProvider, ILedgerAnchor> anchor)
    {
        services.AddSingleton(source);
        services.AddSingleton(key);
        services.AddSingleton(anchor);
        return services.AddCatalog(
            source,
            // Failures as they are: the default wraps those that may pass into an exception that no caller tells from a mistake in a query.
            options => options
                .UseNpgsql(source.Pool, npgsql => npgsql.ExecutionStrategy(strategy => new NonRetryingExecutionStrategy(strategy)))
                .AddInterceptors(PostgresConnectionSetup.Instance),
            owner: "cluster");
    }

    /// <summary>Adds users and their API keys, and what notes that some were made, only: for who sets a database up. Asks for <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSynthStudioIdentity(this IServiceCollection services, PostgresDataSource source) => services.AddIdentity(source);

    private static IServiceCollection AddIdentity(this IServiceCollection services, DbDataSource source) =>
        services
            .AddSingleton(new UserStore(source))
            .AddSingleton(new ApiKeyStore(source))
            .AddSingleton(p => new AuditNotes(source, p.GetRequiredService<TimeProvider>()));

    private static void AddAccounts(this IServiceCollection services, DbDataSource source) => services
        .AddSingleton(new AccountStore(source))
        .AddSingleton(new SessionStore(source))
        .AddSingleton(new MailTokenStore(source))
        .AddSingleton(new InvitationStore(source))
        .AddSingleton(new AttemptStore(source))
        .AddSingleton(new ExternalIdentityStore(source))
        .AddSingleton(new ServiceAccountStore(source))
        .AddSingleton(new PersonStore(source));

    private static IServiceCollection AddCatalog(
        this IServiceCollection services, DbDataSource source, Func<DbContextOptionsBuilder, DbContextOptionsBuilder> useDatabase, string owner)
    {
        services.AddPooledDbContextFactory<CatalogContext>(options => useDatabase(options)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // A name that is taken is an answer, not an incident; every other failure reaches the caller and is logged there.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.CommandError, CoreEventId.SaveChangesFailed)));
        services.AddIdentity(source);
        services.AddAccounts(source);
        services.TryAddSingleton(p => new MasterKey(p.GetRequiredService<LedgerKey>().MasterKey())); // A host with a key of its own adds it before.
        services.AddSingleton(p => new SigningKeyStore(source, p.GetRequiredService<MasterKey>()));
        services.AddSingleton(p => new ProjectKeyStore(source, p.GetRequiredService<MasterKey>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IProjectKeys>(p => p.GetRequiredService<ProjectKeyStore>());
        services.AddSingleton(new ProjectStore(source)).AddSingleton(new ProjectStorage(source));
        services.AddSingleton(p => new SecondFactorSeals(p.GetRequiredService<MasterKey>(), p.GetRequiredService<LedgerKey>()));
        services.AddSingleton(p => new SecretSeals(source, p.GetRequiredService<MasterKey>(), p.GetRequiredService<SecondFactorSeals>()));
        services.AddSingleton(new UsageStore(source)).AddSingleton(new JobUsageStore(source)).AddSingleton(new ArrivalStore(source));
        services.AddSingleton(new TransferStore(source)).AddSingleton(p => new ConnectionStore(source, p.GetRequiredService<MasterKey>()));
        services.AddSingleton(new AssistantUsageStore(source)).AddSingleton(new AssistantConsentStore(source));
        services.AddSingleton(new WebhookStore(source)).AddSingleton(new DeliveryQueue(source));
        services.AddSingleton(p => new WebhookSecrets(p.GetRequiredService<LedgerKey>()));
        services.AddSingleton(p => new DatasetStore(Contexts(p)));
        services.AddSingleton(p => new AnalysisStore(Contexts(p)));
        services.AddSingleton(new DataPolicyStore(source));
        services.AddSingleton(new GeneratorAliasStore(source));
        services.AddSingleton(new EvidencePackStore(source));
        services.AddSingleton(p => new UploadIndex(Contexts(p))).AddSingleton(new UploadPieces(source));
        services.AddSingleton(p => new GeneratorIndex(Contexts(p)));
        services.AddSingleton(p => new SyntheticDatasetStore(Contexts(p)));
        services.AddSingleton(p => new EvaluationStore(Contexts(p)));
        services.AddSingleton(p => new JobIndex(Contexts(p)));
        services.AddSingleton(new RequestLog(source, owner));
        services.AddSingleton(p => new ObjectSweep(new ObjectReferences(source), p.GetRequiredService<IObjectStore>()));
        services.AddSingleton(p => new CatalogWarmUp(Contexts(p)));
        services.AddSingleton<ILeaseStore>(new LeaseStore(source));
        services.AddSingleton(p => new PrivacyLedger(
            source, p.GetRequiredService<LedgerKey>(), p.GetRequiredService<ILedgerAnchor>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new AuditTrail(
            source, p.GetRequiredService<LedgerKey>(), p.GetRequiredService<ILedgerAnchor>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<AuditTrail>>()));
        services.AddSingleton<IPrivacyLedger>(p => new AuditedPrivacyLedger(p.GetRequiredService<PrivacyLedger>(), p.GetRequiredService<AuditTrail>()));
        services.AddSingleton<ICatalogProjector>(p => new CatalogProjector(
            source, p.GetRequiredService<IObjectReader>(), p.GetRequiredService<PrivacyLedger>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IProgressLog>(_ => ProgressLog.Of(source));
        return services;
    }

    private static IDbContextFactory<CatalogContext> Contexts(IServiceProvider provider) =>
        provider.GetRequiredService<IDbContextFactory<CatalogContext>>();
}
