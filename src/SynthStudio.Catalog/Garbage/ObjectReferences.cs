using System.Data.Common;
using SynthStudio.Storage;

namespace SynthStudio.Catalog;

/// <summary>
/// Which objects the catalog names: data sets and their profiles, reports, generated parts, models, and what unfinished jobs need (their
/// inputs and newest checkpoints, which their grains project). Every text that is an object's key, anywhere in a structured column, counts: a
/// new field of a snapshot is a reference without anybody thinking of it here.
/// </summary>
internal sealed class ObjectReferences(DbDataSource database)
{
    private static readonly string[] Columns =
    [
        "datasets.object", "datasets.profile", "datasets.preview", "analyses.result", "synthetic_datasets.parts", "evaluations.report", "evidence_packs.files", "generators.snapshot", "jobs.snapshot",
    ];

    // One statement reads one state of the database: a reference that moves from one row to another is not missed.
    private readonly string _statement = string.Join(
        " UNION ", Columns.Select(column => SqlDialect.Of(database).ObjectKeys(column.Split('.')[0], column)));

    // An upload that is completed right now: its bytes are an object, and its data set does not know yet.
    private const string Completing = "SELECT sha256, object_key FROM uploads WHERE state = 'Open' AND sha256 <> ''";

    /// <summary>The keys of all objects that something refers to.</summary>
    public async Task<IReadOnlySet<string>> ReadAsync(CancellationToken cancellation)
    {
        // Before the others: what leaves this list in between is named by its data set by then.
        var completing = await database.ReadAsync(
            Completing, row => row.GetString(1) is { Length: > 0 } key ? key : ObjectKeys.For(row.GetString(0)), cancellation);
        var named = await database.ReadAsync(_statement, row => row.GetString(0), cancellation);
        return named.Concat(completing).ToHashSet(StringComparer.Ordinal);
    }
}
