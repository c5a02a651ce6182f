using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>The common shape of list calls.</summary>
internal static class Lists
{
    /// <summary>Reads a page and seals the token of the next.</summary>
    /// <param name="tokens">Opens and seals page tokens.</param>
    /// <param name="context">The call; its method is part of the query.</param>
    /// <param name="query">Parent and filters as text.</param>
    /// <param name="size">As sent.</param>
    /// <param name="token">As sent.</param>
    /// <param name="read">Reads from the catalog.</param>
    public static async Task<(IReadOnlyList<T> Items, string Next)> ReadAsync<T>(
        this PageTokens tokens, ServerCallContext context, string query, int size, string token, Func<PageRequest, Task<Page<T>>> read)
    {
        query = $"{context.Method}\n{query}";
        var page = await read(await tokens.OpenAsync(size, token, query, context.CancellationToken));
        return (page.Items, await tokens.SealAsync(page.Next, query, context.CancellationToken));
    }

    /// <summary>A page of a list that is short enough to be read whole. The entry that the last page ended with need not be there any more.</summary>
    /// <param name="all">The list: newest first, entries of the same time by name.</param>
    /// <param name="page">Where to start and how many.</param>
    /// <param name="placeOf">The place of an entry. A list by name alone has all at the same time.</param>
    public static Page<T> PageOf<T>(IReadOnlyList<T> all, PageRequest page, Func<T, PageCursor> placeOf)
    {
        var start = page.After is { } after ? all.TakeWhile(entry => !IsAfter(placeOf(entry), after)).Count() : 0;
        var items = all.Skip(start).Take(page.Size).ToList();
        return new Page<T>(items, start + items.Count < all.Count ? placeOf(items[^1]) : null);
    }

    private static bool IsAfter(PageCursor place, PageCursor other) => place.CreateTime < other.CreateTime
        || (place.CreateTime == other.CreateTime && string.CompareOrdinal(place.Name, other.Name) > 0);
}
