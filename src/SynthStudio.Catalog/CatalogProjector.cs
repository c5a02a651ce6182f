using System.Data.Common;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>
/// Writes what grains own into the tables that are listed. The version decides, inside the
/// statement, so calls may repeat and overtake each other.
/// </summary>
internal sealed class CatalogProjector(
    DbDataSource database, IObjectReader objects, PrivacyLedger ledger, TimeProvider clock)
    : ICatalogProjector
{
    private const string UpsertJob = """
        INSERT INTO jobs (name, project, kind, owner, subject, state, create_time, end_time, version, snapshot)
        VALUES (@name, @project, @kind, @owner, @subject, @state, @created, @ended, @version, @snapshot)
        ON CONFLICT (name) DO UPDATE SET
            state = excluded.state, end_time = excluded.end_time, version = excluded.version, snapshot = excluded.snapshot
        WHERE excluded.version > jobs.version
        """;

    private const string UpsertGenerator = """
        INSERT INTO generators (name, project, dataset, state, create_time, delete_time, purge_time, version, snapshot)
        VALUES (@name, @project, @dataset, @state, @created, @deleted, @purged, @version, @snapshot)
        ON CONFLICT (name) DO UPDATE SET
            state = excluded.state, delete_time = excluded.delete_time, purge_time = excluded.purge_time, version = excluded.version, snapshot = excluded.snapshot
        WHERE excluded.version > generators.version
        """;

    private const string EndDataset = """
        UPDATE datasets SET state = @state, error = @error, update_time = @now, version = version + 1,
            schema_json = coalesce(@schema, schema_json), profile = coalesce(@profile, profile), preview = coalesce(@preview, preview),
            row_count = coalesce(@rows, row_count), column_count = coalesce(@columns, column_count)
        WHERE name = @subject AND profile_job = @job AND state = 'Profiling'
        """;

    private const string EndSyntheticDataset = """
        UPDATE synthetic_datasets SET state = @state, error = @error, update_time = @now, version = version + 1, parts = @parts, model_sha256 = @model
        WHERE name = @subject AND job = @job AND state = 'Pending'
        """;

    private const string GiveBack = """
        UPDATE project_usage SET rows_drawn = rows_drawn - (SELECT rows - @drawn FROM synthetic_datasets WHERE name = @subject)
        WHERE project = (SELECT project FROM synthetic_datasets WHERE name = @subject)
            AND day = (SELECT create_time / 86400000000 FROM synthetic_datasets WHERE name = @subject)
            AND rows_drawn >= (SELECT rows - @drawn FROM synthetic_datasets WHERE name = @subject)
        """;

    private const string EndEvaluation = """
        UPDATE evaluations SET state = @state, error = @error, update_time = @now, version = version + 1, report = @report, metrics = @metrics
        WHERE name = @subject AND job = @job AND state = 'Pending'
        """;

    private const string EndAnalysis = """
        UPDATE analyses SET state = @state, error = @error, update_time = @now, version = version + 1, result = @result
        WHERE name = @subject AND job = @job AND state = 'Pending'
        """;

    private const string Unfinished = "SELECT name, kind, owner FROM jobs WHERE state NOT IN ('Succeeded', 'Failed', 'Cancelled') ORDER BY create_time";

    public async Task ProjectAsync(JobSnapshot job, CancellationToken cancellation)
    {
        var endSubject = job.HasEnded ? await EndSubjectAsync(job, cancellation) : null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = job.HasEnded ? await connection.BeginTransactionAsync(cancellation) : null; // One statement is one already.
        var isNew = await connection.Command(
            UpsertJob,
            ("@name", job.Name), ("@project", ResourceNames.Project(job.Name)), ("@kind", job.Kind.ToString()),
            ("@owner", job.Kind == WorkKind.Training ? job.Subject : job.Name), ("@subject", job.Subject), ("@state", job.State.ToString()),
            ("@created", Microseconds.From(job.CreateTime)), ("@ended", job.EndTime is { } time ? Microseconds.From(time) : null),
            ("@version", job.Version), ("@snapshot", CatalogJson.Write(job))).ExecuteAsync(cancellation) == 1;
        if (isNew && job.HasEnded)
        {
            if (EventTypes.IsTold(job.Kind)) await WebhookOutbox.NoteAsync(connection, WebhookEvent.Of(job), cancellation);
            await JobUsageStore.NoteAsync(connection, job, cancellation);
        }

        if (endSubject is var (sql, values) && await connection.Command(sql, values).ExecuteAsync(cancellation) == 1)
            await SettleAsync(connection, job, cancellation);
        if (transaction is not null) await transaction.CommitAsync(cancellation);
    }

    public async Task ProjectAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var wasDeleted = (await connection.Command($"SELECT delete_time FROM generators WHERE name = @name {SqlDialect.ForUpdate}", ("@name", generator.Name))
            .ReadAsync(row => row.FindTime(0), cancellation)).SingleOrDefault() is not null;
        var isNew = await connection.Command(
            UpsertGenerator,
            ("@name", generator.Name), ("@project", ResourceNames.Project(generator.Name)), ("@dataset", generator.Definition.Dataset),
            ("@state", generator.State.ToString()), ("@created", Microseconds.From(generator.CreateTime)), ("@deleted", generator.DeleteTime),
            ("@purged", generator.PurgeTime), ("@version", generator.Version), ("@snapshot", CatalogJson.Write(generator))).ExecuteAsync(cancellation) == 1;
        if (isNew && generator is { Origin: not null, Model: { } imported })
        {
            await ArrivalStore.NoteAsync(
                connection, ArrivalSource.Package, $"{generator.Name} {Microseconds.From(generator.CreateTime)}", ResourceNames.Project(generator.Name), imported.Size,
                generator.CreateTime, cancellation);
        }

        if (isNew && wasDeleted != generator.DeleteTime is not null)
        {
            var change = wasDeleted ? ResourceChange.Undeleted : ResourceChange.Deleted;
            await WebhookOutbox.NoteAsync(
                connection,
                WebhookEvent.Of(ResourceKind.Generator, change, GeneratorIndex.Told(generator), generator.DeleteTime ?? clock.GetUtcNow()),
                cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<UnfinishedJob>> ListUnfinishedAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(Unfinished).ReadAsync(
            row => new UnfinishedJob(row.GetString(0), Enum.Parse<WorkKind>(row.GetString(1)), row.GetString(2)), cancellation);
    }

    /// <summary>
    /// Rows that a drawing was counted for and that it did not make are given back to the day on
    /// which they were counted. Done once, with the end.
    /// </summary>
    private static async Task SettleAsync(DbConnection connection, JobSnapshot job, CancellationToken cancellation)
    {
        if (job.Kind != WorkKind.Generation || job.State == WorkState.Succeeded) return;
        await connection.Command(GiveBack, ("@subject", job.Subject), ("@drawn", job.Parts.Sum(p => p.Rows))).ExecuteAsync(cancellation);
    }

    /// <summary>The statement that ends the job's subject, once: it names the job and the state from which the end is reached.</summary>
    private async Task<(string Sql, (string Name, object? Value)[] Values)?> EndSubjectAsync(JobSnapshot job, CancellationToken cancellation)
    {
        var artifacts = job.Result?.Artifacts;
        (string, object?)[] common =
        [
            ("@subject", job.Subject), ("@job", job.Name), ("@now", Microseconds.From(clock.GetUtcNow())),
            ("@error", job.Error is { } error ? CatalogJson.Write(error) : null),
        ];
        switch (job.Kind)
        {
            case WorkKind.Profiling:
                var schema = artifacts?.GetValueOrDefault("schema");
                await PlaceAsync(job, cancellation);
                return (EndDataset,
                [
                    .. common, ("@state", (job.State == WorkState.Succeeded ? DatasetState.Ready : DatasetState.Failed).ToString()),
                    ("@schema", schema is null ? null : await objects.ReadTextAsync(schema, cancellation)), ("@profile", Ref("profile")), ("@preview", Ref("preview")),
                    ("@rows", Count("rows")), ("@columns", Count("columns")),
                ]);
            case WorkKind.Generation:
                return (EndSyntheticDataset,
                    [.. common, ("@state", ArtifactStateOf(job)), ("@parts", CatalogJson.Write(job.Parts)), ("@model", job.ModelSha256)]);
            case WorkKind.Evaluation:
                return (EndEvaluation,
                [
                    .. common, ("@state", ArtifactStateOf(job)), ("@report", Ref("report")),
                    ("@metrics", CatalogJson.Write(job.Result?.Metrics ?? new Dictionary<string, double>())),
                ]);
            case WorkKind.Analysis:
                return (EndAnalysis, [.. common, ("@state", ArtifactStateOf(job)), ("@result", Ref("analysis"))]);
            default:
                return null; // A training's subject is the generator, which projects itself; an extraction changes nothing.
        }

        string? Ref(string role) => artifacts?.GetValueOrDefault(role) is { } found ? CatalogJson.Write(found) : null;

        object? Count(string metric) => job.Result?.Metrics.TryGetValue(metric, out var value) == true ? (long)value : null;
    }

    /// <summary>Before a data set can be used it is known whose people it holds: a copy or a part of another one has no budget of its own.</summary>
    private async Task PlaceAsync(JobSnapshot job, CancellationToken cancellation)
    {
        if (job.Result?.Artifacts.GetValueOrDefault("fingerprints") is { } fingerprints)
            await ledger.RegisterAsync(job.Subject, await objects.ReadTextAsync(fingerprints, cancellation), cancellation);
    }

    private static string ArtifactStateOf(JobSnapshot job) => (job.State switch
    {
        WorkState.Succeeded => ArtifactState.Ready,
        WorkState.Cancelled => ArtifactState.Cancelled,
        _ => ArtifactState.Failed,
    }).ToString();
}
