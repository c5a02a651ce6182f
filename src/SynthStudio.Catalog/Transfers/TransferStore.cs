using System.Data.Common;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog.Transfers;

/// <summary>
/// Transfers, for those who ask for them and for the replicas that carry them out. Who takes one has it for a while and says again and again that it lives;
/// falls it silent, another one takes over. What it says counts only while its attempt is the newest. Times are the database's.
/// </summary>
public sealed class TransferStore
{
    private const string Columns =
        "name, project, spec, endpoint, sealed_secret, state, cancel_requested, attempt, rows_moved, bytes_moved, error, creator, create_time, start_time, end_time";

    /// <summary>How many of the same project are carried out.</summary>
    private const string RunningBeside = $"""
        (SELECT count(*) FROM transfers AS other WHERE other.project = transfers.project AND other.end_time IS NULL AND other.state = 'Running' AND other.due_time > {SqlDialect.Now})
        """;

    /// <summary>What was asked to stop takes no place: it only ends.</summary>
    private const string IsDue = $"end_time IS NULL AND due_time <= {SqlDialect.Now} AND (cancel_requested = @yes OR {RunningBeside} < @most)";

    private const string FindDue = $"SELECT name, project FROM transfers WHERE {IsDue} ORDER BY {RunningBeside}, due_time LIMIT 1";

    private const string Take = $"""
        UPDATE transfers SET attempt = attempt + 1, state = 'Running', due_time = {SqlDialect.Now} + @lease, start_time = coalesce(start_time, {SqlDialect.Now}),
            rows_moved = 0, bytes_moved = 0
        WHERE name = @name AND {IsDue}
        RETURNING {Columns}
        """;

    private const string Keep = $"""
        UPDATE transfers SET due_time = {SqlDialect.Now} + @lease, rows_moved = @rows, bytes_moved = @bytes
        WHERE name = @name AND attempt = @attempt AND end_time IS NULL RETURNING cancel_requested
        """;

    private const string End = $"""
        UPDATE transfers SET state = @state, rows_moved = @rows, bytes_moved = @bytes, error = @error, sealed_secret = NULL, end_time = {SqlDialect.Now}
        WHERE name = @name AND attempt = @attempt AND end_time IS NULL
        RETURNING {Columns}
        """;

    private const string GiveBack = $"""
        UPDATE transfers SET state = 'Pending', spec = @spec, due_time = CASE WHEN cancel_requested = @yes THEN 0 ELSE @pause END + {SqlDialect.Now}
        WHERE name = @name AND attempt = @attempt AND end_time IS NULL
        """;

    private const string Cancel = $"""
        UPDATE transfers SET cancel_requested = @yes, due_time = CASE WHEN state = 'Pending' THEN {SqlDialect.Now} ELSE due_time END
        WHERE name = @name AND end_time IS NULL RETURNING {Columns}
        """;

    private const string EndIdle = $"""
        UPDATE transfers SET state = 'Cancelled', sealed_secret = NULL, end_time = {SqlDialect.Now}
        WHERE project = @project AND end_time IS NULL AND (state = 'Pending' OR due_time <= {SqlDialect.Now})
        RETURNING {Columns}
        """;

    private readonly DbDataSource _database;

    internal TransferStore(DbDataSource database) => _database = database;

    /// <summary>The transfer of this name; null when there is none.</summary>
    public async Task<TransferRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM transfers WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The transfers of a project, newest first.</summary>
    public Task<Page<TransferRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM transfers WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>Creates a transfer, to be carried out at once, unless its project has as many that have not ended as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(TransferRecord transfer, int most, CancellationToken cancellation = default)
    {
        try
        {
            return await ProjectStore.TryAddAsync(
                _database, transfer.Project,
                $"""
                INSERT INTO transfers ({Columns}, due_time)
                SELECT @name, @project, @spec, @endpoint, @secret, @state, @no, 0, 0, 0, NULL, @creator, @created, NULL, @ended, {SqlDialect.Now}
                WHERE (SELECT count(*) FROM transfers WHERE project = @project AND end_time IS NULL) < @most
                """,
                cancellation, ("@name", transfer.Name), ("@project", transfer.Project), ("@spec", CatalogJson.Write(transfer.Spec)),
                ("@endpoint", CatalogJson.Write(transfer.Endpoint)), ("@secret", transfer.SealedSecret),
                ("@state", transfer.State), ("@no", false), ("@ended", transfer.EndTime), ("@creator", transfer.Creator),
                ("@created", transfer.CreateTime), ("@most", most));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(transfer.Name, e);
        }
    }

    /// <summary>Asks a transfer to stop; who carries it out hears of it within seconds. Null when there is none that has not ended.</summary>
    public async Task<TransferRecord?> CancelAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(Cancel, Map, cancellation, ("@name", name), ("@yes", true))).FirstOrDefault();

    /// <summary>Ends all transfers of a project that nobody carries out, and asks the others to stop.</summary>
    /// <returns>How many are still carried out.</returns>
    public async Task<int> CancelAllAsync(string project, CancellationToken cancellation = default)
    {
        await EndAsync(EndIdle, cancellation, ("@project", project));
        return await _database.ExecuteAsync(
            "UPDATE transfers SET cancel_requested = @yes WHERE project = @project AND end_time IS NULL", cancellation, ("@project", project), ("@yes", true));
    }

    /// <summary>
    /// Takes a transfer that waits, or that another one left: of the projects that have the fewest carried out, the one that waited
    /// longest. Null when nothing waits that may be taken.
    /// </summary>
    /// <param name="lease">How long nobody else takes it, unless <see cref="KeepAsync"/> prolongs that.</param>
    /// <param name="most">How many of a project are carried out at once.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<TransferRecord?> TakeAsync(TimeSpan lease, int most, CancellationToken cancellation)
    {
        // Mostly there is none; looking holds up no writer. When another one is quicker, the next is looked for.
        while ((await _database.ReadAsync(
            FindDue, row => (Name: row.GetString(0), Project: row.GetString(1)),
            cancellation, ("@yes", true), ("@most", most))) is [var found])
        {
            await using var connection = await _database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await connection.Command($"SELECT 1 FROM projects WHERE name = @project {SqlDialect.ForUpdate}", ("@project", found.Project)).ReadAsync(_ => true, cancellation);
            var taken = await connection.Command(Take, ("@name", found.Name), ("@lease", Microseconds.From(lease)), ("@yes", true), ("@most", most)).ReadAsync(Map, cancellation);
            await transaction.CommitAsync(cancellation);
            if (taken is [var transfer]) return transfer;
        }

        return null;
    }

    /// <summary>Says that a transfer that was taken goes on, and how far it came.</summary>
    /// <returns>Whether it is to stop; null when it is somebody else's by now, or has ended.</returns>
    public async Task<bool?> KeepAsync(TransferRecord transfer, TimeSpan lease, long rows, long bytes, CancellationToken cancellation) =>
        await _database.ReadAsync(
            Keep, row => row.GetBoolean(0), cancellation, ("@name", transfer.Name), ("@attempt", transfer.Attempt), ("@lease", Microseconds.From(lease)), ("@rows", rows),
            ("@bytes", bytes)) is [var stops] ? stops : null;

    /// <summary>Ends a transfer that was taken, and forgets the secret that it brought. False when it is somebody else's by now, or has ended.</summary>
    public async Task<bool> EndAsync(TransferRecord transfer, TransferState state, long rows, long bytes, WorkError? error, CancellationToken cancellation) =>
        await EndAsync(
            End, cancellation, ("@name", transfer.Name), ("@attempt", transfer.Attempt), ("@state", state), ("@rows", rows), ("@bytes", bytes),
            ("@error", error is null ? null : CatalogJson.Write(error))) == 1;

    /// <summary>Ends transfers, and notes that for webhooks: neither is there without the other.</summary>
    private async Task<int> EndAsync(string statement, CancellationToken cancellation, params (string, object?)[] values)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await connection.Command(statement, values).ReadAsync(Map, cancellation);
        foreach (var transfer in ended) await WebhookOutbox.NoteAsync(connection, WebhookEvent.Of(transfer), cancellation);
        await transaction.CommitAsync(cancellation);
        return ended.Count;
    }

    /// <summary>Lets another one take a transfer, at once because this one stops, or after a pause because something else is out of order.</summary>
    /// <param name="transfer">As it was taken.</param>
    /// <param name="pause">Nobody takes it before; null is for who stops.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<int> GiveBackAsync(TransferRecord transfer, TimeSpan? pause, CancellationToken cancellation)
    {
        var spec = pause is null
            ? transfer.Spec with { Returns = transfer.Spec.Returns + 1 }
            : transfer.Spec with { Interruptions = transfer.Spec.Interruptions + 1 };
        return _database.ExecuteAsync(
            GiveBack, cancellation, ("@name", transfer.Name), ("@attempt", transfer.Attempt),
            ("@spec", CatalogJson.Write(spec)), ("@yes", true),
            ("@pause", Microseconds.From(pause ?? TimeSpan.Zero)));
    }

    /// <summary>Forgets transfers that ended long ago.</summary>
    public Task<int> CleanAsync(TimeSpan retention, CancellationToken cancellation) => _database.ExecuteAsync(
        $"DELETE FROM transfers WHERE end_time IS NOT NULL AND end_time < {SqlDialect.Now} - @retention", cancellation, ("@retention", Microseconds.From(retention)));

    private static TransferRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        Spec = CatalogJson.Read<TransferSpec>(row.GetString(2)),
        Endpoint = CatalogJson.Read<TransferEndpoint>(row.GetString(3)),
        SealedSecret = row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
        State = row.GetEnum<TransferState>(5),
        CancelRequested = row.GetBoolean(6),
        Attempt = row.GetInt32(7),
        Rows = row.GetInt64(8),
        Bytes = row.GetInt64(9),
        Error = row.IsDBNull(10) ? null : CatalogJson.Read<WorkError>(row.GetString(10)),
        Creator = row.GetString(11),
        CreateTime = row.GetTime(12),
        StartTime = row.FindTime(13),
        EndTime = row.FindTime(14),
    };
}
