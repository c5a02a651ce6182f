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

    private const string Enqueue = $"""
        INSERT INTO work_queue ({Columns})
        VALUES (@job, @kind, @owner, @project, @priority, @accelerator, @memory, @enqueued, @notBefore, @epoch, NULL, NULL, @acceleratorMemory)
        ON CONFLICT (job) DO UPDATE SET
            priority = excluded.priority, accelerator = excluded.accelerator, memory_bytes = excluded.memory_bytes,
            accelerator_memory_bytes = excluded.accelerator_memory_bytes, not_before = excluded.not_before,
            epoch = CASE WHEN excluded.epoch > work_queue.epoch THEN excluded.epoch ELSE work_queue.epoch END, holder = NULL, expire_time = NULL
        WHERE work_queue.holder IS NULL OR work_queue.expire_time <= {Now}
        """;

    private const string Acquire = $"""
        UPDATE work_queue SET epoch = epoch + 1, holder = @silo, expire_time = {Now} + @duration
        WHERE job = @job AND holder IS NULL RETURNING epoch
        """;

    private const string Renew = $"""
        UPDATE work_queue SET expire_time = {Now} + @duration WHERE job = @job AND epoch = @epoch AND holder = @silo
        """;

    private const string Release = "DELETE FROM work_queue WHERE job = @job AND epoch = @epoch AND holder IS NOT NULL";

    private const string Withdraw = "DELETE FROM work_queue WHERE job = @job AND holder IS NULL";

    private const string ListHeld = $"SELECT {Columns} FROM work_queue WHERE holder IS NOT NULL AND (expire_time <= {Now} OR holder IN ";

    private const string End = "UPDATE work_queue SET holder = NULL, expire_time = NULL WHERE job = @job AND epoch = @epoch AND holder = @silo";

    public async Task EnqueueAsync(WorkItem item, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Command(
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
        return await connection.Command($"SELECT {Columns} FROM work_queue ORDER BY enqueue_time, job").ReadAsync(Map, cancellation);
    }

    public async Task<IReadOnlyList<LeaseEpoch?>> AcquireAsync(IReadOnlyList<LeaseWish> wishes, TimeSpan duration, CancellationToken cancellation)
    {
        var given = new LeaseEpoch?[wishes.Count];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (wish, index) in InOneOrder(wishes.Select((wish, index) => (wish, index)), w => w.wish.Job))
        {
            var epochs = await connection.Command(Acquire, ("@job", wish.Job), ("@silo", wish.Silo), ("@duration", Microseconds.From(duration)))
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
        return await connection.Command(Release, ("@job", job), ("@epoch", epoch.Value)).ExecuteAsync(cancellation) == 1;
    }

    public async Task<bool> WithdrawAsync(string job, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(Withdraw, ("@job", job)).ExecuteAsync(cancellation) == 1;
    }

    public async Task<IReadOnlyList<QueuedWork>> ExpireAsync(IReadOnlyCollection<string> deadSilos, CancellationToken cancellation)
    {
        var names = deadSilos.Select((silo, i) => (Name: $"@dead{i}", Value: (object?)silo)).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ended = await connection.Command(
            $"{ListHeld} ({string.Join(", ", names.Select(n => n.Name).Prepend("NULL"))})) ORDER BY job {SqlDialect.ForUpdate}", names)
            .ReadAsync(Map, cancellation);
        foreach (var work in ended)
        {
            await connection.Command(End, ("@job", work.Item.Job), ("@epoch", work.Item.Epoch.Value), ("@silo", work.Holder))
                .ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return ended;
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
        row.IsDBNull(11) ? null : Microseconds.ToTime(row.GetInt64(11)));
}
