using System.Data.Common;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>
/// Which populations a data set's people belong to: those of every data set of its project with the same bytes or with rows in common, or one of
/// its own. A data set only ever gains populations.
/// </summary>
internal static class PopulationMap
{
    private const string Siblings = "SELECT dataset, sha256, sketch FROM privacy_fingerprints WHERE project = @project AND dataset <> @dataset";

    private const string Remember = """
        INSERT INTO privacy_fingerprints (dataset, project, sha256, sketch) VALUES (@dataset, @project, @sha256, @sketch)
        ON CONFLICT (dataset) DO UPDATE SET sha256 = excluded.sha256, sketch = excluded.sketch WHERE length(excluded.sketch) >= length(privacy_fingerprints.sketch)
        """;

    private const string Join = """
        INSERT INTO privacy_datasets (dataset, population) SELECT @dataset, population FROM privacy_datasets WHERE dataset = @other
        ON CONFLICT (dataset, population) DO NOTHING
        """;

    private const string Create = """
        INSERT INTO privacy_populations (name, project, state, head_sequence, head_hash, create_time) VALUES (@name, @project, @state, 0, @root, @now)
        """;

    /// <summary>The populations of a data set, by name; empty when it was never registered.</summary>
    public static Task<List<string>> FindAsync(DbConnection connection, string dataset, CancellationToken cancellation) => connection
        .Command("SELECT population FROM privacy_datasets WHERE dataset = @dataset ORDER BY population", ("@dataset", dataset))
        .ReadAsync(r => r.GetString(0), cancellation);

    /// <summary>Places a data set. Repeating it changes nothing.</summary>
    /// <param name="connection">Inside of a transaction.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="sha256">Of its bytes.</param>
    /// <param name="sketch">Fingerprints of its rows; <see cref="RowSketch.Empty"/> while they are not known.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public static async Task RegisterAsync(
        DbConnection connection, string dataset, string sha256, RowSketch sketch, DateTimeOffset now, CancellationToken cancellation)
    {
        var project = ResourceNames.Project(dataset);
        await connection.Command(Remember, ("@dataset", dataset), ("@project", project), ("@sha256", sha256), ("@sketch", sketch.ToBytes()))
            .ExecuteAsync(cancellation);
        var siblings = await connection.Command(Siblings, ("@project", project), ("@dataset", dataset)).ReadAsync(
            r => (Dataset: r.GetString(0), Sha256: r.GetString(1), Sketch: RowSketch.FromBytes(r.GetFieldValue<byte[]>(2))), cancellation);
        foreach (var other in siblings.Where(s => (sha256.Length > 0 && s.Sha256 == sha256) || sketch.IsRelatedTo(s.Sketch)))
            await connection.Command(Join, ("@dataset", dataset), ("@other", other.Dataset)).ExecuteAsync(cancellation);

        if ((await FindAsync(connection, dataset, cancellation)).Count > 0) return;
        var name = $"{project}/populations/{Guid.CreateVersion7():N}";
        await connection.Command(
            Create, ("@name", name), ("@project", project), ("@state", CatalogJson.Write(LedgerState.Empty)), ("@root", LedgerLine.Root.ToArray()),
            ("@now", now)).ExecuteAsync(cancellation);
        await connection.Command("INSERT INTO privacy_datasets (dataset, population) VALUES (@dataset, @population)", ("@dataset", dataset), ("@population", name))
            .ExecuteAsync(cancellation);
    }
}
