namespace SynthStudio.Catalog;

/// <summary>Users.</summary>
public sealed class UserStore
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal UserStore(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The user of this name; null when there is none.</summary>
    public async Task<UserRecord?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Name == name, cancellation);
    }

    /// <summary>All users, newest first.</summary>
    public async Task<Page<UserRecord>> ListAsync(PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Users.AsNoTracking().PageAsync(page, cancellation);
    }

    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public Task CreateAsync(UserRecord user, CancellationToken cancellation = default) => _contexts.InsertAsync(user, user.Name, cancellation);

    /// <summary>Changes display name, role and whether it is disabled. False when there is no such user.</summary>
    public async Task<bool> UpdateAsync(UserRecord user, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Users.Where(u => u.Name == user.Name).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.DisplayName, user.DisplayName)
                .SetProperty(u => u.Role, user.Role)
                .SetProperty(u => u.Disabled, user.Disabled),
            cancellation) == 1;
    }
}
