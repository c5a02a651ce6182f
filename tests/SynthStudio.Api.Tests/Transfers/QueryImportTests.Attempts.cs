using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SynthStudio.Api.Transfers;
using SynthStudio.Api.Transfers.Postgres;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>What becomes of a transfer when its replica dies or stops, a database is away for a while, or who asked for it may not any more.</summary>
public sealed partial class QueryImportTests
{
    [TestMethod]
    [DataRow(false, DisplayName = "in the middle")]
    [DataRow(true, DisplayName = "at the end, before it could say so")]
    public async Task What_a_replica_that_died_left_is_begun_anew_by_another_one(bool atEnd)
    {
        await using var server = await ApiServer.StartAsync(options =>
        {
            Allow(options.Transfers);
            options.Features.Transfers = true;
        });
        await server.Services.GetServices<IHostedService>().OfType<TransferRunner>().Single().StopAsync(Cancellation); // The replica that died.
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var created = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT * FROM generate_series(1, 1000) AS n" } } });
        var transfers = server.Get<TransferStore>();
        var taken = (await transfers.TakeAsync(TimeSpan.FromMilliseconds(200), 1, Cancellation))!;
        var sink = (await server.Get<ImportSinks>()
            .BeginAsync(taken.Spec.Query!.Upload, taken.Spec.Query.Dataset, sha256: null, new TransferProgress(), Cancellation))!;
        var rows = "n\n" + string.Concat(Enumerable.Range(1, 1000).Select(n => $"{n}\n"));
        await sink.AppendAsync(atEnd ? System.Text.Encoding.UTF8.GetBytes(rows) : "n\n1\n2\nhalf a ro"u8.ToArray(), 2, Cancellation);
        if (atEnd) await sink.CompleteAsync(Cancellation);

        var other = server.Get<TransferOptions>();
        other.PollInterval = TimeSpan.FromMilliseconds(20);
        using var runner = ActivatorUtilities.CreateInstance<TransferRunner>(server.Services);
        await runner.StartAsync(Cancellation);
        var done = await EndAsync(client, created);
        await runner.StopAsync(Cancellation);

        Assert.AreEqual((V1.TransferState.Succeeded, 2, 1000), (done.State, done.Attempt, done.RowCount), done.Error?.Message);
        Assert.AreEqual(rows.Length, done.SizeBytes);
        Assert.AreEqual(rows, await ContentAsync(done.Dataset, server));
        Assert.IsNull(await transfers.KeepAsync(taken, TimeSpan.FromMinutes(1), 5, 5, Cancellation), "What the dead one says counts no more.");
        Assert.IsFalse(await transfers.EndAsync(taken, TransferState.Failed, 0, 0, null, Cancellation));
        await RefusedAsync(StatusCode.OutOfRange, null, () => sink.AppendAsync("more"u8.ToArray(), 0, Cancellation), StatusCode.FailedPrecondition);
    }

    [TestMethod]
    [DataRow("n\n1\n2\n", 2)]
    [DataRow("n\n", 0)]
    [DataRow("", 0)]
    public async Task The_header_is_no_row_when_rows_are_counted_again(string csv, int rows)
    {
        var tenant = await Tenant.CreateAsync(_open);
        var store = _open.Get<DatasetStore>();
        var content = await _open.Worker.PutAsync(csv);
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset, Cancellation))! with { Object = content }, Cancellation);
        var progress = new TransferProgress();

        await _open.Get<ImportSinks>().RecountAsync(tenant.Dataset, new CsvRowCounter(), progress, Cancellation);

        Assert.AreEqual((rows, csv.Length), (progress.Rows, progress.Bytes));
    }

    [TestMethod]
    public async Task Outages_and_stops_give_a_transfer_back_and_deaths_alone_use_it_up()
    {
        await using var server = await ApiServer.StartAsync(options =>
        {
            Allow(options.Transfers);
            options.Features.Transfers = true;
        });
        await server.Services.GetServices<IHostedService>().OfType<TransferRunner>().Single().StopAsync(Cancellation);
        using var client = server.Client((await server.UserAsync()).Key);
        var transfers = server.Get<TransferStore>();

        Exception[] outages =
        [
            new TransferInterruptedException(new IOException("away")), new SiloUnavailableException("away"),
            NotSaved(new NpgsqlException("Away.", new EndOfStreamException())), new TaskCanceledException("A silo gave up."),
        ];
        foreach (var outage in outages)
        {
            var interrupted = await CreateAsync();
            using var runner = Runner(_ => throw outage);
            await runner.StartAsync(Cancellation);
            await EventuallyAsync(
                () => transfers.FindAsync(interrupted, Cancellation),
                t => t is { State: TransferState.Pending, Attempt: 1, Spec: { Interruptions: 1, Returns: 0 } });
            await runner.StopAsync(Cancellation);
            await transfers.CancelAllAsync(string.Join('/', interrupted.Split('/')[..2]), Cancellation); // Else it is tried again below.
        }

        var carried = await CreateAsync();
        for (var stops = 1; stops <= 4; stops++)
        {
            using var runner = Runner(stop => Task.Delay(Timeout.Infinite, stop));
            await runner.StartAsync(Cancellation);
            await EventuallyAsync(() => transfers.FindAsync(carried, Cancellation), t => t!.State == TransferState.Running);
            await runner.StopAsync(Cancellation);
            var found = (await transfers.FindAsync(carried, Cancellation))!;
            Assert.AreEqual((TransferState.Pending, stops, stops, 0), (found.State, found.Attempt, found.Spec.Returns, found.Spec.Interruptions));
        }

        for (var deaths = 0; deaths < 3; deaths++)
            await EventuallyAsync(() => transfers.TakeAsync(TimeSpan.FromMilliseconds(1), 1, Cancellation), t => t?.Name == carried);
        using (var runner = Runner(_ => Task.CompletedTask))
        {
            await runner.StartAsync(Cancellation);
            var over = await EventuallyAsync(() => transfers.FindAsync(carried, Cancellation), t => t!.EndTime is not null);
            await runner.StopAsync(Cancellation);
            Assert.AreEqual((TransferState.Failed, 8, "ABANDONED"), (over!.State, over.Attempt, over.Error?.Reason));
        }

        TransferRunner Runner(Func<CancellationToken, Task> work) =>
            ActivatorUtilities.CreateInstance<TransferRunner>(server.Services, (object)new ITransferWork[] { new Work(work) });

        async Task<string> CreateAsync() => (await client.Transfers.CreateTransferAsync(
            new() { Parent = await client.ProjectAsync(), Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT 1 AS one" } } })).Name;
    }

    [TestMethod]
    public async Task Who_lost_an_import_completes_nothing_of_what_another_one_writes()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = await client.ProjectAsync(), Upload = new() { FileName = "rows.csv" } });
        var sinks = _open.Get<ImportSinks>();
        var lost = (await sinks.BeginAsync(upload.Name, upload.Dataset, sha256: null, new TransferProgress(), Cancellation))!;
        await lost.AppendAsync("n\n1\n2\n"u8.ToArray(), 2, Cancellation);
        var heir = (await sinks.BeginAsync(upload.Name, upload.Dataset, sha256: null, new TransferProgress(), Cancellation))!;
        await heir.AppendAsync("n\n1\n"u8.ToArray(), 1, Cancellation);

        await Assert.ThrowsAsync<TransferInterruptedException>(() => lost.CompleteAsync(Cancellation));

        Assert.IsNull((await _open.Get<DatasetStore>().FindAsync(upload.Dataset, Cancellation))!.Object);
        await heir.AppendAsync("2\n"u8.ToArray(), 1, Cancellation);
        await heir.CompleteAsync(Cancellation);
        Assert.AreEqual("n\n1\n2\n", await ContentAsync(upload.Dataset));
        await Assert.ThrowsAsync<TransferInterruptedException>(() => lost.CompleteAsync(Cancellation));
    }

    [TestMethod]
    public async Task An_import_that_died_before_its_upload_ended_is_ended_by_the_next_attempt()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = await client.ProjectAsync(), Upload = new() { FileName = "rows.csv" } });
        var sink = (await _open.Get<ImportSinks>().BeginAsync(upload.Name, upload.Dataset, sha256: null, new TransferProgress(), Cancellation))!;
        await sink.AppendAsync("n\n1\n"u8.ToArray(), 1, Cancellation);
        await Assert.ThrowsAsync<IOException>(() => Failing(nameof(IUploadStore.DiscardAsync), new IOException("died"))
            .CompleteAsync(upload.Name, sha256: null, Cancellation));
        var before = (await _open.Get<DatasetStore>().FindAsync(upload.Dataset, Cancellation))!;
        Assert.IsNotNull(before.Object);
        Assert.IsNull(await _open.Get<JobIndex>().FindAsync(before.ProfileJob, Cancellation));

        Assert.IsNull(await _open.Get<ImportSinks>().BeginAsync(upload.Name, upload.Dataset, sha256: null, new TransferProgress(), Cancellation));

        Assert.AreEqual(V1.UploadState.Completed, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State);
        await EventuallyAsync(() => _open.Get<JobIndex>().FindAsync(before.ProfileJob, Cancellation), job => job is not null);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true, DisplayName = "in the midst of a statement of Entity Framework's")]
    public async Task An_outage_of_the_servers_own_database_is_not_the_users(bool isWrapped)
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = await client.ProjectAsync(), Upload = new() { FileName = "rows.csv" } });
        var broken = new NpgsqlException("Away.", new System.Net.Sockets.SocketException());
        Exception away = isWrapped ? NotSaved(broken) : broken;
        var work = new QueryImportWork(
            ActivatorUtilities.CreateInstance<ImportSinks>(_open.Services, Failing(nameof(IUploadStore.AppendAsync), away)),
            _open.Get<ForeignPlaces>());
        var transfer = new TransferRecord
        {
            Name = "projects/p/transfers/t", Project = "projects/p", Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
            Endpoint = new()
            {
                Postgres = new PostgresAddress(
                    _database.Host!, _database.Port, _database.Database!, _database.Username!, TransportSecurity.None),
            },
            Spec = new() { Query = new QueryImport(upload.Name, upload.Dataset, "SELECT * FROM generate_series(1, 1000) AS n", 1000, 60) },
        };

        var error = await Assert.ThrowsAsync<TransferInterruptedException>(() => work.RunAsync(transfer, Password, new TransferProgress(), Cancellation));

        Assert.AreSame(away, error.InnerException);
    }

    /// <summary>What Entity Framework makes of a failure of the statements that save something.</summary>
    private static Microsoft.EntityFrameworkCore.DbUpdateException NotSaved(NpgsqlException failure) => new("Not saved.", failure);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task What_a_member_asked_for_ends_when_they_are_locked_out_or_lose_their_role(bool isLockedOut)
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var (leaver, key) = await _open.UserAsync();
        await _open.Get<ProjectStore>().SetRoleAsync(project, leaver, ProjectRole.Editor, cancellation: Cancellation);
        using var leaving = _open.Client(key);
        var first = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT pg_sleep(60)::text" } } });
        await EventuallyAsync(async () => await client.Transfers.GetTransferAsync(new() { Name = first.Name }), t => t.State == V1.TransferState.Running);
        var second = await leaving.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT 1 AS one" } } });
        if (isLockedOut) await _open.Get<PersonStore>().LockOutAsync(leaver, orphans: true, keepMade: false, TimeProvider.System.GetUtcNow(), Cancellation);
        else await _open.Get<ProjectStore>().SetRoleAsync(project, leaver, ProjectRole.Viewer, cancellation: Cancellation);
        Assert.AreEqual(V1.TransferState.Pending, (await client.Transfers.GetTransferAsync(new() { Name = second.Name })).State, "One of a project at once.");

        await client.Transfers.CancelTransferAsync(new() { Name = first.Name });
        var ended = await EndAsync(client, second);

        Assert.AreEqual((V1.TransferState.Failed, "CREATOR_NOT_ALLOWED"), (ended.State, ended.Error?.Reason));
        await EventuallyAsync(() => FindAsync(client, second.Dataset), found => found is null);
    }
}
