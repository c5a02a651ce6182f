using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage;

namespace SynthStudio.Catalog;

public static class CatalogServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalog in a SQLite file: the stores the API uses and the ports the grains use. The file must have its schema
    /// (<see cref="CatalogSchema.Apply"/>) before the first of them is used. Asks for <see cref="TimeProvider"/>,
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
        services.AddPooledDbContextFactory<CatalogContext>(options => options
            .UseSqlite(source.ConnectionString)
            .AddInterceptors(SqliteConnectionSetup.Instance)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // A name that is taken is an answer, not an incident; every other failure reaches the caller and is logged there.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.CommandError, CoreEventId.SaveChangesFailed)));
        services.AddSingleton(new UserStore(source));
        services.AddSingleton(new ApiKeyStore(source));
        services.AddSingleton(new SigningKeyStore(source));
        services.AddSingleton(new ProjectStore(source));
        services.AddSingleton(p => new DatasetStore(Contexts(p)));
        services.AddSingleton(p => new UploadIndex(Contexts(p)));
        services.AddSingleton(p => new GeneratorIndex(Contexts(p)));
        services.AddSingleton(p => new SyntheticDatasetStore(Contexts(p)));
        services.AddSingleton(p => new EvaluationStore(Contexts(p)));
        services.AddSingleton(p => new JobIndex(Contexts(p)));
        services.AddSingleton(new RequestLog(source, owner: Guid.CreateVersion7().ToString("N")));
        services.AddSingleton(p => new ObjectSweep(
            new ObjectReferences(source), p.GetRequiredService<IObjectStore>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new CatalogWarmUp(Contexts(p)));
        services.AddSingleton<ILeaseStore>(new LeaseStore(source));
        services.AddSingleton(p => Ledger(source, ledgerFolder, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPrivacyLedger>(p => p.GetRequiredService<PrivacyLedger>());
        services.AddSingleton<ICatalogProjector>(p => new CatalogProjector(
            source, p.GetRequiredService<IObjectReader>(), p.GetRequiredService<PrivacyLedger>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IProgressLog>(_ => new SqliteProgressLog(source));
        return services;
    }

    private static PrivacyLedger Ledger(SqliteDataSource source, string? folder, TimeProvider time)
    {
        folder ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(source.ConnectionString).DataSource))!, "ledger");
        return new PrivacyLedger(source, LedgerKey.Open(Path.Combine(folder, "ledger.key")), new SqliteLedgerAnchor(Path.Combine(folder, "anchor.db")), time);
    }

    private static IDbContextFactory<CatalogContext> Contexts(IServiceProvider provider) =>
        provider.GetRequiredService<IDbContextFactory<CatalogContext>>();
}
