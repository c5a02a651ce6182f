using System.Data.Common;
using System.Runtime.CompilerServices;

namespace SynthStudio.Catalog.Audit;

/// <summary>Reads the lines of chains as they are stored, unchecked.</summary>
internal sealed class AuditLines(DbDataSource database)
{
    private const int LinesARead = 5_000;
    private const string ReadLines = "SELECT sequence, line, hash FROM audit_entries WHERE chain = @chain AND sequence > @after ORDER BY sequence LIMIT @limit";
    private const string FindHash = "SELECT hash FROM audit_entries WHERE chain = @chain AND sequence = @sequence";
    private const string FindStrays = """
        SELECT sequence FROM audit_entries WHERE chain = @chain AND sequence < 1
        UNION ALL
        SELECT sequence FROM audit_entries WHERE chain = @chain AND sequence > coalesce((SELECT head_sequence FROM audit_chains WHERE name = @chain), 0)
        ORDER BY sequence LIMIT @limit
        """;

    private const string FindEnd = "SELECT head_sequence, head_hash FROM audit_chains WHERE name = @chain";

    /// <summary>The end that the database names; that of an empty chain when it names none.</summary>
    public async Task<(long Sequence, byte[] Hash)> EndAsync(string chain, CancellationToken cancellation) =>
        await database.ReadAsync(FindEnd, r => (r.GetInt64(0), r.GetFieldValue<byte[]>(1)), cancellation, ("@chain", chain)) is [var end]
            ? end
            : (0, AuditLine.Root(chain));

    /// <summary>The ends of all chains that the database names.</summary>
    public async Task<IReadOnlyList<(string Chain, long Sequence, byte[] Hash)>> EndsAsync(CancellationToken cancellation) =>
        await database.ReadAsync(
            "SELECT name, head_sequence, head_hash FROM audit_chains",
            r => (r.GetString(0), r.GetInt64(1), r.GetFieldValue<byte[]>(2)), cancellation);

    /// <summary>The hash that is stored with a line; null when the line is not there.</summary>
    public async Task<byte[]?> HashAsync(string chain, long sequence, CancellationToken cancellation) =>
        await database.ReadAsync(FindHash, r => r.GetFieldValue<byte[]>(0), cancellation, ("@chain", chain), ("@sequence", sequence)) is [var hash] ? hash : null;

    /// <summary>
    /// Numbers of lines that nobody goes along, as they stand before the first or behind the end that the database names: the service
    /// writes none there.
    /// </summary>
    public Task<List<long>> StraysAsync(string chain, CancellationToken cancellation) =>
        database.ReadAsync(FindStrays, r => r.GetInt64(0), cancellation, ("@chain", chain), ("@limit", AuditVerification.MostFaults));

    /// <summary>The lines after one up to another, a page at a time, in UTF-8 as they are hashed. The next page is on its way while one is looked at.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="after">Number of the line before the first.</param>
    /// <param name="last">Number of the last.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async IAsyncEnumerable<List<(long Sequence, byte[] Line, byte[] Hash)>> PagesAsync(
        string chain, long after, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = ReadAsync(after);
        while (true)
        {
            var lines = await next;
            var isLast = lines.Count < LinesARead || lines[^1].Sequence >= last;
            if (!isLast) next = ReadAsync(lines[^1].Sequence);
            yield return isLast ? lines.FindAll(line => line.Sequence <= last) : lines;
            if (isLast) yield break;
        }

        Task<List<(long Sequence, byte[] Line, byte[] Hash)>> ReadAsync(long from) => database.ReadAsync(
            ReadLines, r => (r.GetInt64(0), r.GetFieldValue<byte[]>(1), r.GetFieldValue<byte[]>(2)), cancellation,
            ("@chain", chain), ("@after", from), ("@limit", LinesARead));
    }
}
