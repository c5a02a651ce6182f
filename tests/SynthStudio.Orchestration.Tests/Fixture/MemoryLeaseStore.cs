namespace SynthStudio.Orchestration.Tests;

/// <summary>A queue that outlives the clusters of a test.</summary>
/// <param name="time">The store's own clock.</param>
public sealed class MemoryLeaseStore(TimeProvider time) : ILeaseStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, QueuedWork> rows = [];

    private DateTimeOffset Now => time.GetUtcNow();

    public Task EnqueueAsync(WorkItem item, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!rows.TryGetValue(item.Job, out var row))
            {
                rows[item.Job] = new(item, null, null);
            }
            else if (row.Holder is null || row.ExpireTime <= Now)
            {
                var epoch = item.Epoch < row.Item.Epoch ? row.Item.Epoch : item.Epoch;
                rows[item.Job] = new(item with { Epoch = epoch, EnqueueTime = row.Item.EnqueueTime }, null, null);
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueuedWork>> ListAsync(CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult<IReadOnlyList<QueuedWork>>([.. rows.Values]);
    }

    public Task<IReadOnlyList<LeaseEpoch?>> AcquireAsync(IReadOnlyList<LeaseWish> wishes, TimeSpan duration, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult<IReadOnlyList<LeaseEpoch?>>([.. wishes.Select(Give)]);

        LeaseEpoch? Give(LeaseWish wish)
        {
            if (!rows.TryGetValue(wish.Job, out var row) || row.Holder is not null) return null;

            var epoch = row.Item.Epoch.Next;
            rows[wish.Job] = new(row.Item with { Epoch = epoch }, wish.Silo, Now + duration);
            return epoch;
        }
    }

    public Task<IReadOnlyList<HeldLease>> RenewAsync(
        string silo, IReadOnlyList<HeldLease> leases, TimeSpan duration, CancellationToken cancellation)
    {
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
        lock (gate) return Task.FromResult(rows.TryGetValue(job, out var row) && row.Holder is not null && row.Item.Epoch == epoch && rows.Remove(job));
    }

    public Task<bool> WithdrawAsync(string job, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(rows.TryGetValue(job, out var row) && row.Holder is null && rows.Remove(job));
    }

    public Task<IReadOnlyList<QueuedWork>> ExpireAsync(IReadOnlyCollection<string> deadSilos, CancellationToken cancellation)
    {
        lock (gate)
        {
            var ended = rows.Values.Where(r => r.Holder is not null && (r.ExpireTime <= Now || deadSilos.Contains(r.Holder))).ToList();
            foreach (var row in ended) rows[row.Item.Job] = new(row.Item, null, null);
            return Task.FromResult<IReadOnlyList<QueuedWork>>(ended);
        }
    }
}
