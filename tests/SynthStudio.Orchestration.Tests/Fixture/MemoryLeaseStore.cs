namespace SynthStudio.Orchestration.Tests;

/// <summary>A queue that outlives the clusters of a test.</summary>
/// <param name="time">The store's own clock.</param>
public sealed class MemoryLeaseStore(TimeProvider time) : ILeaseStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, QueuedWork> rows = [];
    private readonly Dictionary<string, DateTimeOffset> onAccelerator = [];
    private readonly List<(string Project, DateTimeOffset End, TimeSpan Time)> ended = [];

    /// <summary>It does not answer, as a database in an outage.</summary>
    public bool IsAway { get; set; }

    /// <summary>Renewals fail, all else is done.</summary>
    public bool RefusesRenewals { get; set; }

    /// <summary>How many of the next leases are given back and nobody is told.</summary>
    public int LostReleases { get; set; }

    /// <summary>Happens after the queue was read and before its reader has it.</summary>
    public Func<Task>? WhileListed { get; set; }

    /// <summary>Happens after leases were given and before who asked for them knows.</summary>
    public Func<Task>? WhileAcquired { get; set; }

    /// <summary>How often jobs were enqueued.</summary>
    public int Enqueued { get; private set; }

    private DateTimeOffset Now => time.GetUtcNow();

    public Task EnqueueAsync(WorkItem item, CancellationToken cancellation)
    {
        lock (gate)
        {
            Enqueued++;
            if (!rows.TryGetValue(item.Job, out var row))
            {
                rows[item.Job] = new(item, null, null);
            }
            else if (row.Holder is null || row.ExpireTime <= Now)
            {
                if (row.Holder is not null) End(row);
                var epoch = item.Epoch < row.Item.Epoch ? row.Item.Epoch : item.Epoch;
                rows[item.Job] = new(item with { Epoch = epoch, EnqueueTime = row.Item.EnqueueTime }, null, null);
            }
        }

        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<QueuedWork>> ListAsync(CancellationToken cancellation)
    {
        if (IsAway) throw new StoreUnavailableException("away");
        List<QueuedWork> listed;
        lock (gate) listed = [.. rows.Values.Select(row => row with { OnAccelerator = OnAccelerator(row) })];
        if (WhileListed is { } happen) await happen();
        return listed;
    }

    public Task<int> CountWaitingAsync(string project, int most, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(rows.Values.Where(row => row.Item.Project == project && row.Holder is null).Take(most).Count());
    }

    public async Task<IReadOnlyList<LeaseEpoch?>> AcquireAsync(IReadOnlyList<LeaseWish> wishes, TimeSpan duration, CancellationToken cancellation)
    {
        List<LeaseEpoch?> given;
        lock (gate) given = [.. wishes.Select(Give)];
        if (WhileAcquired is { } happen) await happen();
        return given;

        LeaseEpoch? Give(LeaseWish wish)
        {
            if (!rows.TryGetValue(wish.Job, out var row) || row.Holder is not null) return null;

            var epoch = row.Item.Epoch.Next;
            if (wish.OnAccelerator) onAccelerator[wish.Job] = Now;
            rows[wish.Job] = new(row.Item with { Epoch = epoch }, wish.Silo, Now + duration);
            return epoch;
        }
    }

    public Task<IReadOnlyList<HeldLease>> RenewAsync(
        string silo, IReadOnlyList<HeldLease> leases, TimeSpan duration, CancellationToken cancellation)
    {
        if (IsAway || RefusesRenewals) throw new StoreUnavailableException("away");
        lock (gate)
        {
            var lost = new List<HeldLease>();
            foreach (var lease in leases)
            {
                if (rows.TryGetValue(lease.Job, out var row) && row.Holder == silo && row.Item.Epoch == lease.Epoch)
                {
                    rows[lease.Job] = row with { ExpireTime = Now + duration };
                }
                else
                {
                    lost.Add(lease);
                }
            }

            return Task.FromResult<IReadOnlyList<HeldLease>>(lost);
        }
    }

    public Task<bool> ReleaseAsync(string job, LeaseEpoch epoch, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!rows.TryGetValue(job, out var row) || row.Holder is null || row.Item.Epoch != epoch) return Task.FromResult(false);
            End(row);
            rows.Remove(job);
            if (LostReleases == 0) return Task.FromResult(true);

            LostReleases--;
            throw new StoreUnavailableException("It went away before it answered.");
        }
    }

    public Task<bool> WithdrawAsync(string job, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(rows.TryGetValue(job, out var row) && row.Holder is null && rows.Remove(job));
    }

    public Task<IReadOnlyList<QueuedWork>> ExpireAsync(IReadOnlyCollection<string> deadSilos, bool overdue, CancellationToken cancellation)
    {
        lock (gate)
        {
            var lost = rows.Values.Where(r => r.Holder is not null && ((overdue && r.ExpireTime <= Now) || deadSilos.Contains(r.Holder))).ToList();
            foreach (var row in lost)
            {
                End(row);
                rows[row.Item.Job] = new(row.Item, null, null);
            }

            return Task.FromResult<IReadOnlyList<QueuedWork>>(lost);
        }
    }

    public Task<IReadOnlyDictionary<string, TimeSpan>> AcceleratorTimeAsync(DateTimeOffset month, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, TimeSpan>>(
                ended.Where(lease => lease.End >= month && lease.End < month.AddMonths(1)).Select(lease => (lease.Project, lease.Time))
                    .Concat(rows.Values.Select(row => (row.Item.Project, Time: OnAccelerator(row))))
                    .GroupBy(lease => lease.Project).ToDictionary(p => p.Key, p => p.Aggregate(TimeSpan.Zero, (sum, lease) => sum + lease.Time)));
        }
    }

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation) =>
        IsAway ? throw new StoreUnavailableException("away") : Task.FromResult(Now);

    private TimeSpan OnAccelerator(QueuedWork row) => row.ExpireTime is { } expires && onAccelerator.TryGetValue(row.Item.Job, out var since)
        ? (expires < Now ? expires : Now) - since
        : TimeSpan.Zero;

    private void End(QueuedWork lease)
    {
        ended.Add((lease.Item.Project, Now, OnAccelerator(lease)));
        onAccelerator.Remove(lease.Item.Job);
    }
}
