using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Catalog.Tests;

/// <summary>Which database.</summary>
public enum Provider
{
    Sqlite,
    Postgres,
}

/// <summary>A catalog in a database of its own, as the hosts compose it.</summary>
internal sealed class TestCatalog : IAsyncDisposable
{
    public const string Project = "projects/p";

    private readonly Provider _provider;
    private readonly ServiceProvider _services;

    private TestCatalog(Provider provider, string connectionString, string folder)
    {
        (_provider, ConnectionString, Folder) = (provider, connectionString, folder);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddSingleton<IObjectReader>(Objects);
        _services = (provider == Provider.Sqlite
            ? services.AddSynthStudioCatalog(connectionString)
            : services.AddSynthStudioCatalog(
                PostgresDatabase.Open(connectionString), LedgerKey.Open(Path.Combine(folder, "ledger.key")),
                _ => new SqliteLedgerAnchor(Path.Combine(folder, "anchor.db")))).BuildServiceProvider();
    }

    public string Folder { get; }

    public string ConnectionString { get; }

    /// <summary>The pool that all of the catalog uses.</summary>
    public DbDataSource Database => _provider == Provider.Sqlite ? Get<SqliteDataSource>() : Get<PostgresDataSource>();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public MemoryObjects Objects { get; } = new();

    public static async Task<TestCatalog> CreateAsync(Provider provider)
    {
        var folder = Directory.CreateTempSubdirectory("catalog-").FullName;
        if (provider == Provider.Postgres) return new TestCatalog(provider, await PostgresDatabases.CreateAsync(), folder);

        var connectionString = $"Data Source={Path.Combine(folder, "catalog.db")}";
        CatalogSchema.Apply(connectionString);
        return new TestCatalog(provider, connectionString, folder);
    }

    /// <summary>The same database as another process sees it.</summary>
    public DbDataSource OpenAnother() =>
        _provider == Provider.Sqlite ? new SqliteDataSource(ConnectionString + ";Pooling=False") : PostgresDatabase.Open(ConnectionString);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<UserRecord> AddUserAsync(string id)
    {
        var user = new UserRecord { Name = $"users/{id}", Role = UserRole.User, CreateTime = Clock.GetUtcNow() };
        await Get<UserStore>().CreateAsync(user);
        return user;
    }

    public DatasetRecord NewDataset(string id, DatasetState state = DatasetState.Empty, string job = "") => new()
    {
        Name = $"{Project}/datasets/{id}",
        Project = Project,
        State = state,
        ProfileJob = job,
        Creator = "users/u",
        CreateTime = Clock.GetUtcNow(),
        UpdateTime = Clock.GetUtcNow(),
    };

    public async ValueTask DisposeAsync()
    {
        if (_provider == Provider.Postgres) await Database.DisposeAsync();
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Objects that a job left, by key.</summary>
    internal sealed class MemoryObjects : IObjectReader
    {
        public Dictionary<string, string> Texts { get; } = [];

        public Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation) => Task.FromResult(Texts[reference.Key]);
    }
}
