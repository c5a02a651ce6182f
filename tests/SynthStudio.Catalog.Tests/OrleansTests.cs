using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orleans.Storage;
using Orleans.TestingHost;

namespace SynthStudio.Catalog.Tests;

/// <summary>Our scripts under the real providers.</summary>
public abstract class OrleansTests(Provider provider) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleans-").FullName;
    private DbDataSource _database = null!;

    [TestInitialize]
    public async Task OpenAsync()
    {
        if (provider == Provider.Postgres)
        {
            _database = PostgresDatabase.Open(await PostgresDatabases.CreateAsync());
            return;
        }

        var connection = $"Data Source={Path.Combine(_folder, "grains.db")}";
        OrleansSqliteSchema.Apply(connection);
        _database = new SqliteDataSource(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [TestMethod]
    public async Task State_survives_a_restart_and_clearing_forgets_it()
    {
        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<INoteGrain>("a/b/c");
            Assert.IsNull(await grain.ReadAsync());
            Assert.AreEqual("1", await grain.WriteAsync("first"));
            Assert.AreEqual("2", await grain.WriteAsync("second"));
        }

        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<INoteGrain>("a/b/c");
            Assert.AreEqual("second", await grain.ReadAsync());
            Assert.IsNull(await cluster.Client.GetGrain<INoteGrain>("a/b").ReadAsync(), "another grain has its own state");
            await grain.ClearAsync();
            Assert.IsNull(await grain.ReadAsync());
            Assert.AreEqual("again", await WriteAndReadAsync(grain, "again"));
            await cluster.Client.GetGrain<INoteGrain>("never written").ClearAsync();
        }
    }

    [TestMethod]
    public async Task A_write_over_someone_elses_write_is_refused()
    {
        await using var cluster = await StartAsync();
        var grain = cluster.Client.GetGrain<INoteGrain>("conflict");
        await grain.WriteAsync("mine");
        Execute("UPDATE grain_states SET version = version + 1");
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync("stale"));
        Assert.AreEqual("mine", await grain.ReadAsync(), "a new activation reads what is stored");
        Assert.AreEqual("3", await grain.WriteAsync("fresh"));
        Execute("UPDATE grain_states SET version = version + 1");
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.ClearAsync());
        Assert.AreEqual("fresh", await grain.ReadAsync());
    }

    [TestMethod]
    public async Task Of_two_first_writes_one_wins()
    {
        await using var cluster = await StartAsync();
        var grain = cluster.Client.GetGrain<INoteGrain>("race");
        Assert.IsNull(await grain.ReadAsync());
        await grain.WriteAsync("ours");
        Execute("CREATE TABLE kept AS SELECT * FROM grain_states WHERE grain_id_extension = 'race'; DELETE FROM grain_states WHERE grain_id_extension = 'race'");
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync("over a deleted row"));
        Assert.IsNull(await grain.ReadAsync(), "read by a new activation");
        Execute("INSERT INTO grain_states SELECT * FROM kept");
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync("a second first write"));
        Assert.AreEqual("ours", await grain.ReadAsync());
    }

    [TestMethod]
    public async Task Many_grains_write_at_once()
    {
        await using var cluster = await StartAsync();
        var versions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => cluster.Client.GetGrain<INoteGrain>($"n{i % 50}").WriteAsync($"{i}")));
        Assert.AreEqual(50, versions.Count(v => v == "4"));
    }

    [TestMethod]
    public async Task A_reminder_survives_a_restart_and_can_be_removed()
    {
        await using (var cluster = await StartAsync())
            await cluster.Client.GetGrain<INoteGrain>("reminded").RemindAsync("tick");

        await using (var cluster = await StartAsync())
        {
            var grain = cluster.Client.GetGrain<INoteGrain>("reminded");
            var deadline = TimeSpan.FromMinutes(2);
            while (await grain.TicksAsync() == 0 && (deadline -= TimeSpan.FromMilliseconds(100)) > TimeSpan.Zero)
                await Task.Delay(100);
            Assert.IsGreaterThan(0, await grain.TicksAsync());
            await grain.RemindAsync("tick");
            CollectionAssert.AreEqual(new[] { "tick" }, (await grain.RemindersAsync()).ToArray());
            await grain.ForgetAsync("tick");
            Assert.IsEmpty(await grain.RemindersAsync());
        }
    }

    private static async Task<string?> WriteAndReadAsync(INoteGrain grain, string text)
    {
        await grain.WriteAsync(text);
        return await grain.ReadAsync();
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        var invariant = provider == Provider.Postgres ? PostgresDatabase.Invariant : OrleansSqliteSchema.Invariant;
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "synthstudio";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddAdoNetGrainStorageAsDefault(options =>
            {
                options.Invariant = invariant;
                options.DataSource = _database;
            });
            silo.UseAdoNetReminderService(options =>
            {
                options.Invariant = invariant;
                options.DataSource = _database;
            });
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private void Execute(string sql)
    {
        using var connection = _database.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
