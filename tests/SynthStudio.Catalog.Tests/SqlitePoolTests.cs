using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// Connections to SQLite come from a pool that may hand one out twice when two ask in the same moment (<see cref="SqliteConnectionSetup"/>): whatever
/// opens one waits for its turn.
/// </summary>
[TestClass, DoNotParallelize]
public sealed class SqlitePoolTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Whoever_opens_a_connection_waits_until_another_is_open()
    {
        await using var catalog = await TestCatalog.CreateAsync(Provider.Sqlite);
        using var first = new SqliteConnection(catalog.ConnectionString);
        using var isOpening = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var opening = Task.Run(() => SqliteConnectionSetup.Open(first, () =>
        {
            isOpening.Set();
            mayGoOn.Wait(TestContext.CancellationToken);
            first.Open();
        }));
        isOpening.Wait(TestContext.CancellationToken);

        Task[] others =
        [
            Task.Run(async () =>
            {
                await using var context = await catalog.Get<IDbContextFactory<CatalogContext>>().CreateDbContextAsync(TestContext.CancellationToken);
                await context.Database.OpenConnectionAsync(TestContext.CancellationToken);
            }),
            Task.Run(() =>
            {
                using var context = catalog.Get<IDbContextFactory<CatalogContext>>().CreateDbContext();
                context.Database.OpenConnection();
            }),
            Task.Run(async () => await (await catalog.Database.OpenConnectionAsync(TestContext.CancellationToken)).DisposeAsync()),
        ];
        await Task.Delay(Moment, TestContext.CancellationToken);
        Assert.IsFalse(others.Any(task => task.IsCompleted));

        mayGoOn.Set();
        await opening;
        await Task.WhenAll(others);
    }
}
