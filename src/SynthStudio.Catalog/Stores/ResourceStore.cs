using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Reads and writes one kind of resource that lives in projects. Every update is conditional on the version that was read.</summary>
public abstract class ResourceStore<T> where T : class, IResourceRecord
{
    private protected ResourceStore(IDbContextFactory<CatalogContext> contexts) => Contexts = contexts;

    private protected IDbContextFactory<CatalogContext> Contexts { get; }

    /// <summary>The resource of this name; null when there is none.</summary>
    public async Task<T?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().AsNoTracking().FirstOrDefaultAsync(r => r.Name == name, cancellation);
    }

    /// <summary>Those of these names that there are, by name.</summary>
    public async Task<IReadOnlyDictionary<string, T>> FindManyAsync(IReadOnlyCollection<string> names, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().AsNoTracking().Where(r => names.Contains(r.Name)).ToDictionaryAsync(r => r.Name, cancellation);
    }

    /// <summary>The resources of a project, newest first.</summary>
    public async Task<Page<T>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        return await context.Set<T>().AsNoTracking().Where(r => r.Project == project).PageAsync(page, cancellation);
    }

    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public virtual Task CreateAsync(T resource, CancellationToken cancellation = default) => Contexts.InsertAsync(resource, resource.Name, cancellation);

    /// <summary>Replaces the resource and answers it with its new version.</summary>
    /// <param name="resource">As it shall be, with the version as it was read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="VersionConflictException">It has changed since, or is gone.</exception>
    public Task<T> UpdateAsync(T resource, CancellationToken cancellation = default) => UpdateAsync(resource, note: null, cancellation);

    /// <summary>The same, and notes in the same transaction what that means: neither is there without the other.</summary>
    private protected async Task<T> UpdateAsync(T resource, Func<DbConnection, T, Task>? note, CancellationToken cancellation)
    {
        var next = WithVersion(resource, resource.Version + 1);
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        await using var transaction = note is null ? null : await context.Database.BeginTransactionAsync(cancellation);
        var entry = context.Update(next);
        entry.Property(r => r.Version).OriginalValue = resource.Version;
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new VersionConflictException(resource.Name, resource.Version);
        }

        if (note is not null) await note(context.Database.GetDbConnection(), next);
        if (transaction is not null) await transaction.CommitAsync(cancellation);
        return next;
    }

    /// <summary>Removes the resource for good, also one that is hidden; with a version, only when it is the newest. False when there is none.</summary>
    /// <exception cref="VersionConflictException">It has another version.</exception>
    public async Task<bool> DeleteAsync(string name, long? version = null, CancellationToken cancellation = default)
    {
        await using var context = await Contexts.CreateDbContextAsync(cancellation);
        var rows = context.Set<T>().IgnoreQueryFilters().Where(r => r.Name == name);
        if (version is not { } expected) return await rows.ExecuteDeleteAsync(cancellation) > 0;
        if (await rows.Where(r => r.Version == expected).ExecuteDeleteAsync(cancellation) > 0) return true;
        return await rows.AnyAsync(cancellation) ? throw new VersionConflictException(name, expected) : false;
    }

    private protected abstract T WithVersion(T resource, long version);
}
