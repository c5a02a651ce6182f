using System.Data.Common;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>
/// Which populations a data set's people belong to: those of every data set of its project with the same bytes, with rows in common, or with people
/// in common though in other columns, or one of its own. A data set only ever gains populations.
/// </summary>
internal static class PopulationMap
{
    private const string Siblings = """
        SELECT f.dataset, f.sha256, f.sketch, f.repeated, f.cell_groups, (SELECT count(*) FROM privacy_datasets d WHERE d.dataset = f.dataset)
        FROM privacy_fingerprints f WHERE f.project = @project AND f.dataset <> @dataset
        """;

    private const string Remember = """
        INSERT INTO privacy_fingerprints (dataset, project, sha256, sketch, repeated, cell_groups)
        VALUES (@dataset, @project, @sha256, @sketch, @repeated, @groups)
        ON CONFLICT (dataset) DO UPDATE SET
            sha256 = excluded.sha256, sketch = excluded.sketch, repeated = excluded.repeated, cell_groups = excluded.cell_groups
        WHERE length(excluded.sketch) >= length(privacy_fingerprints.sketch)
        """;

    private const string Join = """
        INSERT INTO privacy_datasets (dataset, population) SELECT @dataset, population FROM privacy_datasets WHERE dataset = @other
        ON CONFLICT (dataset, population) DO NOTHING
        """;

    private const string Shared = """
        SELECT 1 FROM privacy_datasets mine JOIN privacy_datasets theirs ON theirs.population = mine.population
        WHERE mine.dataset = @dataset AND theirs.dataset = @other
        """;

    private const string Create = """
        INSERT INTO privacy_populations (name, project, state, head_sequence, head_hash, create_time) VALUES (@name, @project, @state, 0, @root, @now)
        """;

    /// <summary>The populations of a data set, by name; empty when it was never registered.</summary>
    public static Task<List<string>> FindAsync(DbConnection connection, string dataset, CancellationToken cancellation) => connection
        .Command("SELECT population FROM privacy_datasets WHERE dataset = @dataset ORDER BY population", ("@dataset", dataset))
        .ReadAsync(r => r.GetString(0), cancellation);

    /// <summary>Places a data set. Repeating it changes nothing.</summary>
    /// <remarks>
    /// A table that holds the people of several populations (a join, a union) is charged in all of them. Therefore a further table that shares people
    /// with it, and is known to belong to one of these by a table of fewer populations, needs no other: what is released through either is on
    /// record there.
    /// </remarks>
    /// <param name="connection">Inside of a transaction.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="sha256">Of its bytes.</param>
    /// <param name="fingerprints">Of its rows; <see cref="TableFingerprints.None"/> while they are not known.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public static async Task RegisterAsync(
        DbConnection connection, string dataset, string sha256, TableFingerprints fingerprints, DateTimeOffset now, CancellationToken cancellation)
    {
        var project = ResourceNames.Project(dataset);
        await connection.Command(
            Remember, ("@dataset", dataset), ("@project", project), ("@sha256", sha256), ("@sketch", fingerprints.Rows.ToBytes()),
            ("@repeated", fingerprints.Rows.Repeated), ("@groups", fingerprints.Groups.ToBytes())).ExecuteAsync(cancellation);
        var siblings = await connection.Command(Siblings, ("@project", project), ("@dataset", dataset)).ReadAsync(
            r => new Sibling(
                r.GetString(0), r.GetString(1),
                new TableFingerprints(RowSketch.FromBytes(r.GetFieldValue<byte[]>(2), r.GetDouble(3)), new GroupSketch(r.GetFieldValue<byte[]>(4))),
                r.GetInt64(5)),
            cancellation);
        foreach (var other in siblings.OrderBy(s => s.Populations))
        {
            var isCopy = sha256.Length > 0 && other.Sha256 == sha256;
            if (!isCopy && !fingerprints.AreRelatedTo(other.Fingerprints)) continue;
            if (!isCopy && other.Populations > 1 && await SharesAsync(connection, dataset, other.Dataset, cancellation)) continue;
            await connection.Command(Join, ("@dataset", dataset), ("@other", other.Dataset)).ExecuteAsync(cancellation);
        }

        if ((await FindAsync(connection, dataset, cancellation)).Count > 0) return;
        var name = $"{project}/populations/{Guid.CreateVersion7():N}";
        await connection.Command(
            Create, ("@name", name), ("@project", project), ("@state", CatalogJson.Write(LedgerState.Empty)), ("@root", LedgerLine.Root.ToArray()),
            ("@now", now)).ExecuteAsync(cancellation);
        await connection.Command("INSERT INTO privacy_datasets (dataset, population) VALUES (@dataset, @population)", ("@dataset", dataset), ("@population", name))
            .ExecuteAsync(cancellation);
    }

    private static async Task<bool> SharesAsync(DbConnection connection, string dataset, string other, CancellationToken cancellation) =>
        (await connection.Command(Shared, ("@dataset", dataset), ("@other", other)).ReadAsync(r => r.GetInt32(0), cancellation)).Count > 0;

    private sealed record Sibling(string Dataset, string Sha256, TableFingerprints Fingerprints, long Populations);
}
