using System.Data.Common;

namespace SynthStudio.Catalog;

internal static class CatalogQueries
{
    /// <summary>A page of resources, newest first, by keyset: its cost does not grow with the page's number.</summary>
    public static async Task<Page<T>> PageAsync<T>(this IQueryable<T> rows, PageRequest request, CancellationToken cancellation)
        where T : class, IListedRecord
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Size);
        if (request.After is { } after)
        {
            var (time, name) = after;
            rows = rows.Where(r => r.CreateTime < time || (r.CreateTime == time && string.Compare(r.Name, name) < 0));
        }

        var items = await rows.OrderByDescending(r => r.CreateTime).ThenByDescending(r => r.Name)
            .Take(request.Size + 1).ToListAsync(cancellation);
        return Page.Of(items, request.Size);
    }

    /// <summary>Inserts a row.</summary>
    /// <exception cref="AlreadyExistsException">Its key is taken.</exception>
    public static async Task InsertAsync<T>(this IDbContextFactory<CatalogContext> contexts, T row, string name, CancellationToken cancellation)
        where T : class
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        context.Add(row);
        await context.SaveNewAsync(name, cancellation);
    }

    /// <summary>Saves what was added, all or none.</summary>
    /// <exception cref="AlreadyExistsException">A key is taken.</exception>
    public static async Task SaveNewAsync(this CatalogContext context, string name, CancellationToken cancellation)
    {
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.InnerException is DbException inner && SqlErrors.IsUniqueViolation(inner))
        {
            throw new AlreadyExistsException(name, e);
        }
    }
}
