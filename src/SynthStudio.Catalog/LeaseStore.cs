using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// The durable queue as one table. Whoever wins is decided by single conditional statements, time by the database's clock, so that
/// neither a second scheduler nor a clock that is wrong gives a job away twice.
/// </summary>
internal sealed class LeaseStore(DbDataSource database) : ILeaseStore
{
    private const string Now = SqlDialect.Now;

    private const string Columns =
        "job, kind, owner, project, priority, accelerator, memory_bytes, enqueue_time, not_before, epoch, holder, expire_time, accelerator_memory_bytes";

    /// <summary>For how long a lease has had an accelerator; one that expired had it until then.</summary>
    private const string OnAccelerator =
        $"(CASE WHEN accelerator_epoch <> epoch THEN 0 WHEN expire_time < {Now} THEN expire_time - lease_time ELSE {Now} - lease_time END) / 1000";

    private const string Read = $"{Columns}, {OnAccelerator}";

    private const string Enqueue = $"""
        INSERT INTO work_queue ({Columns})
        VALUES (@job, @kind, @owner, @project, @priority, @accelerator, @memory, @enqueued, @notBefore, @epoch, NULL, NULL, @acceleratorMemory)
        ON CONFLICT (job) DO UPDATE SET
            priority = excluded.priority, accelerator = excluded.accelerator, memory_bytes = excluded.memory_bytes,
            accelerator_memory_bytes = excluded.accelerator_memory_bytes, not_before = excluded.not_before,
            epoch = CASE WHEN excluded.epoch > work_queue.epoch THEN excluded.epoch ELSE work_queue.epoch END, holder = NULL, expire_time = NULL
        WHERE work_queue.holder IS NULL
        """;

    private const string Acquire = $"""
        UPDATE work_queue SET epoch = epoch + 1, holder = @silo, expire_time = {Now} + @duration,
            lease_time = {Now}, accelerator_epoch = CASE WHEN @onAccelerator THEN epoch + 1 ELSE 0 END
        WHERE job = @job AND holder IS NULL RETURNING epoch
        """;

    private const string Renew = $"""
        UPDATE work_queue SET expire_time = {Now} + @duration WHERE job = @job AND epoch = @epoch AND holder = @silo
        """;

    private const string Release = $"DELETE FROM work_queue WHERE job = @job AND epoch = @epoch AND holder IS NOT NULL RETURNING {Read}";

    private const string Withdraw = "DELETE FROM work_queue WHERE job = @job AND holder IS NULL";

    private const string ListHeld = $"SELECT {Read} FROM work_queue WHERE holder IS NOT NULL AND ";

    private const string End = "UPDATE work_queue SET holder = NULL, expire_time = NULL WHERE job = @job AND epoch = @epoch AND holder = @silo";

    private const string Note = $"""
        INSERT INTO accelerator_leases (job, epoch, project, kind, end_time, milliseconds)
        VALUES (@job, @epoch, @project, @kind, {Now}, @milliseconds) ON CONFLICT (job, epoch) DO NOTHING
        """;

    private const string SumAcceleratorTime = $"""
        SELECT project, CAST(sum(milliseconds) AS bigint) FROM (
            SELECT project, milliseconds FROM accelerator_leases WHERE end_time >= @from AND end_time < @until
            UNION ALL SELECT project, {OnAccelerator} AS milliseconds FROM work_queue WHERE holder IS NOT NULL
        ) AS leases GROUP BY project
        """;

    public async Task EnqueueAsync(WorkItem item, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (await PutAsync() == 0 && await EndAsync(connection, $"job = @job AND expire_time <= {Now}", [("@job", item.Job)], cancellation) is [_]) await PutAsync();

        Task<int> PutAsync() => connection.Command(
            Enqueue,
            ("@job", item.Job), ("@kind", item.Kind.ToString()), ("@owner", item.Owner), ("@project", item.Project),
            ("@priority", item.Priority), ("@accelerator", item.Requirements.Accelerator), ("@memory", item.Requirements.MemoryBytes),
            ("@acceleratorMemory", item.Requirements.AcceleratorMemoryBytes),
            ("@enqueued", Microseconds.From(item.EnqueueTime)),
            ("@notBefore", item.NotBefore is { } time ? Microseconds.From(time) : null), ("@epoch", item.Epoch.Value)).ExecuteAsync(cancellation);
    }

    public async Task<IReadOnlyList<QueuedWork>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command($"SELECT {Read} FROM work_queue ORDER BY enqueue_time, job").ReadAsync(Map, cancellation);
    }

    public async Task<int> CountWaitingAsync(string project, int most, CancellationToken cancellation) => (await database.ReadAsync(
        "SELECT count(*) FROM (SELECT 1 FROM work_queue WHERE project = @project AND holder IS NULL LIMIT @most) AS waiting",
        row => row.GetInt32(0), cancellation, ("@project", project), ("@most", most)))[0];

    public async Task<IReadOnlyList<LeaseEpoch?>> AcquireAsync(IReadOnlyList<LeaseWish> wishes, TimeSpan duration, CancellationToken cancellation)
    {
        var given = new LeaseEpoch?[wishes.Count];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (wish, index) in InOneOrder(wishes.Select((wish, index) => (wish, index)), w => w.wish.Job))
        {
            var epochs = await connection.Command(Acquire, ("@job", wish.Job), ("@silo", wish.Silo), ("@duration", Microseconds.From(duration)), ("@onAccelerator", wish.OnAccelerator))
                .ReadAsync(r => new LeaseEpoch(r.GetInt64(0)), cancellation);
            if (epochs is [var epoch]) given[index] = epoch;
        }

        await transaction.CommitAsync(cancellation);
        return given;
    }

    public async Task<IReadOnlyList<HeldLease>> RenewAsync(
        string silo, IReadOnlyList<HeldLease> leases, TimeSpan duration, CancellationToken cancellation)
    {
        if (leases.Count == 0) return [];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var lost = new List<HeldLease>();
        foreach (var lease in InOneOrder(leases, l => l.Job))
        {
            var renewed = await connection.Command(
                Renew, ("@job", lease.Job), ("@epoch", lease.Epoch.Value), ("@silo", silo), ("@duration", Microseconds.From(duration)))
                .ExecuteAsync(cancellation);
            if (renewed == 0) lost.Add(lease);
        }

        await transaction.CommitAsync(cancellation);
        return lost;
    }

    public async Task<bool> ReleaseAsync(string job, LeaseEpoch epoch, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var released = await connection.Command(Release, ("@job", job), ("@epoch", epoch.Value)).ReadAsync(Map, cancellation);
        foreach (var work in released) await NoteAsync(connection, work, cancellation);
        await transaction.CommitAsync(cancellation);
        return released.Count == 1;
    }

    public async Task<bool> WithdrawAsync(string job, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(Withdraw, ("@job", job)).ExecuteAsync(cancellation) == 1;
    }

    public async Task<IReadOnlyList<QueuedWork>> ExpireAsync(IReadOnlyCollection<string> deadSilos, bool overdue, CancellationToken cancellation)
    {
        var names = deadSilos.Select((silo, i) => (Name: $"@dead{i}", Value: (object?)silo)).ToArray();
        var dead = $"holder IN ({string.Join(", ", names.Select(n => n.Name).Prepend("NULL"))})";
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await EndAsync(connection, overdue ? $"(expire_time <= {Now} OR {dead})" : dead, names, cancellation);
    }

    public async Task<IReadOnlyDictionary<string, TimeSpan>> AcceleratorTimeAsync(DateTimeOffset month, CancellationToken cancellation) =>
        (await database.ReadAsync(
            SumAcceleratorTime, row => (Project: row.GetString(0), Time: TimeSpan.FromMilliseconds(row.GetInt64(1))),
            cancellation, ("@from", month), ("@until", month.AddMonths(1)))).ToDictionary(project => project.Project, project => project.Time);

    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation) =>
        (await database.ReadAsync($"SELECT {Now}", row => Microseconds.ToTime(row.GetInt64(0)), cancellation))[0];

    /// <summary>Ends leases and notes what they took, in one step. The jobs wait again.</summary>
    private static async Task<IReadOnlyList<QueuedWork>> EndAsync(
        DbConnection connection, string which, (string Name, object? Value)[] values, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await connection.Command($"{ListHeld}{which} ORDER BY job {SqlDialect.ForUpdate}", values).ReadAsync(Map, cancellation);
        foreach (var work in ended)
        {
            await connection.Command(End, ("@job", work.Item.Job), ("@epoch", work.Item.Epoch.Value), ("@silo", work.Holder))
                .ExecuteAsync(cancellation);
            await NoteAsync(connection, work, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return ended;
    }

    private static async Task NoteAsync(DbConnection connection, QueuedWork ended, CancellationToken cancellation)
    {
        if (ended.OnAccelerator <= TimeSpan.Zero) return;
        await connection.Command(
            Note, ("@job", ended.Item.Job), ("@epoch", ended.Item.Epoch.Value), ("@project", ended.Item.Project), ("@kind", ended.Item.Kind),
            ("@milliseconds", (long)ended.OnAccelerator.TotalMilliseconds)).ExecuteAsync(cancellation);
    }

    /// <summary>Rows are locked in one order everywhere: nobody waits in a circle.</summary>
    private static IOrderedEnumerable<T> InOneOrder<T>(IEnumerable<T> rows, Func<T, string> job) => rows.OrderBy(job, StringComparer.Ordinal);

    private static QueuedWork Map(DbDataReader row) => new(
        new WorkItem
        {
            Job = row.GetString(0),
            Kind = Enum.Parse<WorkKind>(row.GetString(1)),
            Owner = row.GetString(2),
            Project = row.GetString(3),
            Priority = row.GetInt32(4),
            Requirements = new WorkRequirements(row.GetString(5), row.GetInt64(6), row.GetInt64(12)),
            EnqueueTime = Microseconds.ToTime(row.GetInt64(7)),
            NotBefore = row.IsDBNull(8) ? null : Microseconds.ToTime(row.GetInt64(8)),
            Epoch = new LeaseEpoch(row.GetInt64(9)),
        },
        row.IsDBNull(10) ? null : row.GetString(10),
        row.IsDBNull(11) ? null : Microseconds.ToTime(row.GetInt64(11)))
    {
        OnAccelerator = row.IsDBNull(10) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(row.GetInt64(13)),
    };
}
