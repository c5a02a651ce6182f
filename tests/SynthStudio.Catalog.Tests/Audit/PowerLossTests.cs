using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>That a call began is written without waiting for the disk: a loss of power may take it, and then everything that was committed to the database after it.</summary>
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
            Enumerable.Range(2, 5).SelectMany(n => new (long, long)[] { (n, n - 1), (n, n) }).ToArray(), seen.Select(s => (s.Begun, Math.Max(s.Changed, 1))).ToArray(),
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

        Assert.AreEqual(2L, await ScalarAsync(sqlite, "PRAGMA synchronous"), "FULL, on the connection that the trail gave back.");
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
}
