using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Services;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>Who carries out a transfer asks again and again whether it may, stops in time when nobody answers, and outlives an answer that is late.</summary>
[TestClass]
public sealed class KeepingTests : ApiTest
{
    private const string Project = "projects/p", Name = Project + "/transfers/t";
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(2), KeepTimeout = TimeSpan.FromSeconds(5),
        Lease = TimeSpan.FromSeconds(30), CreatorInterval = TimeSpan.FromSeconds(20);

    private readonly Clock _clock = new();
    private readonly TaskCompletionSource _began = new(), _stopped = new();

    private PostgresDataSource _database = null!;
    private ServiceProvider _services = null!;
    private string _folder = "";

    [TestInitialize]
    public async Task OpenAsync()
    {
        _folder = Directory.CreateTempSubdirectory("keeping-").FullName;
        _database = PostgresDatabase.Open(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        await new PostgresMigrator(_database).ApplyAsync();
        _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSynthStudioStorage(new StorageOptions { Root = _folder })
            .AddSynthStudioCatalog(_database, LedgerKey.Open(Path.Combine(_folder, "ledger.key")), _ => new SqliteLedgerAnchor(Path.Combine(_folder, "anchor.db")))
            .AddSingleton<MembershipCache>().AddSingleton<RealRowGate>()
            .AddSingleton(new TransferOptions { PollInterval = TimeSpan.FromMilliseconds(20), AtOnce = 1 }).BuildServiceProvider();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var user in (string[])["users/o", "users/u"])
            await Get<UserStore>().CreateAsync(new UserRecord { Name = user, Role = UserRole.User, CreateTime = now }, Cancellation);
        await Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = Project, Creator = "users/o", CreateTime = now, UpdateTime = now }, Cancellation);
        await Get<ProjectStore>().SetRoleAsync(Project, "users/u", ProjectRole.Editor, cancellation: Cancellation);
        var seal = Get<ConnectionStore>().Seal("secret", Name);
        await Transfers.TryCreateAsync(
            new TransferRecord
            {
                Name = Name, Project = Project, Creator = "users/u", CreateTime = now, SealedSecret = seal,
                Endpoint = new() { Postgres = new PostgresAddress("db.example.org", 5432, "shop", "reader", TransportSecurity.Verified) },
                Spec = new() { Query = new QueryImport($"{Project}/uploads/u", $"{Project}/datasets/d", "SELECT 1", 1, 1) },
            }, 9, Cancellation);
    }

    [TestCleanup]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task A_database_that_does_not_answer_ends_the_work_before_somebody_else_may_have_it()
    {
        using var runner = await BeginAsync();
        await using (await HoldAsync())
        {
            var rounds = 0;
            for (; KeepInterval * rounds + KeepTimeout * rounds < Lease - KeepTimeout - KeepInterval; rounds++)
            {
                Assert.IsFalse(_stopped.Task.IsCompleted, $"A late answer is none; {rounds} were.");
                await _clock.PassAsync(KeepInterval, Cancellation);
                await _clock.PassAsync(KeepTimeout, Cancellation);
            }

            await _stopped.Task.WaitAsync(Cancellation);
            Assert.IsLessThan(Lease, (KeepInterval + KeepTimeout) * rounds);
        }

        await runner.StopAsync(Cancellation);
        var left = (await Transfers.FindAsync(Name, Cancellation))!;
        Assert.AreEqual((TransferState.Running, 1, 0, 0), (left.State, left.Attempt, left.Spec.Interruptions, left.Spec.Returns), "Who takes it next finds it by its lease.");
    }

    [TestMethod]
    public async Task A_database_that_fails_in_a_way_that_is_no_databases_ends_the_work_in_time_too()
    {
        using var runner = await BeginAsync();
        await _database.DisposeAsync();
        for (var passed = TimeSpan.Zero; passed < Lease - KeepTimeout - KeepInterval; passed += KeepInterval)
            await _clock.PassAsync(KeepInterval, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await _stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await runner.StopAsync(Cancellation);
    }

    [TestMethod]
    public async Task Late_answers_count_from_the_last_one_that_came()
    {
        using var runner = await BeginAsync();
        await using (await HoldAsync())
        {
            await _clock.PassAsync(KeepInterval, Cancellation);
            await _clock.PassAsync(KeepTimeout, Cancellation);
        }

        var due = await DueAsync();
        await _clock.PassAsync(KeepInterval, Cancellation);
        await EventuallyAsync(DueAsync, now => now > due);
        await using (await HoldAsync())
        {
            for (var rounds = 0; rounds < 3; rounds++)
            {
                await _clock.PassAsync(KeepInterval, Cancellation);
                await _clock.PassAsync(KeepTimeout, Cancellation);
            }

            await _clock.WaitForAsync(KeepInterval, Cancellation);
            Assert.IsFalse(_stopped.Task.IsCompleted, "All four late answers together would be too many; the last three are not.");
        }

        await runner.StopAsync(Cancellation);
    }

    [TestMethod]
    public async Task Whether_who_asked_for_it_may_is_looked_at_every_twenty_seconds()
    {
        using var runner = await BeginAsync();
        await Get<ProjectStore>().SetRoleAsync(Project, "users/u", ProjectRole.Viewer, cancellation: Cancellation);
        for (var passed = KeepInterval; passed < CreatorInterval; passed += KeepInterval) await _clock.PassAsync(KeepInterval, Cancellation);
        await _clock.WaitForAsync(KeepInterval, Cancellation);
        Assert.IsFalse(_stopped.Task.IsCompleted, "Eighteen seconds.");
        _clock.Advance(KeepInterval);
        await _stopped.Task.WaitAsync(Cancellation);

        var ended = await EventuallyAsync(() => Transfers.FindAsync(Name, Cancellation), found => found!.EndTime is not null);
        await runner.StopAsync(Cancellation);
        Assert.AreEqual((TransferState.Failed, "CREATOR_NOT_ALLOWED"), (ended!.State, ended.Error?.Reason));
    }

    [TestMethod]
    public async Task A_replica_whose_disk_is_full_gives_the_transfer_back()
    {
        using var runner = NewRunner(new Full(() => Task.CompletedTask));
        await runner.StartAsync(Cancellation);

        var left = await EventuallyAsync(() => Transfers.FindAsync(Name, Cancellation), found => found!.Spec.Interruptions > 0 || found.EndTime is not null);
        await runner.StopAsync(Cancellation);

        Assert.AreEqual((TransferState.Pending, 1, (WorkError?)null), (left!.State, left.Spec.Interruptions, left.Error));
    }

    [TestMethod]
    public async Task A_transfer_that_ended_by_an_outage_is_given_back_when_that_is_over()
    {
        using var runner = NewRunner(new Full(() => ExecuteAsync(
            """
            CREATE FUNCTION be_away() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'starting up' USING ERRCODE = '57P03'; END $$;
            CREATE TRIGGER away BEFORE UPDATE ON transfers EXECUTE FUNCTION be_away()
            """)));
        await runner.StartAsync(Cancellation);
        await _clock.WaitForAsync(KeepInterval, Cancellation); // The first is the keeper's, who hears of the end before it is told.
        await _clock.WaitForAsync(KeepInterval, Cancellation);

        await ExecuteAsync("DROP TRIGGER away ON transfers");
        _clock.Advance(KeepInterval);

        var left = await EventuallyAsync(() => Transfers.FindAsync(Name, Cancellation), found => found!.State == TransferState.Pending);
        await runner.StopAsync(Cancellation);
        Assert.AreEqual((1, 1), (left!.Attempt, left.Spec.Interruptions));
    }

    private TransferStore Transfers => Get<TransferStore>();

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A replica that has taken the transfer and works on it until it is stopped.</summary>
    private async Task<TransferRunner> BeginAsync()
    {
        var runner = NewRunner(new Endless(_began, _stopped));
        await runner.StartAsync(Cancellation);
        await _began.Task.WaitAsync(Cancellation);
        return runner;
    }

    private TransferRunner NewRunner(ITransferWork work) => ActivatorUtilities.CreateInstance<TransferRunner>(_services, (object)new[] { work }, _clock);

    /// <summary>Keeps everybody from the transfer's row, so that what is said of it is not answered.</summary>
    private async Task<DbConnection> HoldAsync()
    {
        var connection = await _database.OpenConnectionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT 1 FROM transfers FOR UPDATE";
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private async Task ExecuteAsync(string statements)
    {
        await using var command = _database.CreateCommand(statements);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<long> DueAsync()
    {
        await using var command = _database.CreateCommand("SELECT due_time FROM transfers");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private sealed class Endless(TaskCompletionSource began, TaskCompletionSource stopped) : ITransferWork
    {
        public bool Does(TransferSpec spec) => true;

        public async Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
        {
            began.TrySetResult();
            using var _ = cancellation.Register(() => stopped.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class Full(Func<Task> before) : ITransferWork
    {
        public bool Does(TransferSpec spec) => true;

        public async Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation)
        {
            await before();
            throw new StorageFullException(new IOException("No space left on device"));
        }

        public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => Task.CompletedTask;
    }

    /// <summary>A clock that the test turns when somebody waits for it.</summary>
    private sealed class Clock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero))
    {
        private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(dueTime);
            return timer;
        }

        /// <summary>Waits until somebody waits for so long; each once.</summary>
        public async Task WaitForAsync(TimeSpan time, CancellationToken cancellation)
        {
            while (await _timers.Reader.ReadAsync(cancellation) != time)
            {
            }
        }

        /// <summary>The same, and lets the time pass.</summary>
        public async Task PassAsync(TimeSpan time, CancellationToken cancellation)
        {
            await WaitForAsync(time, cancellation);
            Advance(time);
        }
    }
}
