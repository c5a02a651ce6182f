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
}
