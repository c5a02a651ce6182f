using System.Data;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>Data sets. Their profiling jobs' ends are written by the catalog projector.</summary>
public sealed class DatasetStore : DeletableStore<DatasetRecord>
{
    private const string NextNumber = """
        INSERT INTO dataset_lines (line, project, versions) VALUES (@line, @project, 1 + (SELECT count(*) FROM datasets WHERE name = @line OR line = @line))
        ON CONFLICT (line) DO UPDATE SET versions = dataset_lines.versions + 1 RETURNING versions
        """;

    internal DatasetStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>Stores a new one under the next number of its table's versions, which is not given out again.</summary>
    public override async Task CreateAsync(DatasetRecord resource, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var number = (await context.Database.GetDbConnection()
            .Command(NextNumber, ("@line", LineOf(resource)), ("@project", resource.Project))
            .ReadAsync(row => row.GetInt32(0), cancellation)).Single();
        context.Add(resource with { Number = number });
        await context.SaveNewAsync(resource.Name, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// How many versions there ever were of the table that a data set is a version of, also those that are gone;
    /// 0 where an older program stored all there are.
    /// </summary>
    public async Task<int> CountVersionsAsync(DatasetRecord dataset, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        var connection = context.Database.GetDbConnection();
        await context.Database.OpenConnectionAsync(cancellation);
        return (await connection.Command("SELECT versions FROM dataset_lines WHERE line = @line", ("@line", LineOf(dataset))).ReadAsync(row => row.GetInt32(0), cancellation)).SingleOrDefault();
    }

    /// <summary>All versions of the table that a data set is a version of, the oldest first.</summary>
    public async Task<IReadOnlyList<DatasetRecord>> ListVersionsAsync(DatasetRecord dataset, CancellationToken cancellation = default)
    {
        var line = LineOf(dataset);
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets.AsNoTracking()
            .Where(d => d.Name == line || d.Line == line)
            .OrderBy(d => d.CreateTime).ThenBy(d => d.Name)
            .ToListAsync(cancellation);
    }

    /// <summary>Names of the versions that follow a data set at once, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListNextAsync(DatasetRecord dataset, int most, CancellationToken cancellation = default)
    {
        var line = LineOf(dataset);
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Datasets
            .Where(d => d.Line == line && d.PreviousVersion == dataset.Name)
            .OrderByDescending(d => d.CreateTime).ThenByDescending(d => d.Name)
            .Take(most).Select(d => d.Name).ToListAsync(cancellation);
    }

    /// <summary>The first version of its table.</summary>
    private static string LineOf(DatasetRecord dataset) => dataset.Line.Length > 0 ? dataset.Line : dataset.Name;

    /// <summary>Stores a data set that got its rows, with its first profiling job: webhooks are told, and its bytes are counted for the month, once.</summary>
    /// <param name="dataset">As it shall be, with the version as it was read.</param>
    /// <param name="source">Where the rows come from.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="VersionConflictException">It has changed since, for example because
    /// another call gave it rows, or is gone.</exception>
    public Task<DatasetRecord> FillAsync(
        DatasetRecord dataset, ArrivalSource source, DateTimeOffset now, CancellationToken cancellation = default) => UpdateAsync(
        dataset, async (connection, next) =>
        {
            await TellAsync(connection, ResourceChange.Created, next, now, cancellation);
            await ArrivalStore.NoteAsync(connection, source, next.ProfileJob, next.Project, next.Object!.Size, now, cancellation);
        }, cancellation);

    private protected override ResourceKind Kind => ResourceKind.Dataset;

    private protected override ChangedResource Told(DatasetRecord resource) => new(resource.Name, resource.CreateTime, resource.Version, resource.State);

    private protected override DatasetRecord WithVersion(DatasetRecord resource, long version) => resource with { Version = version };
}
