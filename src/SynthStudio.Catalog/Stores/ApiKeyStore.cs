namespace SynthStudio.Catalog;

/// <summary>API keys, by their public id.</summary>
public sealed class ApiKeyStore
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal ApiKeyStore(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The key of this id, valid or not, with its owner; null when there is none.</summary>
    public async Task<(ApiKeyRecord Key, UserRecord Owner)?> FindAsync(string id, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var found = await context.ApiKeys.AsNoTracking().Where(k => k.Id == id)
            .Join(context.Users.AsNoTracking(), k => k.Owner, u => u.Name, (k, u) => new { Key = k, Owner = u })
            .FirstOrDefaultAsync(cancellation);
        return found is null ? null : (found.Key, found.Owner);
    }

    /// <summary>All keys of a user, newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyRecord>> ListAsync(string owner, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.ApiKeys.AsNoTracking().Where(k => k.Owner == owner)
            .OrderByDescending(k => k.CreateTime).ThenBy(k => k.Id).ToListAsync(cancellation);
    }

    /// <exception cref="AlreadyExistsException">The id is taken.</exception>
    public Task CreateAsync(ApiKeyRecord key, CancellationToken cancellation = default) => _contexts.InsertAsync(key, key.Id, cancellation);

    /// <summary>Revokes the key; the first revocation's time stays. False when there is no such key.</summary>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.ApiKeys.Where(k => k.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.RevokeTime, k => k.RevokeTime ?? now), cancellation) == 1;
    }

    /// <summary>Notes that the key was used, unless a use within the last minute is noted already.</summary>
    public async Task TouchAsync(string id, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var stale = now.AddMinutes(-1);
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await context.ApiKeys.Where(k => k.Id == id && (k.LastUseTime == null || k.LastUseTime < stale)).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.LastUseTime, now), cancellation);
    }
}
