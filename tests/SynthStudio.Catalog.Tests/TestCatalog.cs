using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Catalog.Tests;

/// <summary>A catalog in a file of its own, as the hosts compose it.</summary>
internal sealed class TestCatalog : IAsyncDisposable
{
    public const string Project = "projects/p";

    private readonly ServiceProvider _services;

    private TestCatalog(string folder)
    {
        Folder = folder;
        CatalogSchema.Apply(ConnectionString);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IObjectReader>(Objects)
            .AddSynthStudioCatalog(ConnectionString)
            .BuildServiceProvider();
    }

    public string Folder { get; }

    public string ConnectionString => $"Data Source={Path.Combine(Folder, "catalog.db")}";

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public MemoryObjects Objects { get; } = new();

    public static TestCatalog Create() => new(Directory.CreateTempSubdirectory("catalog-").FullName);

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
