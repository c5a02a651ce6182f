using System.Data.Common;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog;

/// <summary>A kind of resources that are hidden for a while when they were deleted: every read leaves them out that does not say otherwise.</summary>
public abstract class DeletableStore<T> : ResourceStore<T> where T : class, IResourceRecord, IDeletable
{
    private protected DeletableStore(IDbContextFactory<CatalogContext> contexts) : base(contexts)
    {
    }

    /// <summary>The resource of this name, deleted or not; null when there is none.</summary>
    public async Task<T?> FindAnyAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().AsNoTracking().FirstOrDefaultAsync(r => r.Name == name, cancellation);
    }

    /// <summary>The resources of a project, deleted or not, newest first.</summary>
    public async Task<Page<T>> ListAnyAsync(string project, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().AsNoTracking().Where(r => r.Project == project).PageAsync(page, cancellation);
    }

    /// <summary>Replaces a resource to which something happens that webhooks are told of.</summary>
    /// <param name="change">What happens.</param>
    /// <param name="resource">As it shall be, with the version as it was read.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="VersionConflictException">It has changed since, or is gone.</exception>
    public Task<T> UpdateAsync(ResourceChange change, T resource, DateTimeOffset now, CancellationToken cancellation = default) =>
        UpdateAsync(resource, (connection, next) => TellAsync(connection, change, next, now, cancellation), cancellation);

    /// <summary>Removes a resource for good, deleted before or not, and tells webhooks. May be repeated.</summary>
    public async Task PurgeAsync(string name, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var rows = context.Set<T>().IgnoreQueryFilters().AsNoTracking().Where(r => r.Name == name);
        if (await rows.FirstOrDefaultAsync(cancellation) is not { } last || await rows.ExecuteDeleteAsync(cancellation) == 0) return;
        await WebhookOutbox.NoteAsync(context.Database.GetDbConnection(), WebhookEvent.Of(Kind, ResourceChange.Purged, Told(last), now), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Begins to remove something deleted for good: from then on it does not come back. May be repeated. False when it is not deleted.</summary>
    public async Task<bool> BeginPurgeAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().Where(r => r.Name == name && r.DeleteTime != null).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.PurgeTime, DateTimeOffset.UnixEpoch).SetProperty(r => r.Version, r => r.Version + 1), cancellation) == 1;
    }

    /// <summary>Names of those whose time to go for good has come.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().IgnoreQueryFilters().Where(r => r.PurgeTime <= now).OrderBy(r => r.Name).Select(r => r.Name).ToListAsync(cancellation);
    }

    /// <summary>Notes for webhooks what happened to a resource, in the transaction by which it happens.</summary>
    private protected Task TellAsync(DbConnection connection, ResourceChange change, T resource, DateTimeOffset now, CancellationToken cancellation) =>
        WebhookOutbox.NoteAsync(connection, WebhookEvent.Of(Kind, change, Told(resource), now), cancellation);

    private protected abstract ResourceKind Kind { get; }

    /// <summary>What events tell of a resource.</summary>
    private protected abstract ChangedResource Told(T resource);
}
