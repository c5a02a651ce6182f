using System.Buffers.Binary;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>
/// That a call began is written without waiting for the disk: a loss of power may take it, and then everything that was committed to the
/// database after it.
/// </summary>
[TestClass]
public sealed class PowerLossTests
{
    private const int LogHeaderBytes = 32, FrameHeaderBytes = 24, PageSizeOffset = 8;

    [TestMethod]
    public async Task Whatever_is_left_of_SQLites_log_has_no_change_whose_beginning_it_does_not_have()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var file = new SqliteConnectionStringBuilder(fixture.Database.ConnectionString).DataSource;
        await fixture.TamperAsync("CREATE TABLE changes (number INTEGER)");
        await fixture.WriteAsync(1); // The chain's end is remembered from here on.
        await fixture.TamperAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        for (var i = 1; i <= 5; i++)
        {
            var begun = await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(i));
            await fixture.TamperAsync("INSERT INTO changes VALUES (@number)", ("@number", begun.Sequence));
            await begun.Synced;
        }

        var (pages, log) = (await ReadAsync(file), await ReadAsync(file + "-wal"));
        var seen = new List<(long Begun, long Changed)>();
        foreach (var end in Commits(log)) seen.Add(await LeftAsync(pages, log.AsMemory(0, end)));

        CollectionAssert.AreEqual(
            Enumerable.Range(2, 5).SelectMany(n => new (long, long)[] { (n, n - 1), (n, n) }).ToArray(),
            seen.Select(s => (s.Begun, Math.Max(s.Changed, 1))).ToArray(),
            "Every beginning is one commit, and its change the one after it.");
    }

    [TestMethod]
    public async Task Only_entries_of_the_trail_do_not_wait_for_the_disk()
    {
        await using var sqlite = await AuditFixture.CreateAsync();
        await sqlite.WriteAsync(3);
        await sqlite.Trail.DisposeAsync();
        await using var postgres = await AuditFixture.CreateAsync(Provider.Postgres);
        await postgres.WriteAsync(3);

        Assert.AreEqual(2L, await ScalarAsync(sqlite, "PRAGMA synchronous"), "FULL, on the connections of all others.");
        Assert.AreEqual("on", await ScalarAsync(postgres, "SHOW synchronous_commit"));
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task A_beginning_is_there_at_once_for_every_process_and_is_synchronised_beside(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        var other = fixture.Open();

        for (var i = 1; i <= 20; i++)
        {
            var begun = await (i % 2 == 0 ? other : fixture.Trail).BeginAsync(AuditFixture.Chain, AuditFixture.Event(i));
            Assert.AreEqual(i, begun.Sequence);
            Assert.AreEqual(AuditEvent.BegunOutcome, (await other.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 1))[0].Event.Outcome);
            await begun.Synced;
        }

        Assert.IsTrue((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);
    }

    [TestMethod]
    public async Task What_is_not_on_the_disk_is_not_acknowledged_and_not_signed()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        using var disk = new Disk(fixture.Database);
        var trail = await OpenAloneAsync(fixture, disk);
        disk.Held = new TaskCompletionSource();

        var begun = await trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(2));
        var append = trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(3));
        while ((await trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Count < 3) await Task.Delay(1); // It is written.
        await trail.AnchorAsync();

        Assert.AreEqual((false, false), (begun.Synced.IsCompleted, append.IsCompleted));
        Assert.AreEqual(1, (await fixture.Anchor.FindAsync(AuditHead.AnchorName(AuditFixture.Chain), default))!.Value.Sequence);
        disk.Held.SetResult();
        await begun.Synced;
        Assert.AreEqual(3, await append);
        await trail.AnchorAsync();
        Assert.AreEqual(3, (await fixture.Anchor.FindAsync(AuditHead.AnchorName(AuditFixture.Chain), default))!.Value.Sequence);
    }

    [TestMethod]
    public async Task What_the_disk_did_not_take_is_heard_of_and_what_ended_then_names_no_number_that_may_be_anothers()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        using var disk = new Disk(fixture.Database);
        var trail = await OpenAloneAsync(fixture, disk);
        disk.Held = new TaskCompletionSource();
        var begun = await trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(2));

        disk.Held.SetException(new IOException("The disk is gone."));
        await Assert.ThrowsExactlyAsync<IOException>(() => begun.Synced);
        disk.Held = null;
        trail.End(begun, AuditFixture.Event(2));

        var end = (await trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 1))[0].Event;
        Assert.AreEqual(("OK", null), (end.Outcome, end.Begun));
    }

    [TestMethod]
    public async Task A_database_that_died_and_lost_entries_is_noticed_by_who_wrote_them_and_no_attack()
    {
        await using var fixture = await AuditFixture.CreateAsync(Provider.Postgres);
        using var disk = new Disk(fixture.Database);
        var trail = await OpenAloneAsync(fixture, disk);
        await trail.AnchorAsync();
        var hash = (await fixture.Database.ReadAsync("SELECT head_hash FROM audit_chains", r => r.GetFieldValue<byte[]>(0), default))[0];
        disk.Held = new TaskCompletionSource();
        var begun = await trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(2));

        // What a crash leaves of it, on a server that is back at once.
        await fixture.TamperAsync("DELETE FROM audit_entries WHERE sequence = 2");
        await fixture.TamperAsync("UPDATE audit_chains SET head_sequence = 1, head_hash = @hash", ("@hash", hash));
        disk.Held.SetResult();
        await Assert.ThrowsExactlyAsync<IOException>(() => begun.Synced);
        disk.Held = null;
        await trail.AnchorAsync();
        Assert.AreEqual(2, await trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(3)));
        await trail.AnchorAsync();

        Assert.IsEmpty(fixture.Errors);
        var found = await trail.VerifyAsync(AuditFixture.Chain);
        Assert.AreEqual((true, 2), (found.IsSound, found.Anchored));
    }

    [TestMethod]
    public async Task PostgreSQLs_log_is_on_the_disk_when_an_entry_is_said_to_be()
    {
        await using var fixture = await AuditFixture.CreateAsync(Provider.Postgres);
        using var disk = new Disk(fixture.Database);
        var trail = fixture.Open(adder: disk);
        await trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(0));
        for (var i = 1; i <= 20; i++)
        {
            disk.Held = new TaskCompletionSource();
            var begun = await trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(i));

            // Before the synchronisation begins: other databases have the same log, and what they write after it nobody waits for.
            var written = await ScalarAsync(fixture, "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS bigint)");
            disk.Held.SetResult();
            await begun.Synced;
            var flushed = await ScalarAsync(fixture, "SELECT CAST(pg_current_wal_flush_lsn() - '0/0' AS bigint)");
            Assert.IsGreaterThanOrEqualTo((long)written, (long)flushed);
        }
    }

    /// <summary>A trail on a disk of its own with one entry, after the fixture's has left, which would look for ends that nobody signed.</summary>
    private static async Task<AuditTrail> OpenAloneAsync(AuditFixture fixture, Disk disk)
    {
        await fixture.Trail.DisposeAsync();
        var trail = fixture.Open(adder: disk);
        await trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1));
        return trail;
    }

    /// <summary>Where the log ends after each commit: a frame's header has the size of the database there, and zero before the last of a commit.</summary>
    private static IEnumerable<int> Commits(byte[] log)
    {
        var frame = FrameHeaderBytes + BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(PageSizeOffset));
        for (var at = LogHeaderBytes; at + frame <= log.Length; at += frame)
        {
            if (BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(at + 4)) != 0) yield return at + frame;
        }
    }

    /// <summary>The last beginning and the last change in what a loss of power left.</summary>
    private static async Task<(long Begun, long Changed)> LeftAsync(byte[] pages, ReadOnlyMemory<byte> log)
    {
        var folder = Directory.CreateTempSubdirectory("left-").FullName;
        try
        {
            var file = Path.Combine(folder, "catalog.db");
            await File.WriteAllBytesAsync(file, pages);
            await File.WriteAllBytesAsync(file + "-wal", log.ToArray());
            await using var left = new SqliteDataSource($"Data Source={file};Pooling=False");
            return (await left.ReadAsync(
                "SELECT (SELECT max(sequence) FROM audit_entries), (SELECT coalesce(max(number), 0) FROM changes)", r => (r.GetInt64(0), r.GetInt64(1)), default))[0];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task<object> ScalarAsync(AuditFixture fixture, string sql) => (await fixture.Database.ReadAsync(sql, r => r.GetValue(0), default))[0];

    /// <summary>The database's own way to add, on a disk that may be slow, or fail.</summary>
    private sealed class Disk(DbDataSource database) : IAuditAdder
    {
        private readonly IAuditAdder _own = AuditWriter.AdderOf(database);

        /// <summary>What it waits for before it synchronises; null for nothing.</summary>
        public TaskCompletionSource? Held { get; set; }

        public Task<IReadOnlyList<string>> AddAsync(
            IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation) =>
            _own.AddAsync(ends, lines, cancellation);

        public async Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written)
        {
            if (Held is { } held) await held.Task;
            await _own.SyncAsync(written);
        }

        public void Dispose()
        {
            Held?.TrySetResult(); // A test that failed waits for nobody.
            _own.Dispose();
        }
    }
}
